package dev.faultline.view;

import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.journal.JournalEntry.WorldEnded;
import dev.faultline.journal.RecordedRun;
import dev.faultline.property.Monitor;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.Outcome;
import dev.faultline.protocol.Send;
import dev.faultline.protocol.gmem.GmemEvent;
import dev.faultline.protocol.gmem.GmemTask;
import dev.faultline.protocol.gmem.Work;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.message.GuestToKvm;
import dev.faultline.protocol.message.HostMemoryToGmem;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PageUserToGmem;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.protocol.message.ToScript;
import dev.faultline.scenario.Scenario;
import dev.faultline.world.HostUser;
import dev.faultline.world.Parties;
import dev.faultline.world.Script;
import dev.faultline.world.Step;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** A run as a ladder: parties as lanes, messages as arrows at the step that delivers them. */
public final class Ladder {

  private static final String LEGEND =
      """
      An arrow is a message, at the step that delivers it; == carries a no.
      * the party's script   # what it does   X a process dies   [memory]
      Steps that only carry others on are left out.
      """;

  private final Scenario scenario;
  private final RecordedRun recorded;
  private final Optional<Concern> only;
  private final Notes notes;
  private final Lanes lanes;
  private final List<String> rows = new ArrayList<>();
  private final long startCalls;
  private long startAnswers;
  private long startedAt;

  private Ladder(Scenario scenario, RecordedRun recorded, Optional<IndexRange> only) {
    long pageCount = scenario.setup().pageCount();
    this.scenario = scenario;
    this.recorded = recorded;
    this.only = only.map(pages -> new Concern(pages, pageCount));
    this.notes = new Notes(pageCount);
    this.lanes = Lanes.of(active(), recorded.steps().size());
    // The lines that a revision adds before the story stand in no file.
    this.startCalls =
        scenario.setup().scripts().stream()
            .filter(script -> script.party().equals(Parties.VMM))
            .map(Script::lines)
            .flatMap(List::stream)
            .filter(line -> line.line() == 0)
            .count();
  }

  /**
   * Draws a journal, with a page map below.
   *
   * @param only steps that concern these pages; without it, all steps
   */
  public static String draw(Scenario scenario, RecordedRun recorded, Optional<IndexRange> only) {
    return new Ladder(scenario, recorded, only).draw() + PageMap.draw(scenario, recorded, only);
  }

  private String draw() {
    Walk.over(scenario, recorded.steps(), (before, entry, _) -> visit(before, entry));
    StringBuilder text = new StringBuilder(title());
    text.append('\n');
    lanes.head().forEach(line -> text.append(line).append('\n'));
    rows.forEach(row -> text.append(row).append('\n'));
    text.append(recorded.end().map(this::end).orElse(lanes.lead("") + "the run has not ended\n"));
    if (recorded.torn().isPresent()) {
      text.append(lanes.lead("")).append("the last line of the journal is torn\n");
    }
    text.append('\n');
    lanes.legend().forEach(line -> text.append(Text.paragraph("", line)));
    text.append(LEGEND).append('\n');
    return text.toString();
  }

  private String title() {
    String name = scenario.name().substring(scenario.name().lastIndexOf('/') + 1);
    String schedule =
        recorded.started().schedule().equals("random")
            ? "random, seed " + recorded.started().seed()
            : recorded.started().schedule();
    return Text.paragraph(
        "",
        String.join(
            ", ",
            name + ": " + scenario.setup().mode().name(),
            scenario.setup().revision().name(),
            scenario.setup().vmm().name() + " VMM",
            schedule));
  }

  private String end(WorldEnded end) {
    String verdict = end.asExpected() ? "as expected" : "NOT as expected: " + end.verdict();
    String ends = isRecordedEnd(end) ? "end of the recorded schedule after " : "end after ";
    return Text.paragraph(lanes.lead(""), ends + end.steps() + " steps: " + verdict);
  }

  /** Whether all steps of a recorded schedule were taken. */
  private boolean isRecordedEnd(WorldEnded end) {
    return recorded.started().schedule().equals("recorded")
        && end.steps() == scenario.recorded().size();
  }

  // Lanes.

  /** Parties that say or do something; an address space shows as its process. */
  private SortedSet<PartyId> active() {
    SortedSet<PartyId> active = new TreeSet<>();
    for (StepTaken entry : recorded.steps()) {
      active.add(shown(entry.party()));
      if (entry.taken() instanceof Step.Kill(var _, Optional<PartyId> by)) {
        by.ifPresent(whose -> active.add(shown(whose)));
      }
      if (entry.taken() instanceof Step.Deliver deliver) {
        active.add(shown(deliver.channel().from().party()));
      }
      if (entry.message().isPresent() && entry.message().get() instanceof HostMemoryToGmem call) {
        active.add(shown(caller(call, entry.party())));
      }
    }
    return active;
  }

  private PartyId shown(PartyId party) {
    if (party.kind() != PartyKind.HOST_MEMORY) {
      return party;
    }
    return scenario.setup().users().stream()
        .map(HostUser::id)
        .filter(user -> Parties.memoryOf(user).equals(party))
        .findFirst()
        .orElse(Parties.VMM);
  }

  /** The inode answers the one for whom an address space asks, so it is who asks. */
  private static PartyId caller(HostMemoryToGmem call, PartyId otherwise) {
    return switch (call) {
      case HostMemoryToGmem.Touch touch -> touch.caller().party();
      case HostMemoryToGmem.Zap zap -> zap.caller().party();
      case HostMemoryToGmem.GetUserPages pages -> pages.caller().party();
      case HostMemoryToGmem.ExitMmap _ -> otherwise;
    };
  }

