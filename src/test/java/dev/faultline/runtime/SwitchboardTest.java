package dev.faultline.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.persistence.testkit.JournalOperation;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.ProcessingPolicy;
import akka.persistence.testkit.ProcessingResult;
import akka.persistence.testkit.ProcessingSuccess;
import akka.persistence.testkit.StorageFailure;
import akka.persistence.testkit.WriteEvents;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import com.typesafe.config.ConfigFactory;
import dev.faultline.journal.JournalEntry;
import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.journal.JournalEntry.WorldEnded;
import dev.faultline.journal.JournalEntry.WorldStarted;
import dev.faultline.journal.RecordedRun;
import dev.faultline.journal.Source;
import dev.faultline.protocol.Event;
import dev.faultline.scenario.Replay;
import dev.faultline.scenario.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.testing.FakeScenarios;
import dev.faultline.world.Schedule;
import dev.faultline.world.Step;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Worlds on a journal in memory that fails, is cut and is tampered with. */
class SwitchboardTest {

  private static final Schedule SCHEDULE = new Schedule.Random(7);
  private static final List<JournalEntry> WHOLE = whole();

  private static final Switchboard.Place PLACE = new Switchboard.Place("", 100_000);

  private static ActorTestKit actors;
  private static PersistenceTestKit journal;

  /** The entries of an uninterrupted run, on the pure rig. */
  private static List<JournalEntry> whole() {
    Run run = Run.start(FakeScenarios.blockedByVfio(), SCHEDULE);
    List<JournalEntry> entries = new ArrayList<>();
    entries.add(run.started(7));
    for (Optional<Step> next = run.next(); next.isPresent(); next = run.next()) {
      Run.Taken taken = run.take(next.get());
      entries.add(taken.entry());
      run = taken.after();
    }
    entries.add(run.ended());
    return entries;
  }

  private static int steps() {
    return WHOLE.size() - 2;
  }

  @BeforeAll
  static void start() {
    ActorSystem<Void> system =
        ActorSystem.create(
            Behaviors.empty(),
            "switchboard-test",
            AkkaRun.setup(
                PersistenceTestKitPlugin.getInstance()
                    .config()
                    .withFallback(ConfigFactory.load())));
    actors = ActorTestKit.create(system);
    journal = PersistenceTestKit.create(system);
  }

  @AfterAll
  static void stop() {
    actors.shutdownTestKit();
  }

  @AfterEach
  void clear() {
    journal.resetPolicy();
    journal.clearAll();
  }

  /** A world from the start of its scenario, with whatever the journal has. */
  private record Started(ActorRef<Switchboard.Command> ref, CompletableFuture<RunResult> result) {

    static Started now() {
      return of(FakeScenarios.blockedByVfio(), PLACE);
    }

    static Started of(Scenario scenario, Switchboard.Place place) {
      Run start = Run.start(scenario, SCHEDULE);
      CompletableFuture<RunResult> result = new CompletableFuture<>();
      return new Started(
          actors.spawn(Switchboard.create(start, start.started(7), place, result::complete)),
          result);
    }

    /** Waits for its end and stops what is left of it. */
    RunResult end() throws Exception {
      RunResult ended = result.get(20, TimeUnit.SECONDS);
      actors.stop(ref, Duration.ofSeconds(20));
      return ended;
    }
  }

  private static String id(JournalEntry entry) {
    return entry instanceof StepTaken step ? step.party().name() : WorldActor.ID;
  }

  private static List<String> ids() {
    return WHOLE.stream().map(SwitchboardTest::id).distinct().toList();
  }

  /** What is in the journal, by number. */
  private static List<JournalEntry> journaled() {
    return ids().stream()
        .flatMap(id -> journal.persistedInStorage(id).stream())
        .map(JournalEntry.class::cast)
        .sorted(Comparator.comparingLong(JournalEntry::step))
        .toList();
  }

  /** Tells of each write before it is done; may refuse it. */
  private static void onWrite(ProcessingResultOf of) {
    AtomicInteger writes = new AtomicInteger();
    journal.withPolicy(
        new ProcessingPolicy<JournalOperation>() {
          @Override
          public ProcessingResult tryProcess(String persistenceId, JournalOperation operation) {
            return operation instanceof WriteEvents
                ? of.write(writes.getAndIncrement())
                : ProcessingSuccess.getInstance();
          }
        });
  }

  private interface ProcessingResultOf {
    ProcessingResult write(int number);
  }

  private static void assertEnded(RunResult result, int recovered) {
    assertThat(result)
        .isInstanceOfSatisfying(
            RunResult.Ended.class,
            ended -> {
              assertThat(ended.recovered()).isEqualTo(recovered);
              assertThat(ended.entry()).isEqualTo(WHOLE.getLast());
              assertThat(ended.run().ended()).isEqualTo(WHOLE.getLast());
            });
    assertThat(journaled()).isEqualTo(WHOLE);
  }

