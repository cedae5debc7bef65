package dev.faultline.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.protocol.message.PartyId;
import dev.faultline.scenario.Expected;
import dev.faultline.scenario.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.testing.Stories;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process may die at any moment where a scenario leaves that open, and only there. */
class OpenDeathsTest {

  private static final String STORY =
      """
      story: Two processes load a page, one of them with a second thread; the VMM converts it.
      mode: tdx
      revision: rfc-2024-09
      memory: {size: 4 KiB, shared: 0..4 KiB}
      parties:
        app: {kind: process}
        second: {kind: thread, of: app}
        other: {kind: process}
        helper: {kind: thread}
        ring: {kind: io-uring}
        nic: {kind: vfio}
      open: [%s]
      script:
        app:
          - load: 0
            name: read
        other:
          - await: read
          - load: 0
            name: behind
        vmm:
          - await: [app, other]
          - set-private: 0..4 KiB
            name: convert
      """;

  private static final String KILLED =
      """
      story: The VMM kills a process before it does anything.
      mode: sw-protected
      revision: rfc-2024-09
      memory: {size: 4 KiB}
      parties: {app: {kind: process}}
      script:
        app:
          - await: killed
          - load: 0
            name: read
        vmm:
          - kill: app
            name: killed
      """;

  private final Stories stories;

  OpenDeathsTest(@TempDir Path folder) {
    this.stories = new Stories(folder);
  }

  private World start(String open) {
    return World.start(stories.scenario(STORY.formatted(open)).setup());
  }

  private static List<String> deaths(World world) {
    return world.enabled().stream().map(StepText::of).filter(it -> it.startsWith("kill")).toList();
  }

  private static PartyId party(World world, String name) {
    return world.parties().stream().filter(it -> it.name().equals(name)).findAny().orElseThrow();
  }

  private static World with(World world, String... steps) {
    World next = world;
    for (String text : steps) {
      Step step = ((StepText.Reading.Read) StepText.read(text, world.parties())).step();
      assertThat(next.enabled()).contains(step);
      next = next.step(step);
    }
    return next;
  }

  @Test
  void those_may_die_whom_the_scenario_names_each_once_and_a_thread_with_its_process() {
    assertThat(deaths(start("allocation-fails"))).isEmpty();
    assertThat(deaths(start("process-dies"))).containsExactly("kill app", "kill other");
    assertThat(deaths(start("vmm-dies"))).containsExactly("kill vmm");
    World all = start("vmm-dies, process-dies");
    assertThat(deaths(all)).containsExactly("kill vmm", "kill app", "kill other");
    World after = with(all, "kill app");
    assertThat(deaths(after)).containsExactly("kill vmm", "kill other");
    PartyId second = party(after, "second");
    assertThat(after.isDead(second)).isFalse();
    assertThat(with(after, "deliver app task 1 -> second").isDead(second)).isTrue();
    assertThat(with(all, "kill vmm").isDead(Parties.VMM)).isTrue();
  }

  @Test
  void what_a_dead_process_was_to_do_holds_nobody_back() {
    World world = with(start("process-dies"), "kill app");
    assertThat(world.holds(new Await.Ended("read"))).isTrue();
    assertThat(world.holds(new Await.Ended("behind"))).isFalse();
    assertThat(start("process-dies").holds(new Await.Ended("read"))).isFalse();
    World killed = Stories.run(stories.scenario(KILLED)).world();
    assertThat(killed.holds(new Await.Finished(party(killed, "app")))).isTrue();
    // Whom a script kills the author knows of.
    assertThat(killed.holds(new Await.Ended("read"))).isFalse();
  }

  @Test
  void nobody_dies_where_nothing_else_can_happen() {
    Scenario scenario = stories.scenario(STORY.formatted("process-dies, vmm-dies"));
    TreeSet<Integer> dead = new TreeSet<>();
    TreeSet<String> answers = new TreeSet<>();
    for (int seed = 0; seed < 60; seed++) {
      World end = Stories.run(scenario, new Schedule.Random(seed)).world();
      assertThat(end.enabled()).isEmpty();
      dead.add((int) end.setup().mortals().stream().filter(end::isDead).count());
      answers.add(end.result("read").map(Expected::word).orElse("no answer"));
    }
    assertThat(dead).containsExactly(0, 1, 2, 3);
    // Where the VMM dies before it has shared the page, a load is SIGBUS.
    assertThat(answers).containsExactly("0", "SIGBUS", "died", "no answer");
  }

  @Test
  void fifo_waits_for_no_death() {
    Scenario open = stories.scenario(STORY.formatted("process-dies, vmm-dies"));
    Scenario closed = stories.scenario(STORY.formatted(""));
    Run run = Stories.run(open);
    assertThat(run.world().channels()).isEqualTo(Stories.run(closed).world().channels());
    assertThat(run.agenda().step()).isEqualTo(Stories.run(closed).agenda().step());
    assertThat(open.setup().mortals()).noneMatch(run.world()::isDead);
  }

  @Test
  void a_recorded_death_that_cannot_come_is_told_with_the_reason() {
    String recorded = STORY + "schedule:\n  - kill app\n  - kill %s\n";
    assertThat(failure(recorded.formatted("process-dies", "app")))
        .contains("step 2 cannot be taken: kill app: app is dead; what can be taken: ");
    assertThat(failure(recorded.formatted("process-dies", "vmm")))
        .contains(
            "kill vmm: nobody's script says so, and \"open: [vmm-dies]\" does not leave it open;");
    assertThat(failure(recorded.formatted("process-dies", "ring")))
        .contains("kill ring: nobody's script says so, and it is no process that dies of itself;");
  }

  private String failure(String text) {
    Scenario scenario = stories.scenario(text);
    Run run = Stories.run(scenario, scenario.ownSchedule());
    Optional<String> failure = run.failures().stream().findFirst();
    return failure.orElseThrow();
  }
}
