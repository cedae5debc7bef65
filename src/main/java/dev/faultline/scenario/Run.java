package dev.faultline.scenario;

import dev.faultline.journal.JournalEntry;
import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.journal.JournalEntry.WorldEnded;
import dev.faultline.journal.JournalEntry.WorldStarted;
import dev.faultline.property.EveryRequestIsAnswered;
import dev.faultline.property.Monitor;
import dev.faultline.property.Properties;
import dev.faultline.property.Views;
import dev.faultline.property.expression.Promise;
import dev.faultline.protocol.Decision;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.Outcome;
import dev.faultline.protocol.Send;
import dev.faultline.protocol.gmem.GmemEvent;
import dev.faultline.protocol.gmem.GmemTask;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.message.GmemToProcess;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.View;
import dev.faultline.world.Agenda;
import dev.faultline.world.ChannelFull;
import dev.faultline.world.Holders;
import dev.faultline.world.Parties;
import dev.faultline.world.Schedule;
import dev.faultline.world.Script;
import dev.faultline.world.ScriptLine;
import dev.faultline.world.Step;
import dev.faultline.world.Turn;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A run of a scenario, as of a step: the pure rig. Every other driver of the protocol feeds one
 * with the turns it has journaled, and so has the same entries, agenda and verdict.
 *
 * @param firstBroken properties that were broken at some step, each with the first such step
 * @param met expectations of the whole run that some step has met, by their place in the scenario
 * @param reached promises of the scenario, by their place, that say eventually and were so
 * @param refusals each with the first step that was refused so
 */
