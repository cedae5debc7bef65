package dev.faultline.scenario;

import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.journal.JournalEntry.WorldEnded;
import dev.faultline.journal.JournalEntry.WorldStarted;
import dev.faultline.journal.RecordedRun;
import dev.faultline.journal.Source;
import dev.faultline.world.ChannelFull;
import dev.faultline.world.Schedule;
import dev.faultline.world.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
     * Decided otherwise now. What differs is a member with both versions, a line each, or why the
     * step cannot be taken now.
     */
    sealed interface Diverged extends Verdict {
      List<String> because();
    }

    /** The first entry is another: what the run was made from is not what it says. */
    record StartsOtherwise(List<String> because) implements Diverged {
      public StartsOtherwise {
        because = List.copyOf(because);
      }
    }

    /** The first step whose entry differs. */
    record Differs(StepTaken journal, List<String> because) implements Diverged {
      public Differs {
        because = List.copyOf(because);
      }
    }

    /** All steps are the same, and the last entry is another. */
    record EndsOtherwise(List<String> because) implements Diverged {
      public EndsOtherwise {
        because = List.copyOf(because);
      }
    }
  }

  /**
   * The schedule of a journal.
   *
   * @param scenario the one that it brought along
   */
  public static Schedule schedule(Scenario scenario, WorldStarted started) {
    return switch (started.schedule()) {
      case "random" -> new Schedule.Random(started.seed());
      case "recorded" -> scenario.schedule(Scenario.ScheduleKind.RECORDED, started.seed());
      default -> new Schedule.Fifo();
    };
  }

  /**
   * Replays a journal.
   *
   * @param scenario the one that the journal brought along
   */
  public static Verdict of(Scenario scenario, RecordedRun recorded) {
    WorldStarted first = recorded.started();
    Run run = Run.start(scenario, schedule(scenario, first));
    // Under the others nobody can give a seed, so it is the scenario's.
    boolean seeded = run.schedule() instanceof Schedule.Random;
    WorldStarted started = run.started(seeded ? first.seed() : scenario.seed());
    if (!started.equals(first)) {
      return new Verdict.StartsOtherwise(differences(first, started));
    }
    for (StepTaken entry : recorded.steps()) {
      Optional<String> impossible = impossible(run, entry.taken());
      if (impossible.isPresent()) {
        return new Verdict.Differs(entry, List.of(impossible.get()));
      }
      Run.Taken now;
      try {
        now = run.take(entry.taken());
      } catch (ChannelFull full) {
        return new Verdict.Differs(
            entry, List.of("the step cannot be taken now: " + full.getMessage()));
      }
      if (!now.entry().equals(entry)) {
        return new Verdict.Differs(entry, differences(entry, now.entry()));
      }
      run = now.after();
    }
    return recorded.end().isPresent()
        ? end(run, recorded.end().get())
        : new Verdict.Identical(run, false);
  }

  private static Verdict end(Run run, WorldEnded end) {
    if (run.next().isPresent() && run.channelFull().isEmpty()) {
      long steps = run.agenda().step();
      List<String> differences = new ArrayList<>();
      compare(differences, "end", "after step " + steps, "step " + (steps + 1) + " can be taken");
      return new Verdict.EndsOtherwise(differences);
    }
    WorldEnded now = run.ended();
    return end.equals(now)
        ? new Verdict.Identical(run, true)
        : new Verdict.EndsOtherwise(differences(end, now));
  }

  /** Why a step is not the one that is taken now; empty if it is. */
  private static Optional<String> impossible(Run run, Step step) {
    if (run.agenda().enabled().stream().noneMatch(known -> known.step().equals(step))) {
      return Optional.of("the step cannot be taken now: " + possible(run));
    }
    Optional<Step> next = run.next();
    if (next.isEmpty()) {
      return Optional.of(
          "the schedule takes no step here: "
              + RecordedEnd.impossible(run).orElse("its steps are over"));
    }
    List<String> differences = new ArrayList<>();
    compare(differences, "the schedule takes another step", step, next.get());
    return differences.stream().findFirst();
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

  private static List<String> differences(WorldStarted journal, WorldStarted now) {
    List<String> differences = new ArrayList<>();
    compare(differences, "format", journal.format(), now.format());
    compare(differences, "scenario", journal.scenario(), now.scenario());
    compare(differences, "schedule", journal.schedule(), now.schedule());
    compare(differences, "seed", journal.seed(), now.seed());
    compareLists(differences, "party", journal.parties(), now.parties());
    compareLists(differences, "source", named(journal.sources()), named(now.sources()));
    return differences;
  }

  private static List<String> named(List<Source> sources) {
    return sources.stream()
        .map(
            source ->
                source.kind().name().toLowerCase(Locale.ROOT)
                    + " "
                    + source.name()
                    + ", sha256 "
                    + source.sha256())
        .toList();
  }

  private static List<String> differences(WorldEnded journal, WorldEnded now) {
    List<String> differences = new ArrayList<>();
    compare(differences, "number", journal.step(), now.step());
    compare(differences, "steps", journal.steps(), now.steps());
    compare(differences, "as expected", journal.asExpected(), now.asExpected());
    compare(differences, "verdict", journal.verdict(), now.verdict());
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
