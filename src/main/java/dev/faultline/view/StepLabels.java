package dev.faultline.view;

import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.Outcome;
import dev.faultline.protocol.Send;
import dev.faultline.protocol.design.Instruction;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.gmem.GmemState;
import dev.faultline.protocol.gmem.GmemTask;
import dev.faultline.protocol.kvm.KvmState;
import dev.faultline.protocol.kvm.KvmTask;
import dev.faultline.protocol.kvm.KvmWork;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.ToScript;
import dev.faultline.protocol.message.View;
import dev.faultline.scenario.RecordedScenario.Labelled;
import dev.faultline.scenario.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.world.Schedule;
import dev.faultline.world.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What steps do, each in a few words: "host-fault, map-page; map 512 in app". */
public final class StepLabels {

  private StepLabels() {}

  /**
   * The steps with their labels.
   *
   * @param steps from the first one; each can be taken after those before it
   */
  public static List<Labelled> of(Scenario scenario, List<Step> steps) {
    Notes notes = new Notes(scenario.setup().pageCount());
    List<Labelled> labelled = new ArrayList<>();
    Run run = Run.start(scenario, new Schedule.Fifo());
    for (Step step : steps) {
      Run.Taken taken = run.take(step);
      labelled.add(new Labelled(step, text(run, taken.entry(), notes)));
      run = taken.after();
    }
    return labelled;
  }

  private static String text(Run before, StepTaken entry, Notes notes) {
    List<String> words = new ArrayList<>();
    words.add(what(before, entry));
    if (entry.outcome() instanceof Outcome.Refused(var errno, String reason)) {
      words.add("REFUSED " + errno + ", " + reason);
    } else if (entry.outcome() instanceof Outcome.Signalled(String reason)) {
      words.add("SIGBUS, " + reason);
    }
    for (Event event : entry.events()) {
      notes
          .of(event)
          .filter(note -> words.stream().noneMatch(word -> word.contains(note)))
          .ifPresent(words::add);
    }
    for (Send send : entry.sends()) {
      if (send.message() instanceof ToScript.Answered(var result)) {
        words.add("= " + Words.result(result));
      }
    }
    entry
        .properties()
        .forEach(change -> words.add(change.property() + (change.broken() ? " BREAKS" : " holds")));
    return String.join("; ", words);
  }

  private static String what(Run before, StepTaken entry) {
    return switch (entry.taken()) {
      case Step.Tick _ -> entry.message().map(Words::message).orElse("what it waited for has come");
      case Step.Kill kill -> killed(kill);
      case Step.Deliver _ -> entry.message().map(Words::message).orElse("");
      case Step.Advance(PartyId party, TaskId task, int _) -> act(before, party, task);
    };
  }

  /** How a process dies: by a script, or because the scenario leaves that open. */
  public static String killed(Step.Kill kill) {
    return kill.by()
        .map(by -> "killed by " + by + "'s script")
        .orElse("dies, as it may any moment");
  }

  /** The act that a task of kernel code stands before. */
  private static String act(Run before, PartyId party, TaskId task) {
    Revision revision = before.scenario().setup().revision();
    return switch (before.world().state(party)) {
      case GmemState gmem ->
          gmem.findTask(task)
              .map(at -> operation(at) + instruction(revision, at.operation(), at.at()))
              .orElse("goes on");
      case KvmState kvm -> kvm.findTask(task).map(at -> act(revision, at)).orElse("goes on");
      default -> "task " + task + " goes on";
    };
  }

  private static String operation(GmemTask task) {
    return task.operation().word() + ", ";
  }

  private static String act(Revision revision, KvmTask task) {
    return switch (task.work()) {
      case KvmWork.GuestAccess _ ->
          "guest access, " + instruction(revision, Operation.GUEST_FAULT, task.at());
      case KvmWork.AttributeChange change ->
          "conversion, "
              + instruction(
                  revision,
                  change.target() == View.PRIVATE
                      ? Operation.CONVERT_TO_PRIVATE
                      : Operation.CONVERT_TO_SHARED,
                  task.at());
      case KvmWork.MapGpa _ -> "MapGPA goes on";
      case KvmWork.Invalidation _, KvmWork.InvalidationEnd _ -> "invalidation goes on";
    };
  }

  private static String instruction(Revision revision, Operation operation, int at) {
    return revision
        .find(operation)
        .filter(program -> at < program.instructions().size())
        .map(program -> word(program.at(at)))
        .orElse("goes on");
  }

  private static String word(Instruction instruction) {
    return switch (instruction) {
      case Instruction.Acquire(var lock, var mode) ->
          "lock " + lock.word() + " " + mode.name().toLowerCase(Locale.ROOT);
      case Instruction.Perform perform -> perform.act().word();
      case Instruction.Release(var lock) -> "unlock " + lock.word();
      case Instruction.Return() -> "return";
    };
  }
}