public record Run(
    Scenario scenario,
    Schedule schedule,
    World world,
    Agenda agenda,
    Monitor monitor,
    SortedMap<String, Long> firstBroken,
    SortedSet<Integer> met,
    SortedSet<Integer> reached,
    SortedMap<Run.Refusal, Long> refusals) {

  /** More than so many kinds of refusals are only counted. */
  private static final int MAX_REFUSALS = 5;

  /**
   * How a party refused.
   *
   * @param at the page that it named
   */
  public record Refusal(PartyId by, Errno errno, Optional<Long> at) implements Comparable<Refusal> {

    private static final Comparator<Refusal> ORDER =
        Comparator.comparing(Refusal::by)
            .thenComparing(Refusal::errno)
            .thenComparing(refusal -> refusal.at().orElse(-1L));

    @Override
    public int compareTo(Refusal other) {
      return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
      return by + " " + errno + at.map(page -> " at page " + page).orElse("");
    }
  }

  /** A run before its first step. */
  public static Run start(Scenario scenario, Schedule schedule) {
    World world = World.start(scenario.setup());
    return new Run(
        scenario,
        schedule,
        world,
        Agenda.start(world),
        Monitor.start(scenario.properties(), world),
        new TreeMap<>(),
        new TreeSet<>(),
        reached(scenario, world, new TreeSet<>()),
        new TreeMap<>());
  }

  /** The properties that were broken at some step. */
  public SortedSet<String> everBroken() {
    return new TreeSet<>(firstBroken.keySet());
  }

  /** The promises that were so before or are so in a world, of those that say eventually. */
  private static SortedSet<Integer> reached(
      Scenario scenario, World world, SortedSet<Integer> before) {
    TreeSet<Integer> reached = new TreeSet<>(before);
    for (int index = 0; index < scenario.promises().size(); index++) {
      if (scenario.promises().get(index) instanceof Promise.Eventually promise
          && !reached.contains(index)
          && promise.isSeen(world)) {
        reached.add(index);
      }
    }
    return reached;
  }

  /** The first entry of the run's journal. */
  public WorldStarted started(long seed) {
    return new WorldStarted(
        JournalEntry.FORMAT,
        scenario.name(),
        word(schedule),
        seed,
        world.parties(),
        scenario.sources());
  }

  /** What a journal calls a schedule. */
  private static String word(Schedule schedule) {
    return switch (schedule) {
      case Schedule.Fifo _ -> "fifo";
      case Schedule.Random _ -> "random";
      case Schedule.Recorded _ -> "recorded";
    };
  }

  /**
   * The step that the schedule takes next; none where nothing can move, where a recorded schedule
   * is over, or where its step cannot be taken.
   */
  public Optional<Step> next() {
    if (agenda.enabled().isEmpty()) {
      return Optional.empty();
    }
    OptionalInt picked = schedule.pick(agenda.step() + 1, agenda.enabled());
    return picked.isPresent()
        ? Optional.of(agenda.enabled().get(picked.getAsInt()).step())
        : Optional.empty();
  }

  /**
   * Why the step that is next cannot be taken: a channel is full, and this ends the run. Empty if
   * it can be taken, or if nothing can move.
   */
  public Optional<String> channelFull() {
    try {
      next().ifPresent(world::step);
      return Optional.empty();
    } catch (ChannelFull full) {
      return Optional.of("step " + (agenda.step() + 1) + " cannot be taken: " + full.getMessage());
    }
  }

  /** A step with its entry, and the run after it. */
  public record Taken(StepTaken entry, Run after) {}

  /**
   * Takes a step as decided now.
   *
   * @throws ChannelFull if a message that it sends finds no room
   */
  public Taken take(Step step) {
    return take(world.decide(step));
  }

  /** Takes a turn that was decided, here or by another rig. */
  public Taken take(Turn turn) {
    World after = world.apply(turn);
    Monitor nextMonitor = monitor.after(turn, world, after);
    Agenda nextAgenda = agenda.next(turn, after);
    TreeMap<String, Long> nextBroken = new TreeMap<>(firstBroken);
    nextMonitor.broken().keySet().forEach(name -> nextBroken.putIfAbsent(name, agenda.step() + 1));
    TreeSet<Integer> nextMet = new TreeSet<>(met);
    for (int index = 0; index < scenario.expectations().size(); index++) {
      if (scenario.expectations().get(index) instanceof Expectation.Refused refused
          && meets(turn, refused)) {
        nextMet.add(index);
      }
    }
    SortedMap<Refusal, Long> nextRefusals = refusals;
    if (turn.decision().outcome() instanceof Outcome.Refused(Errno errno, String _)) {
      nextRefusals = new TreeMap<>(refusals);
      nextRefusals.putIfAbsent(
          new Refusal(turn.party(), errno, namedPage(turn)), agenda.step() + 1);
    }
    StepTaken entry =
        new StepTaken(
            agenda.step() + 1,
            turn.step(),
            turn.party(),
            agenda.delivered(turn.step()),
            turn.message(),
            List.copyOf(turn.decision().events()),
            turn.decision().sends(),
            turn.decision().outcome(),
            nextMonitor.changes(),
            at(turn.step()));
    return new Taken(
        entry,
        new Run(
            scenario,
            schedule,
            after,
            nextAgenda,
            nextMonitor,
            nextBroken,
            nextMet,
            reached(scenario, after, reached),
            nextRefusals));
  }

  /** The turn that an entry of a journal records. */
  public static Turn turn(StepTaken entry) {
    return new Turn(
        entry.taken(),
        entry.party(),
        entry.message(),
        new Decision<>(entry.events(), entry.sends(), entry.outcome()));
  }

  /** The scenario's line that a step starts. */
  private Optional<String> at(Step step) {
    Optional<PartyId> whose =
        switch (step) {
          case Step.Tick(PartyId party) -> Optional.of(party);
          case Step.Kill(PartyId _, Optional<PartyId> by) -> by;
          case Step.Deliver _, Step.Advance _ -> Optional.empty();
        };
    return whose
        .flatMap(
            party ->
                scenario.setup().scripts().stream()
                    .filter(script -> script.party().equals(party))
                    .findFirst())
        .flatMap(world::nextLine)
        .filter(line -> line.line() > 0)
        .map(line -> scenario.file() + ":" + line.line());
  }

  private boolean meets(Turn turn, Expectation.Refused wanted) {
    if (!turn.party().equals(wanted.by())
        || !(turn.decision().outcome() instanceof Outcome.Refused refused)
        || refused.errno() != wanted.errno()) {
      return false;
    }
    if (wanted.at().isPresent() && !wanted.at().equals(namedPage(turn))) {
      return false;
    }
    return wanted.heldBy().isEmpty()
        || wanted
            .at()
            .map(page -> new IndexRange(page, page + 1))
            .or(() -> Optional.of(new IndexRange(0, scenario.setup().pageCount())))
            .stream()
            .flatMap(range -> Holders.of(world, range).stream())
            .anyMatch(holder -> isOf(holder.who(), wanted.heldBy().get()));
  }

  /** A page that is held by a process's memory is held by the process. */
  private static boolean isOf(PartyId holder, PartyId wanted) {
    return holder.equals(wanted) || holder.equals(Parties.memoryOf(wanted));
  }

  /** The page that a refused call names. */
  private static Optional<Long> namedPage(Turn turn) {
    for (Send send : turn.decision().sends()) {
      if (send.message() instanceof GmemToProcess.Returned(Result.Failed failed, var _)) {
        return failed.at().map(page -> page.number());
      }
    }
    // What is undone first is answered later.
    for (Event event : turn.decision().events()) {
      if (event instanceof GmemEvent.TaskProceeded(var _, GmemTask task)
          && task.refusal().isPresent()
          && task.refusal().get() instanceof Result.Failed failed) {
        return failed.at().map(page -> page.number());
      }
    }
    return Optional.empty();
  }

  // The end.

  /** What was not as expected, in sentences that begin with file:line where there is one. */
  public List<String> failures() {
    Optional<String> cut = channelFull().or(() -> RecordedEnd.impossible(this));
    List<String> failures = new ArrayList<>();
    cut.ifPresent(failures::add);
    otherResults(failures);
    if (cut.isEmpty()) {
      otherEnd(failures);
    }
    failures.addAll(brokenUnexpectedly());
    if (cut.isEmpty() && isAtRest()) {
      notReached().stream()
          .filter(promise -> !toBreak().contains(promise.name()))
          .forEach(
              promise -> failures.add(where(promise.line()) + promise.name() + " never came true"));
      if (!isToWait()) {
        failures.addAll(EveryRequestIsAnswered.unanswered(world));
      }
    }
    return failures;
  }

  /** Whether nothing can move any more; a recorded schedule may be over before. */
  public boolean isAtRest() {
    return agenda.enabled().isEmpty();
  }

  /** Whether the run has taken all steps of a recorded schedule. */
  public boolean isRecordedEnd() {
    return schedule instanceof Schedule.Recorded recorded
        && agenda.step() == recorded.steps().size();
  }

  /** Whether somebody is expected to wait for ever. */
  private boolean isToWait() {
    return toBreak().contains(Properties.EVENTUALLY)
        || scenario.expectations().stream().anyMatch(Expectation.Stuck.class::isInstance);
  }

  /** The promises that say eventually and were not so in any state. */
  List<Promise> notReached() {
    List<Promise> notReached = new ArrayList<>();
    for (int index = 0; index < scenario.promises().size(); index++) {
      Promise promise = scenario.promises().get(index);
      if (promise instanceof Promise.Eventually && !reached.contains(index)) {
        notReached.add(promise);
      }
    }
    return notReached;
  }

  /** Lines of scripts that ended, and otherwise than expected. */
  private void otherResults(List<String> failures) {
    for (Script script : scenario.setup().scripts()) {
      List<Result> results = world.scripts().get(script.party()).results();
      for (int index = 0; index < results.size(); index++) {
        ScriptLine line = script.lines().get(index);
        Expected expected = scenario.expected().get(line.name());
        if (expected != null && !expected.admits(results.get(index))) {
          failures.add(
              where(line.line())
                  + script.party()
                  + "'s "
                  + line.name()
                  + " was to end in "
                  + expected.text()
                  + ", and ended in "
                  + Expected.word(results.get(index)));
        }
      }
    }
  }

  /** What is expected of the run as a whole, and is not so where nothing can move any more. */
  private void otherEnd(List<String> failures) {
    for (int index = 0; index < scenario.expectations().size(); index++) {
      switch (scenario.expectations().get(index)) {
        case Expectation.Refused refused -> {
          if (!met.contains(index)) {
            failures.add(
                where(refused.line()) + "no step was refused as expected; " + refusedInstead());
          }
        }
        case Expectation.Finally wanted -> finalViews(wanted, failures);
        case Expectation.Breaks breaks ->
            RecordedEnd.otherBreak(this, breaks)
                .ifPresent(text -> failures.add(where(breaks.line()) + text));
        case Expectation.Stuck(int line) ->
            RecordedEnd.notStuck(this).ifPresent(text -> failures.add(where(line) + text));
        case Expectation.Found found ->
            RecordedEnd.notFound(this, found)
                .ifPresent(text -> failures.add(where(found.line()) + text));
        case Expectation.LoopsFrom(long step, int line) ->
            RecordedEnd.noLoop(this, step).ifPresent(text -> failures.add(where(line) + text));
      }
    }
  }

  private String refusedInstead() {
    if (refusals.isEmpty()) {
      return "none was refused";
    }
    String shown =
        refusals.entrySet().stream()
            .sorted(Map.Entry.comparingByValue())
            .limit(MAX_REFUSALS)
            .map(refusal -> refusal.getKey() + " (step " + refusal.getValue() + ")")
            .collect(Collectors.joining(", "));
    int more = refusals.size() - MAX_REFUSALS;
    return "refused: " + shown + (more > 0 ? ", and " + more + " more" : "");
  }

  private SortedSet<String> toBreak() {
    SortedSet<String> toBreak = new TreeSet<>();
    for (Expectation expectation : scenario.expectations()) {
      if (expectation instanceof Expectation.Breaks breaks) {
        toBreak.add(breaks.property());
      }
    }
    return toBreak;
  }

  /** The promises that were broken until now and were to hold, in sentences. */
  public List<String> brokenUnexpectedly() {
    SortedSet<String> toBreak = toBreak();
    return firstBroken.keySet().stream()
        .filter(property -> !toBreak.contains(property))
        .map(property -> where(line(property)) + property + " broke")
        .toList();
  }

  /** The line of the scenario that promises a property; 0 for one of the protocol. */
  private int line(String property) {
    return scenario.promises().stream()
        .filter(promise -> promise.name().equals(property))
        .findFirst()
        .map(Promise::line)
        .orElse(0);
  }

  private void finalViews(Expectation.Finally wanted, List<String> failures) {
    for (Expectation.Wanted view : wanted.views()) {
      IndexRange range = new IndexRange(view.range().start(), view.range().end());
      long privates = Views.privates(world, range).stream().mapToLong(IndexRange::pageCount).sum();
      long expected = view.view() == View.PRIVATE ? range.pageCount() : 0;
      if (privates != expected) {
        failures.add(
            where(wanted.line())
                + range
                + " was to be "
                + view.view().word()
                + " at the end; "
                + privates
                + " of its "
                + range.pageCount()
                + " pages are private");
      }
    }
  }

  /** The place of a line of the scenario, as messages begin with it. */
  String where(int line) {
    return line > 0 ? scenario.file() + ":" + line + ": " : "";
  }

  /** The last entry of the run's journal. */
  public WorldEnded ended() {
    List<String> failures = failures();
    return new WorldEnded(
        agenda.step() + 1,
        agenda.step(),
        failures.isEmpty(),
        failures.isEmpty() ? "as expected" : String.join("; ", failures));
  }
}
