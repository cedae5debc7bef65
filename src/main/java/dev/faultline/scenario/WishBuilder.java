package dev.faultline.scenario;

import dev.faultline.property.Properties;
import dev.faultline.property.expression.Expression;
import dev.faultline.property.expression.Mistake;
import dev.faultline.property.expression.Parsed;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.View;
import dev.faultline.scenario.WishYaml.Wish;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Nearest;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.world.Parties;
import dev.faultline.world.WorldSetup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes expectations of the whole run of what a scenario wishes for. */
final class WishBuilder {

  private static final String NEEDS_STEPS =
      "needs a recorded schedule: write its steps under \"schedule\"";

  private final PartyNames parties;
  private final GuestMemory memory;
  private final List<String> promises;
  private final Optional<Answers> answers;
  private final int recordedSteps;
  private final Problems problems;

  /**
   * A builder.
   *
   * @param promises names of what the scenario promises of itself
   * @param answers what expected errnos are checked against; empty if they are not checked
   * @param recordedSteps how many steps the recorded schedule has; 0 if there is none
   */
  WishBuilder(
      PartyNames parties,
      GuestMemory memory,
      List<String> promises,
      Optional<Answers> answers,
      int recordedSteps,
      Problems problems) {
    this.parties = parties;
    this.memory = memory;
    this.answers = answers;
    this.recordedSteps = recordedSteps;
    this.promises = promises;
    this.problems = problems;
  }

  /** The expectations; those that make no sense are left out, with a problem. */
  List<Expectation> expectations(List<Located<Wish>> wishes) {
    List<Expectation> expectations = new ArrayList<>();
    for (Located<Wish> wish : wishes) {
      int line = wish.at().line();
      switch (wish.value()) {
        case Wish.Refused refused -> refusal(refused).ifPresent(expectations::add);
        case Wish.Finally(Map<Located<GfnRange>, View> views) -> expectations.add(views(views));
        case Wish.Breaks breaks -> {
          breaks.atStep().ifPresent(step -> isRecorded(step, recordedSteps));
          if (isKnown(breaks.property())) {
            expectations.add(
                new Expectation.Breaks(
                    breaks.property().value(), breaks.atStep().map(Located::value), line));
          }
        }
        case Wish.Found(Located<String> text) -> {
          // What it says is read once there is a world that it can speak of.
          if (recordedSteps == 0) {
            problems.add(text.at(), NEEDS_STEPS);
          }
        }
        case Wish.Stuck() -> expectations.add(new Expectation.Stuck(line));
        case Wish.LoopsFrom(Located<Long> step) -> {
          isRecorded(step, recordedSteps - 1);
          expectations.add(new Expectation.LoopsFrom(step.value(), line));
        }
      }
    }
    return expectations;
  }

  /** A step that is named has to be one of the recorded schedule. */
  private void isRecorded(Located<Long> step, int last) {
    if (recordedSteps == 0) {
      problems.add(step.at(), NEEDS_STEPS);
    } else if (step.value() > last) {
      problems.add(
          step.at(),
          "the recorded schedule has "
              + recordedSteps
              + " steps; expected at most "
              + last
              + ", found "
              + step.value());
    }
  }

  /** What is to be found, in words about a world. */
  List<Expectation> found(List<Located<Wish>> wishes, WorldSetup setup) {
    List<Expectation> expectations = new ArrayList<>();
    for (Located<Wish> wish : wishes) {
      if (wish.value() instanceof Wish.Found(Located<String> text)) {
        switch (Expression.parse(text.value(), setup)) {
          case Parsed.Right(Expression expression) ->
              expectations.add(new Expectation.Found(expression, wish.at().line()));
          case Parsed.Wrong(Mistake mistake) -> {
            int column = text.value().codePointCount(0, mistake.start());
            Position at = text.at();
            problems.add(
                new Position(at.file(), at.line(), at.column() + column),
                ExpressionText.told(mistake));
          }
        }
      }
    }
    return expectations;
  }

  /** Whether there is a property, or a promise of the scenario, of that name. */
  private boolean isKnown(Located<String> property) {
    List<String> known = new ArrayList<>(Properties.names());
    known.addAll(promises);
    if (!known.contains(property.value())) {
      problems.add(
          property.at(),
          "unknown property \"" + property.value() + "\"" + Nearest.hint(property.value(), known));
      return false;
    }
    return true;
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
