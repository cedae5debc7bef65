package dev.faultline.scenario;

import dev.faultline.property.Properties;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.View;
import dev.faultline.scenario.WishYaml.Wish;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Nearest;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.world.Parties;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes expectations of the whole run of what a scenario wishes for. */
final class WishBuilder {

  private final PartyNames parties;
  private final GuestMemory memory;
  private final List<String> promises;
  private final Optional<Answers> answers;
  private final Problems problems;

  /**
   * A builder.
   *
   * @param promises names of what the scenario promises of itself
   * @param answers what expected errnos are checked against; empty if they are not checked
   */
  WishBuilder(
      PartyNames parties,
      GuestMemory memory,
      List<String> promises,
      Optional<Answers> answers,
      Problems problems) {
    this.parties = parties;
    this.memory = memory;
    this.answers = answers;
    this.promises = promises;
    this.problems = problems;
  }

  /** The expectations; those that make no sense are left out, with a problem. */
  List<Expectation> expectations(List<Wish> wishes) {
    List<Expectation> expectations = new ArrayList<>();
    for (Wish wish : wishes) {
      switch (wish) {
        case Wish.Refused refused -> refusal(refused).ifPresent(expectations::add);
        case Wish.Finally(Map<Located<GfnRange>, View> views) -> expectations.add(views(views));
        case Wish.Breaks(Located<String> property) -> breaks(property).ifPresent(expectations::add);
      }
    }
    return expectations;
  }

  private Optional<Expectation> breaks(Located<String> property) {
    List<String> known = new ArrayList<>(Properties.names());
    known.addAll(promises);
    if (!known.contains(property.value())) {
      problems.add(
          property.at(),
          "unknown property \"" + property.value() + "\"" + Nearest.hint(property.value(), known));
      return Optional.empty();
    }
    return Optional.of(new Expectation.Breaks(property.value(), 0));
  }

  private Optional<Expectation> refusal(Wish.Refused refused) {
    Optional<PartyId> by = parties.named(refused.by());
    Optional<PartyId> heldBy = refused.heldBy().flatMap(parties::named);
    boolean whole = by.isPresent() && (refused.heldBy().isEmpty() || heldBy.isPresent());
    if (refused.at().isPresent()) {
      whole &= memory.has(refused.at().get().value(), refused.at().get().at());
    }
    if (answers.isPresent() && by.isPresent() && by.get().equals(Parties.GMEM)) {
      whole &= answers.get().checkRefusal(refused.errno());
    }
    return whole
        ? Optional.of(
            new Expectation.Refused(
                by.get(),
                refused.errno().value(),
                refused.at().map(page -> page.value().start()),
                heldBy,
                refused.by().at().line()))
        : Optional.empty();
  }

  private Expectation views(Map<Located<GfnRange>, View> views) {
    List<Expectation.Wanted> wanted = new ArrayList<>();
    views.forEach(
        (range, view) -> {
          if (memory.has(range.value(), range.at())) {
            wanted.add(new Expectation.Wanted(range.value(), view));
          }
        });
    int line = views.keySet().stream().findFirst().map(range -> range.at().line()).orElse(0);
    return new Expectation.Finally(wanted, line);
  }
}
