package dev.faultline.scenario;

import dev.faultline.explore.Verdict;
import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.property.EveryRequestIsAnswered;
import dev.faultline.property.Properties;
import dev.faultline.property.expression.Promise;
import dev.faultline.scenario.RecordedScenario.Labelled;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.world.ChannelFull;
import dev.faultline.world.Schedule;
import dev.faultline.world.Step;
import dev.faultline.world.StepText;
import dev.faultline.world.WorldSetup;
import java.util.List;
import java.util.Optional;

/**
 * Reads the text of a recorded scenario again and runs it on the pure rig: whether it takes the
 * same steps to the same end, and that end is what was found.
 *
 * @param written what the text is of
 * @param library where the designs are that the text names
 */
public record RecordedCheck(RecordedScenario written, Library library) {

  /**
   * Why the text does not do what it says; empty if it does.
   *
   * @param text as {@link RecordedScenario#text} gives it
   * @param verdict that the steps are the way to
   */
  public Optional<String> mistake(String text, Verdict verdict) {
    Problems problems = new Problems();
    String name = written.scenario().name();
    Optional<Scenario> loaded =
        ScenarioLoader.load(
            new Library.Written(name, text, library),
            name,
            ScenarioLoader.Overrides.NONE,
            problems);
    if (loaded.isEmpty()) {
      return Optional.of("what was written cannot be read: " + problems.render().strip());
    }
    Scenario scenario = loaded.get();
    if (!sameDesigns(scenario.setup(), written.scenario().setup())) {
      return Optional.of("what was written is of another design than what was explored");
    }
    Optional<Scenario> brought = ScenarioLoader.fromSources(scenario.sources(), problems);
    if (brought
        .filter(again -> again.setup().equals(scenario.setup()))
        .filter(again -> again.sources().equals(scenario.sources()))
        .isEmpty()) {
      return Optional.of(
          "a journal of what was written would be read as another scenario: "
              + problems.render().strip());
    }
    return steps(scenario, verdict);
  }

  private static boolean sameDesigns(WorldSetup one, WorldSetup other) {
    return one.mode().equals(other.mode())
        && one.revision().equals(other.revision())
        && one.vmm().equals(other.vmm())
        && one.guest().equals(other.guest());
  }

  private Optional<String> steps(Scenario scenario, Verdict verdict) {
    Run known = Run.start(written.scenario(), new Schedule.Fifo());
    Run again = Run.start(scenario, scenario.ownSchedule());
    for (Labelled labelled : written.steps()) {
      Optional<Step> next = again.next();
      if (!next.equals(Optional.of(labelled.step()))) {
        String why = RecordedEnd.impossible(again).orElse("its steps are over");
        return Optional.of("what was written takes another way: " + why);
      }
      try {
        Run.Taken first = known.take(labelled.step());
        Run.Taken second = again.take(labelled.step());
        if (!same(first.entry(), second.entry())) {
          return Optional.of(
              "what was written does something else at step "
                  + second.entry().step()
                  + ", "
                  + StepText.of(labelled.step()));
        }
        known = first.after();
        again = second.after();
      } catch (ChannelFull full) {
        return Optional.of("a step cannot be taken: " + full.getMessage());
      }
    }
    List<String> failures = again.failures();
    if (!again.isRecordedEnd() || !failures.isEmpty()) {
      return Optional.of(
          "what was written does not end as it says: " + String.join("; ", failures));
    }
    return isFound(again, verdict)
        ? Optional.empty()
        : Optional.of("the steps do not lead to what was found");
  }

  /** Whether two entries say the same; they may have been started by lines of different files. */
  private static boolean same(StepTaken one, StepTaken other) {
    return one.equals(
        new StepTaken(
            other.step(),
            other.taken(),
            other.party(),
            other.id(),
            other.message(),
            other.events(),
            other.sends(),
            other.outcome(),
            other.properties(),
            one.at()));
  }

  private boolean isFound(Run end, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Broken(String property, var _, var _) ->
          Long.valueOf(written.steps().size()).equals(end.firstBroken().get(property))
              || written.steps().isEmpty() && end.monitor().broken().containsKey(property)
              || end.isAtRest()
                  && end.notReached().stream().map(Promise::name).anyMatch(property::equals);
      case Verdict.Stuck _ ->
          (end.isAtRest() || written.loopsFrom().isPresent())
              && !EveryRequestIsAnswered.unanswered(end.world()).isEmpty();
      case Verdict.Never(var lasso) ->
          (end.isAtRest() || written.loopsFrom().isPresent())
              && (end.notReached().stream().map(Promise::name).anyMatch(lasso.property()::equals)
                  || lasso.property().equals(Properties.EVENTUALLY)
                      && !EveryRequestIsAnswered.unanswered(end.world()).isEmpty());
      // That it is so after the last step is an expectation of the text.
      case Verdict.Found(String name, var _, var _) -> written.found().equals(Optional.of(name));
      case Verdict.Holds _, Verdict.Bounded _, Verdict.Sampled _, Verdict.Vacuous _ ->
          written.steps().isEmpty();
    };
  }
}