  @Test
  void a_world_has_the_journal_of_the_pure_rig() throws Exception {
    assertThat(steps()).isGreaterThan(60);
    assertEnded(Started.now().end(), 0);
  }

  @Test
  void whichever_write_fails_it_is_the_last_one_and_a_second_world_goes_on() throws Exception {
    for (int failing = 0; failing < WHOLE.size(); failing += failing < 3 ? 1 : 4) {
      int last = failing;
      onWrite(
          number ->
              number == last
                  ? StorageFailure.create(new IllegalStateException("the disk is gone"))
                  : ProcessingSuccess.getInstance());
      assertThat(Started.now().end()).isEqualTo(new RunResult.Failed("the disk is gone", true));
      assertThat(journaled()).isEqualTo(WHOLE.subList(0, failing));
      journal.resetPolicy();
      assertEnded(Started.now().end(), Math.max(0, failing - 1));
      journal.clearAll();
    }
  }

  @Test
  void wherever_its_actors_are_killed_a_second_world_goes_on() throws Exception {
    Random random = new Random(20261124);
    for (int kill = 0; kill < 25; kill++) {
      int at = random.nextInt(WHOLE.size());
      CountDownLatch reached = new CountDownLatch(1);
      onWrite(
          number -> {
            if (number == at) {
              reached.countDown();
            }
            return ProcessingSuccess.getInstance();
          });
      Started killed = Started.now();
      assertThat(reached.await(20, TimeUnit.SECONDS)).isTrue();
      actors.stop(killed.ref(), Duration.ofSeconds(20));
      int entries = journaled().size();
      assertThat(journaled()).isEqualTo(WHOLE.subList(0, entries));
      assertEnded(Started.now().end(), Math.min(steps(), Math.max(0, entries - 1)));
      journal.clearAll();
    }
  }

  @Test
  void an_ended_world_ends_again_and_writes_nothing() throws Exception {
    Started.now().end();
    onWrite(number -> StorageFailure.create(new IllegalStateException("written again")));
    assertEnded(Started.now().end(), steps());
  }

  private static Switchboard.Place atMost(long steps) {
    return new Switchboard.Place("", steps);
  }

  private static void assertStopped(RunResult result, long steps, long recovered) {
    assertThat(result)
        .isInstanceOfSatisfying(
            RunResult.Stopped.class,
            stopped -> {
              assertThat(stopped.run().agenda().step()).isEqualTo(steps);
              assertThat(stopped.recovered()).isEqualTo(recovered);
            });
    assertThat(journaled()).isEqualTo(WHOLE.subList(0, (int) steps + 1));
  }

  @Test
  void a_world_is_stopped_after_its_steps_and_goes_on_when_it_is_given_more() throws Exception {
    Scenario scenario = FakeScenarios.blockedByVfio();
    assertStopped(Started.of(scenario, atMost(1)).end(), 1, 0);
    assertStopped(Started.of(scenario, atMost(40)).end(), 40, 1);
    assertStopped(Started.of(scenario, atMost(40)).end(), 40, 40);
    assertStopped(Started.of(scenario, atMost(10)).end(), 40, 40);
    assertStopped(Started.of(scenario, atMost(steps() - 1)).end(), steps() - 1, 40);
    assertEnded(Started.of(scenario, atMost(steps())).end(), steps() - 1);
  }

  @Test
  void a_full_channel_is_a_verdict_that_stays() throws Exception {
    Scenario scenario = FakeScenarios.withChannels(0);
    List<JournalEntry> whole = new ArrayList<>();
    Run run = Run.start(scenario, SCHEDULE);
    whole.add(run.started(7));
    while (run.channelFull().isEmpty()) {
      Run.Taken taken = run.take(run.next().orElseThrow());
      whole.add(taken.entry());
      run = taken.after();
    }
    WorldEnded end = run.ended();
    whole.add(end);
    assertThat(end.asExpected()).isFalse();
    assertThat(end.verdict())
        .isEqualTo(
            "step "
                + end.step()
                + " cannot be taken: the channel vmm#1 -> gmem holds 0 messages, its bound, and"
                + " would get another");
    for (int start = 0; start < 2; start++) {
      assertThat(Started.of(scenario, PLACE).end())
          .isInstanceOfSatisfying(
              RunResult.Ended.class, ended -> assertThat(ended.entry()).isEqualTo(end));
      assertThat(journaled()).isEqualTo(whole);
    }
    RecordedRun recorded =
        new RecordedRun(
            Path.of("a.jsonl"),
            run.started(7),
            whole.subList(1, whole.size() - 1).stream().map(StepTaken.class::cast).toList(),
            Optional.of(end),
            Optional.empty());
    assertThat(Replay.of(scenario, recorded))
        .isInstanceOfSatisfying(
            Replay.Verdict.Identical.class, same -> assertThat(same.ended()).isTrue());
  }

