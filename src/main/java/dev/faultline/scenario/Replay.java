package dev.faultline.scenario;

import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.journal.RecordedRun;
import dev.faultline.world.ChannelFull;
import dev.faultline.world.Schedule;
import dev.faultline.world.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides every message of a journal again on the pure core, and compares entry by entry. */
public final class Replay {

  private Replay() {}

  /** How a replay ended. */
  public sealed interface Verdict {

    /**
     * All the same.
     *
     * @param run as of the last step
     * @param ended the journal's run had ended, and its verdict is the same
     */
    record Identical(Run run, boolean ended) implements Verdict {}

    /**
     * The first entry that differs.
     *
     * @param now what is decided now; empty if the step cannot be taken now
     */
    record Differs(StepTaken journal, Optional<StepTaken> now, List<String> because)
        implements Verdict {}

    /** All steps are the same, and the verdict at the end is another. */
    record EndsOtherwise(String journal, String now) implements Verdict {}
  }

  /**
   * Replays a journal.
   *
   * @param scenario the one that the journal brought along
   */
  public static Verdict of(Scenario scenario, RecordedRun recorded) {
    Schedule schedule =
        recorded.started().schedule().equals("random")
            ? new Schedule.Random(recorded.started().seed())
            : new Schedule.Fifo();
    Run run = Run.start(scenario, schedule);
    for (StepTaken entry : recorded.steps()) {
      if (run.agenda().enabled().stream().noneMatch(known -> known.step().equals(entry.taken()))) {
        return new Verdict.Differs(
            entry, Optional.empty(), List.of("the step cannot be taken now: " + possible(run)));
      }
      Run.Taken now;
      try {
        now = run.take(entry.taken());
      } catch (ChannelFull full) {
        return new Verdict.Differs(
            entry, Optional.empty(), List.of("the step cannot be taken now: " + full.getMessage()));
      }
      if (!now.entry().equals(entry)) {
        return new Verdict.Differs(
            entry, Optional.of(now.entry()), differences(entry, now.entry()));
      }
      run = now.after();
    }
    if (recorded.end().isPresent() && !recorded.end().get().equals(run.ended())) {
      return new Verdict.EndsOtherwise(recorded.end().get().verdict(), run.ended().verdict());
    }
    return new Verdict.Identical(run, recorded.end().isPresent());
  }

  private static String possible(Run run) {
    List<Step> steps = run.agenda().enabled().stream().map(known -> known.step()).toList();
    return steps.isEmpty() ? "nothing can" : "possible are " + steps;
  }

  private static List<String> differences(StepTaken journal, StepTaken now) {
    List<String> differences = new ArrayList<>();
    compare(differences, "party", journal.party(), now.party());
    compare(differences, "message", journal.message(), now.message());
    compare(differences, "message id", journal.id(), now.id());
    compareLists(differences, "event", journal.events(), now.events());
    compareLists(differences, "send", journal.sends(), now.sends());
    compare(differences, "outcome", journal.outcome(), now.outcome());
    compareLists(differences, "property", journal.properties(), now.properties());
    compare(differences, "scenario line", journal.at(), now.at());
    return differences;
  }

  private static void compare(List<String> differences, String what, Object journal, Object now) {
    if (!journal.equals(now)) {
      differences.add(what + "\n  journal   " + text(journal) + "\n  now       " + text(now));
    }
  }

  private static String text(Object value) {
    return value instanceof Optional<?> optional
        ? optional.map(Object::toString).orElse("-")
        : value.toString();
  }

  private static void compareLists(
      List<String> differences, String what, List<?> journal, List<?> now) {
    for (int index = 0; index < Math.max(journal.size(), now.size()); index++) {
      Object was = index < journal.size() ? journal.get(index) : "-";
      Object is = index < now.size() ? now.get(index) : "-";
      compare(differences, what + " " + (index + 1), was, is);
    }
  }
}
