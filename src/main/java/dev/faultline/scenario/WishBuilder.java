package dev.faultline.scenario;

import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.View;
import dev.faultline.scenario.WishYaml.Wish;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.world.Parties;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes expectations of the whole run of what a scenario wishes for. */
final class WishBuilder {

  private final PartyNames parties;
  private final GuestMemory memory;
  private final Optional<Answers> answers;

  /**
   * A builder.
   *
   * @param answers what expected errnos are checked against; empty if they are not checked
   */
  WishBuilder(PartyNames parties, GuestMemory memory, Optional<Answers> answers) {
    this.parties = parties;
    this.memory = memory;
    this.answers = answers;
  }

  /** The expectations; those that make no sense are left out, with a problem. */
  List<Expectation> expectations(List<Wish> wishes) {
    List<Expectation> expectations = new ArrayList<>();
    for (Wish wish : wishes) {
      switch (wish) {
        case Wish.Refused refused -> refusal(refused).ifPresent(expectations::add);
        case Wish.Finally(Map<Located<GfnRange>, View> views) -> expectations.add(views(views));
        case Wish.Breaks(String property) -> expectations.add(new Expectation.Breaks(property, 0));
      }
    }
    return expectations;
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
