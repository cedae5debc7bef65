package dev.faultline.view;

import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.journal.JournalEntry.WorldEnded;
import dev.faultline.journal.RecordedRun;
import dev.faultline.property.Watch;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.Outcome;
import dev.faultline.protocol.Send;
import dev.faultline.protocol.design.Lock;
import dev.faultline.protocol.design.LockMode;
import dev.faultline.protocol.gmem.GmemEvent;
import dev.faultline.protocol.gmem.GmemTask;
import dev.faultline.protocol.gmem.Work;
import dev.faultline.protocol.kvm.KvmEvent;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.message.HostMemoryToGmem;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.protocol.message.ScriptToVmm;
import dev.faultline.protocol.message.ToScript;
import dev.faultline.protocol.vmm.VmmEvent;
import dev.faultline.scenario.Scenario;
import dev.faultline.world.Script;
import dev.faultline.world.Step;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** A run as a ladder: parties as columns, messages as arrows at the step that delivers them. */
public final class Ladder {

  /** Fit for a mail. */
  static final int WIDTH = 72;

  private static final int NUMBER = 6;

  private final Scenario scenario;
  private final RecordedRun recorded;
  private final Optional<IndexRange> only;
  private final List<String> rows = new ArrayList<>();
  private final List<PartyId> lanes;
  private final int laneWidth;
  private boolean starting;
  private long startFrom;

  private Ladder(Scenario scenario, RecordedRun recorded, Optional<IndexRange> only) {
    this.scenario = scenario;
    this.recorded = recorded;
    this.only = only;
    this.lanes = lanes();
    this.laneWidth = lanes.size() <= 5 ? 7 : lanes.size() <= 7 ? 6 : 5;
  }

  /**
   * Draws a journal.
   *
   * @param only steps that concern these pages; without it, all steps
   */
  public static String draw(Scenario scenario, RecordedRun recorded, Optional<IndexRange> only) {
    return new Ladder(scenario, recorded, only).draw();
  }

  /** Parties that say or do something; address spaces show as their process. */
  private List<PartyId> lanes() {
    TreeSet<PartyId> active = new TreeSet<>();
    for (StepTaken entry : recorded.steps()) {
      active.add(shown(entry.party()));
      if (entry.taken() instanceof Step.Deliver deliver) {
        active.add(shown(deliver.channel().from().party()));
      }
    }
    return List.copyOf(active);
  }

  private PartyId shown(PartyId party) {
    if (party.kind() != PartyKind.HOST_MEMORY) {
      return party;
    }
    String process = party.name().replaceFirst("-memory$", "");
    return scenario.setup().users().stream()
        .map(user -> user.id())
        .filter(user -> user.name().equals(process))
        .findFirst()
        .orElse(PartyId.of(PartyKind.VMM, "vmm"));
  }

  private String draw() {
    StringBuilder text = new StringBuilder();
    String name = scenario.name().substring(scenario.name().lastIndexOf('/') + 1);
    String schedule =
        recorded.started().schedule().equals("random")
            ? "random, seed " + recorded.started().seed()
            : "fifo";
    wrap(
        text,
        "",
        name
            + "   "
            + String.join(
                ", ",
                scenario.setup().mode().name(),
                scenario.setup().revision().name(),
                scenario.setup().vmm().name() + " VMM",
                schedule));
    text.append('\n').append(head()).append('\n');
    Walk.over(scenario, recorded.steps(), this::visit);
    rows.forEach(row -> text.append(row.stripTrailing()).append('\n'));
    recorded
        .end()
        .ifPresentOrElse(
            end -> text.append(end(end)), () -> text.append("      (the run has not ended)\n"));
    recorded.torn().ifPresent(torn -> text.append("      (the journal's tail is torn)\n"));
    text.append('\n').append(PageMap.draw(scenario, recorded, only));
    return text.toString();
  }

  private static String end(WorldEnded end) {
    StringBuilder text = new StringBuilder();
    wrap(
        text,
        "      ",
        "end after "
            + end.steps()
            + " steps: "
            + (end.asExpected() ? "as expected" : "NOT as expected: " + end.verdict()));
    return text.toString();
  }

  /** The names of the parties over their lanes, on two lines where the lanes are narrow. */
  private String head() {
    boolean two = lanes.stream().anyMatch(lane -> lane.name().length() >= laneWidth);
    return two ? head(0, 2) + "\n" + head(1, 2) : head(0, 1);
  }

  private String head(int first, int every) {
    char[] line = lifelines();
    Arrays.fill(line, ' ');
    for (int index = 0; index < lanes.size(); index++) {
      int at = column(lanes.get(index));
      if (index % every != first) {
        line[at] = first > 0 ? '.' : line[at];
        continue;
      }
      String name = lanes.get(index).name();
      for (int letter = 0; letter < Math.min(name.length(), laneWidth * every - 1); letter++) {
        if (at + letter < line.length) {
          line[at + letter] = name.charAt(letter);
        }
      }
    }
    return new String(line).stripTrailing();
  }

  // What a step shows.