  // What a step shows.

  private void visit(World before, StepTaken entry) {
    if (only.isPresent()) {
      if (only.get().is(entry)) {
        show(before, entry);
      }
    } else if (startAnswers < startCalls) {
      start(entry);
    } else {
      show(before, entry);
    }
    entry.properties().forEach(change -> rows.add(property(entry.step(), change)));
  }

  /** Until memory has its first view, nothing else happens: all of it is one row. */
  private void start(StepTaken entry) {
    if (startedAt == 0) {
      startedAt = entry.step();
    }
    if (entry.party().equals(Parties.VMM)) {
      startAnswers +=
          entry.sends().stream().filter(send -> send.message() instanceof ToScript).count();
    }
    boolean isLast = entry.step() == recorded.steps().size();
    if (startAnswers == startCalls || isLast) {
      String steps = "steps " + startedAt + ".." + entry.step();
      rows.addAll(
          lanes.mark(entry.step(), Parties.VMM, '*', steps + ": memory gets its first view"));
    }
  }

  private void show(World before, StepTaken entry) {
    int shown = rows.size();
    switch (entry.taken()) {
      case Step.Tick _ ->
          entry.message().ifPresent(message -> mark(entry, '*', Words.message(message)));
      case Step.Kill kill -> {
        kill.by()
            .ifPresent(
                by ->
                    rows.addAll(
                        lanes.arrow(entry.step(), shown(by), shown(entry.party()), '-', "kill")));
        mark(entry, 'X', StepLabels.killed(kill));
      }
      case Step.Deliver deliver -> delivery(entry, deliver);
      case Step.Advance advance -> {
        if (entry.party().kind() == PartyKind.VMM) {
          mark(entry, '#', "[timer: try again]");
        }
        locks(before, entry, advance);
      }
    }
    boolean arrow = rows.size() > shown && entry.taken() instanceof Step.Deliver;
    outcome(entry);
    for (Event event : entry.events()) {
      if (!isSaid(entry, event)) {
        notes.of(event).ifPresent(text -> mark(entry, '#', "[" + text + "]"));
      }
    }
    answers(entry, arrow);
  }

  private void mark(StepTaken entry, char sign, String text) {
    rows.addAll(lanes.mark(entry.step(), shown(entry.party()), sign, text));
  }

  private void delivery(StepTaken entry, Step.Deliver deliver) {
    Message message = entry.message().orElseThrow();
    if (Words.isPlumbing(message)) {
      return;
    }
    PartyId from = deliver.channel().from().party();
    PartyId source = shown(message instanceof HostMemoryToGmem call ? caller(call, from) : from);
    PartyId target = shown(entry.party());
    if (!source.equals(target)) {
      char shaft = Words.isRefusal(message) ? '=' : '-';
      String words = words(message);
      rows.addAll(lanes.arrow(entry.step(), source, target, shaft, words));
    }
  }

  private String words(Message message) {
    if (message instanceof PageUserToGmem.PutPages(var frames)) {
      return "unpin " + notes.words(frames);
    }
    // What a guest believes means nothing where KVM takes the attribute.
    return message instanceof GuestToKvm.Touch touch && !scenario.setup().mode().guestChoosesView()
        ? Words.access(touch.access(), touch.range())
        : Words.message(message);
  }

  /** The locks of conversions; those of faults are taken and let go all the time. */
  private void locks(World before, StepTaken entry, Step.Advance advance) {
    boolean converts =
        entry.party().equals(Parties.GMEM)
            && before
                .gmem()
                .findTask(advance.task())
                .map(GmemTask::work)
                .filter(Work.Conversion.class::isInstance)
                .isPresent();
    if (converts) {
      for (Event event : entry.events()) {
        Notes.lock(event).ifPresent(text -> mark(entry, '#', "[" + text + "]"));
      }
    }
  }

  /** What an arrow of the same step says already. */
  private static boolean isSaid(StepTaken entry, Event event) {
    return event instanceof GmemEvent.FoliosUnpinned
        && entry.message().isPresent()
        && entry.message().get() instanceof PageUserToGmem.PutPages;
  }

  private void outcome(StepTaken entry) {
    char sign = entry.events().stream().anyMatch(Notes::isDeath) ? 'X' : '#';
    switch (entry.outcome()) {
      case Outcome.Refused(var errno, String reason) ->
          mark(entry, sign, "REFUSED " + errno + ": " + reason);
      case Outcome.Signalled(String reason) -> mark(entry, sign, "SIGBUS: " + reason);
      case Outcome.Done _, Outcome.Ignored _ -> {
        if (sign == 'X' && !(entry.taken() instanceof Step.Kill)) {
          mark(entry, sign, "dies");
        }
      }
    }
  }

  /** How a line of a script ended, unless the arrow or the signal of this step has just said it. */
  private void answers(StepTaken entry, boolean arrow) {
    boolean said =
        arrow && entry.outcome() instanceof Outcome.Done
            || entry.outcome() instanceof Outcome.Signalled;
    for (Send send : entry.sends()) {
      if (!said && send.message() instanceof ToScript.Answered(var result)) {
        mark(entry, '*', "= " + Words.result(result));
      }
    }
  }

  private String property(long step, Monitor.Change change) {
    String what = change.broken() ? "BROKEN " : "holds again: ";
    return Text.paragraph(
            lanes.lead(Long.toString(step)), what + change.property() + ": " + change.text())
        .stripTrailing();
  }
}