  /** What somebody may have done to a journal, and what is said of it. */
  enum Damage {
    GAP(
        entries -> {
          entries.remove(30);
        },
        "entry 31 of the journal stands where entry 30 belongs"),
    TWICE(
        entries -> entries.add(31, entries.get(30)),
        "entry 30 of the journal stands where entry 31 belongs"),
    OF_ANOTHER_RUN(
        entries -> entries.set(0, Run.start(FakeScenarios.blockedByVfio(), SCHEDULE).started(8)),
        "entry 0 of the journal is of fake/blocked-by-vfio, random, seed 8; this run is of"
            + " fake/blocked-by-vfio, random, seed 7"),
    OF_OTHER_FILES(
        entries ->
            entries.set(
                0,
                new WorldStarted(
                    JournalEntry.FORMAT,
                    "fake/blocked-by-vfio",
                    "random",
                    7,
                    Run.start(FakeScenarios.blockedByVfio(), SCHEDULE).world().parties(),
                    List.of(new Source(Source.Kind.GUEST, "patient", "0", "name: patient")))),
        "entry 0 of the journal is of the same name, and of other files than this run"),
    NO_FIRST(entries -> entries.remove(0), "entry 0 of the journal is missing"),
    ENDS_EARLY(
        entries -> {
          entries.subList(30, entries.size()).clear();
          entries.add(new WorldEnded(30, 29, true, "as expected"));
        },
        "entry 30 of the journal ends the run, and step 30 can be taken"),
    ENDS_OTHERWISE(
        entries ->
            entries.set(entries.size() - 1, new WorldEnded(steps() + 1, steps(), false, "not so")),
        "entry "
            + (steps() + 1)
            + " of the journal ends the run otherwise than it ends now: "
            + WHOLE.getLast()),
    ANOTHER_EVENT(
        entries -> {
          StepTaken step = (StepTaken) entries.get(40);
          StepTaken other = stepOfSameParty(entries, step);
          entries.set((int) step.step(), with(step, other.events()));
        },
        "entry 40 of the journal is not what is decided now; a replay of it shows the"
            + " difference"),
    NO_EVENT(
        entries -> {
          StepTaken step = (StepTaken) entries.get(40);
          entries.set((int) step.step(), with(step, List.of()));
        },
        "entry 40 of the journal is not what is decided now; a replay of it shows the"
            + " difference");

    private final Consumer<List<JournalEntry>> how;
    private final String told;

    Damage(Consumer<List<JournalEntry>> how, String told) {
      this.how = how;
      this.told = told;
    }

    private static StepTaken stepOfSameParty(List<JournalEntry> entries, StepTaken step) {
      return entries.stream()
          .filter(StepTaken.class::isInstance)
          .map(StepTaken.class::cast)
          .filter(
              other ->
                  other.party().equals(step.party())
                      && !other.events().isEmpty()
                      && !other.events().equals(step.events()))
          .findFirst()
          .orElseThrow();
    }

    private static StepTaken with(StepTaken step, List<Event> events) {
      return new StepTaken(
          step.step(),
          step.taken(),
          step.party(),
          step.id(),
          step.message(),
          events,
          step.sends(),
          step.outcome(),
          step.properties(),
          step.at());
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_journal_that_is_not_as_it_was_written_is_refused(Damage damage) throws Exception {
    List<JournalEntry> entries = new ArrayList<>(WHOLE);
    damage.how.accept(entries);
    TreeMap<String, List<Object>> byId = new TreeMap<>();
    entries.forEach(entry -> byId.computeIfAbsent(id(entry), id -> new ArrayList<>()).add(entry));
    byId.forEach(journal::persistForRecovery);
    List<JournalEntry> before = journaled();
    RunResult result = Started.now().end();
    assertThat(result).isEqualTo(new RunResult.Failed(damage.told));
    assertThat(journaled()).isEqualTo(before);
  }

  @Test
  void an_entry_that_lies_with_another_party_is_refused() throws Exception {
    JournalEntry first = WHOLE.get(1);
    journal.persistForRecovery(WorldActor.ID, List.of(WHOLE.getFirst()));
    journal.persistForRecovery("iommu", List.of(first));
    assertThat(Started.now().end())
        .isEqualTo(
            new RunResult.Failed(
                "entry 1 of the journal is " + id(first) + "'s, and lies with iommu"));
  }

  @Test
  void an_entry_of_the_world_that_lies_with_a_party_is_refused() throws Exception {
    journal.persistForRecovery("iommu", List.of(WHOLE.getFirst()));
    assertThat(Started.now().end())
        .isEqualTo(
            new RunResult.Failed("entry 0 of the journal is the world's, and lies with iommu"));
  }
}