  private void visit(World before, StepTaken entry, World after) {
    boolean starts =
        entry.message().isPresent() && entry.message().get() instanceof ScriptToVmm.SetFirstView;
    if (starts && only.isEmpty()) {
      if (!starting) {
        startFrom = entry.step();
      }
      starting = true;
    }
    if (starting && only.isEmpty()) {
      if (startAnswered(entry)) {
        starting = false;
        row(
            entry.step(),
            bare(PartyId.of(PartyKind.VMM, "vmm"), '*'),
            "steps " + startFrom + ".." + entry.step() + ": memory gets its first view");
      }
      breaks(entry);
      return;
    }
    if (only.isEmpty() || concerns(before, entry, only.get())) {
      show(before, entry);
    }
    breaks(entry);
  }

  private boolean startAnswered(StepTaken entry) {
    boolean answered =
        entry.party().kind() == PartyKind.VMM
            && entry.sends().stream().anyMatch(send -> send.message() instanceof ToScript);
    if (!answered) {
      return false;
    }
    Script vmm =
        scenario.setup().scripts().stream()
            .filter(script -> script.party().equals(entry.party()))
            .findFirst()
            .orElseThrow();
    long starts = vmm.lines().stream().filter(line -> line.line() == 0).count();
    long done =
        recorded.steps().stream()
            .filter(step -> step.step() <= entry.step() && step.party().equals(entry.party()))
            .flatMap(step -> step.sends().stream())
            .filter(send -> send.message() instanceof ToScript)
            .count();
    return done >= starts;
  }

  /** Whether a page of a range is named by what a step is told or does. */
  private static boolean concerns(World before, StepTaken entry, IndexRange range) {
    Pages pages = new Pages();
    entry.message().ifPresent(pages::add);
    entry.events().forEach(pages::add);
    entry.sends().forEach(send -> pages.add(send.message()));
    return pages.overlap(range);
  }

  private void show(World before, StepTaken entry) {
    switch (entry.taken()) {
      case Step.Tick _ ->
          entry
              .message()
              .ifPresent(
                  message -> row(entry.step(), bare(entry.party(), '*'), Words.message(message)));
      case Step.Kill _ -> row(entry.step(), bare(entry.party(), 'X'), "killed");
      case Step.Advance advance -> advance(before, entry, advance);
      case Step.Deliver deliver -> delivery(entry, deliver);
    }
    outcome(entry);
    effects(entry);
    answers(entry);
  }

  private void delivery(StepTaken entry, Step.Deliver deliver) {
    Message message = entry.message().orElseThrow();
    if (Words.isPlumbing(message)) {
      return;
    }
    PartyId from = shown(deliver.channel().from().party());
    if (message instanceof HostMemoryToGmem call) {
      from = shown(caller(call, from));
    }
    PartyId to = shown(entry.party());
    if (!from.equals(to)) {
      char shaft = Words.isRefusal(message) ? '=' : '-';
      row(entry.step(), arrow(from, to, shaft), Words.message(message));
    }
  }

  private static PartyId caller(HostMemoryToGmem call, PartyId otherwise) {
    return switch (call) {
      case HostMemoryToGmem.Touch touch -> touch.caller().party();
      case HostMemoryToGmem.Zap zap -> zap.caller().party();
      case HostMemoryToGmem.GetUserPages pages -> pages.caller().party();
      case HostMemoryToGmem.ExitMmap _ -> otherwise;
    };
  }

  private void advance(World before, StepTaken entry, Step.Advance advance) {
    if (entry.party().kind() == PartyKind.VMM) {
      row(entry.step(), bare(entry.party(), '#'), "[timer: try again]");
      return;
    }
    if (entry.party().kind() == PartyKind.GMEM) {
      Optional<GmemTask> task = before.gmem().findTask(advance.task());
      boolean converts = task.filter(known -> known.work() instanceof Work.Conversion).isPresent();
      for (Event event : entry.events()) {
        if (event instanceof GmemEvent.LockTaken taken
            && converts
            && taken.mode() == LockMode.EXCLUSIVE) {
          row(
              entry.step(),
              bare(entry.party(), '#'),
              "[lock " + taken.lock().word() + " exclusive]");
        }
      }
    }
  }

  private void outcome(StepTaken entry) {
    switch (entry.outcome()) {
      case Outcome.Refused(var errno, String reason) ->
          row(entry.step(), bare(entry.party(), '#'), "REFUSED " + errno + ": " + reason);
      case Outcome.Signalled(String reason) ->
          row(entry.step(), bare(entry.party(), '#'), "SIGBUS: " + reason);
      case Outcome.Done _, Outcome.Ignored _ -> {}
    }
  }

  /** What happened to memory, as notes in the column of the party. */
  private void effects(StepTaken entry) {
    for (Event event : entry.events()) {
      note(event).ifPresent(text -> row(entry.step(), bare(entry.party(), '#'), "[" + text + "]"));
    }
  }

  private static Optional<String> note(Event event) {
    return switch (event) {
      case GmemEvent.HostUnmapped unmapped ->
          Optional.of("unmap host: " + unmapped.range() + " of " + unmapped.memory());
      case GmemEvent.HostMapped mapped ->
          Optional.of("map " + mapped.frames().getFirst() + " in " + mapped.memory());
      case GmemEvent.AttributesStored stored ->
          Optional.of("store " + stored.range() + " " + stored.view().word());
      case GmemEvent.HostFaultsForbidden forbidden ->
          Optional.of("forbid host faults " + forbidden.range());
      case GmemEvent.HostFaultsAllowed allowed ->
          Optional.of("allow host faults " + allowed.range());
      case GmemEvent.PagesRemoved removed -> Optional.of("remove pages " + removed.range());
      case GmemEvent.FoliosPinned pinned -> Optional.of("pin " + pinned.frames().getFirst());
      case GmemEvent.FoliosUnpinned unpinned ->
          Optional.of("unpin " + unpinned.frames().getFirst());
      case GmemEvent.ContentLost lost ->
          Optional.of("content of " + lost.frames().getFirst() + " is gone");
      case KvmEvent.AttributesStored stored ->
          Optional.of("store " + stored.range() + " " + stored.view().word());
      case KvmEvent.Zapped zapped ->
          Optional.of("zap " + zapped.range() + " " + zapped.view().word());
      case KvmEvent.MappingInstalled installed ->
          Optional.of("map " + installed.range() + " " + installed.view().word());
      case KvmEvent.LockTaken taken when taken.lock() == Lock.SLOTS -> Optional.of("lock slots");
      case KvmEvent.VmDied died -> Optional.of("the VM is dead: " + died.errno());
      case VmmEvent.ProcessDied() -> Optional.of("the VMM dies");
      default -> Optional.empty();
    };
  }

  /** How a line of a script ended, unless the arrow of this step has just said it. */
  private void answers(StepTaken entry) {
    boolean said =
        entry.taken() instanceof Step.Deliver
            && entry.message().filter(message -> !Words.isPlumbing(message)).isPresent()
            && entry.outcome() instanceof Outcome.Done;
    for (Send send : entry.sends()) {
      if (said) {
        return;
      }
      if (send.message() instanceof ToScript.Answered answered) {
        row(entry.step(), bare(entry.party(), '*'), "= " + Words.result(answered.result()));
      }
    }
  }

  private void breaks(StepTaken entry) {
    for (Watch.Change change : entry.properties()) {
      StringBuilder text = new StringBuilder();
      wrap(
          text,
          String.format("%5d ", entry.step()),
          (change.broken() ? "BROKEN " : "holds again: ")
              + change.property()
              + ": "
              + change.text());
      rows.add(text.toString().stripTrailing());
    }
  }

  // Drawing.

  private int column(PartyId party) {
    return NUMBER + lanes.indexOf(party) * laneWidth;
  }

  private char[] lifelines() {
    char[] line = " ".repeat(NUMBER + lanes.size() * laneWidth).toCharArray();
    for (PartyId lane : lanes) {
      line[column(lane)] = '.';
    }
    return line;
  }

  private char[] bare(PartyId party, char mark) {
    char[] line = lifelines();
    line[column(shown(party))] = mark;
    return line;
  }

  private char[] arrow(PartyId from, PartyId to, char shaft) {
    char[] line = lifelines();
    int start = column(from);
    int end = column(to);
    for (int at = Math.min(start, end) + 1; at < Math.max(start, end); at++) {
      line[at] = shaft;
    }
    line[start < end ? end - 1 : end + 1] = start < end ? '>' : '<';
    return line;
  }

  /** A row: the step's number, the lanes, and words to their right, wrapped where they are long. */
  private void row(long step, char[] drawn, String text) {
    String number = String.format("%5d ", step);
    int room = WIDTH - drawn.length - 1;
    List<String> pieces = pieces(text, room);
    String first = number + new String(drawn).substring(NUMBER);
    rows.add(first + " " + pieces.getFirst());
    for (String piece : pieces.subList(1, pieces.size())) {
      rows.add(new String(lifelines()) + "   " + piece);
    }
  }

  private static List<String> pieces(String text, int room) {
    List<String> pieces = new ArrayList<>();
    StringBuilder piece = new StringBuilder();
    for (String word : text.split(" ")) {
      String fitting = word;
      int limit = pieces.isEmpty() ? room : room - 2;
      if (!piece.isEmpty() && piece.length() + 1 + fitting.length() > limit) {
        pieces.add(piece.toString());
        piece.setLength(0);
      }
      limit = pieces.isEmpty() ? room : room - 2;
      while (fitting.length() > limit) {
        pieces.add(fitting.substring(0, limit));
        fitting = fitting.substring(limit);
        limit = room - 2;
      }
      piece.append(piece.isEmpty() ? "" : " ").append(fitting);
    }
    pieces.add(piece.toString());
    return pieces;
  }

  /** Words after an indent, broken before {@link #WIDTH}. */
  static void wrap(StringBuilder out, String indent, String text) {
    String margin = " ".repeat(indent.length());
    List<String> pieces = pieces(text, WIDTH - indent.length());
    out.append(indent).append(pieces.getFirst()).append('\n');
    for (String piece : pieces.subList(1, pieces.size())) {
      out.append(margin).append(piece).append('\n');
    }
  }
}
