package dev.faultline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.property.Views;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.protocol.message.Result;
import dev.faultline.testing.Stories;
import dev.faultline.world.Parties;
import dev.faultline.world.World;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a scenario says is there before the first step, and what its threads can do from then. */
class BeginningTest {

  @TempDir Path folder;

  private Stories stories;

  @BeforeEach
  void begin() {
    stories = new Stories(folder);
  }

  private static final String PRESENT =
      """
      story: Pages are there at first.
      mode: sw-protected
      revision: %s
      vmm: skips-at-memory-fault
      memory:
        size: 3 pages
        shared: 0..2 pages
        present:
          - {at: 0..2 pages, value: 7, mapped-by: [vmm, app], pinned-by: ring}
          - {at: 2 pages, value: 8, mapped-by: guest}
      parties:
        app: {kind: process}
        ring: {kind: io-uring}
        t: {kind: thread, sigbus: caught}
      script:
      %s
      """;

  private Scenario scenario(String revision, String script) {
    return stories.scenario(PRESENT.formatted(revision, script));
  }

  private static List<Result> results(Scenario scenario, String party) {
    World end = Stories.run(scenario).world();
    return end.scripts().entrySet().stream()
        .filter(script -> script.getKey().name().equals(party))
        .findFirst()
        .orElseThrow()
        .getValue()
        .results();
  }

  @ParameterizedTest
  @ValueSource(strings = {"in-place-v8", "rfc-2024-09", "rfc-2024-09-without-lock"})
  void pages_are_there_before_the_first_step(String revision) {
    World start = World.start(scenario(revision, "  t: [{load: 0}]").setup());
    PartyId app = Parties.memoryOf(PartyId.of(PartyKind.HOST_IO, "app"));
    assertThat(start.gmem().tasks()).isEmpty();
    assertThat(start.kvm().tasks()).isEmpty();
    assertThat(start.gmem().mappers()).containsExactlyInAnyOrder(app, Parties.VMM_MEMORY);
    assertThat(Views.isPrivate(start, 1)).isFalse();
    assertThat(Views.isPrivate(start, 2)).isTrue();
    assertThat(End.of(start).holders())
        .isEqualTo("mapped: 0..1 by app, 0..1 by vmm, 2 by guest (private); pinned: 0..1 by ring");
    assertThat(End.of(start).text()).isEqualTo("-   SSP");
  }

  @Test
  void what_is_there_is_read_without_a_fault() {
    Scenario scenario =
        scenario("in-place-v8", "  t: [{load: 0}, {guest-load: 2 pages}, {load: 1 page}]");
    assertThat(results(scenario, "t"))
        .containsExactly(new Result.Loaded(7), new Result.Loaded(8), new Result.Loaded(7));
    assertThat(End.of(Stories.run(scenario).world()).text()).isEqualTo("7, 8, 7   SSP");
  }

  @Test
  void a_thread_that_catches_sigbus_goes_on() {
    Scenario scenario =
        scenario("in-place-v8", "  t: [{load: 2 pages}, {load: 0}, {set-shared: 2 pages}]");
    World end = Stories.run(scenario).world();
    assertThat(End.of(end).text()).isEqualTo("SIGBUS, 7, 0   SSS");
    assertThat(end.vmm().dead()).isFalse();
  }

  @Test
  void a_line_is_tried_again_after_an_error_as_often_as_it_says() {
    Scenario refused =
        scenario("in-place-v8", "  t: [{set-private: 0..3 pages, tries: 3}, {load: 1 page}]");
    World end = Stories.run(refused).world();
    assertThat(End.of(end).text()).isEqualTo("EAGAIN@0,EAGAIN@0,EAGAIN@0, 7   SSP");
    assertThat(results(refused, "t")).hasSize(2);
    Scenario done = scenario("in-place-v8", "  t: [{set-private: 2 pages, tries: 3}]");
    assertThat(End.of(Stories.run(done).world()).text()).isEqualTo("0   SSP");
  }

  @Test
  void worlds_that_ended_alike_have_equal_ends() {
    Scenario scenario = scenario("in-place-v8", "  t: [{load: 0}, {unmap: 0..2 pages}]");
    End end = End.of(Stories.run(scenario).world());
    assertThat(end).isEqualTo(End.of(Stories.run(scenario).world()));
    assertThat(end).isNotEqualTo(End.of(World.start(scenario.setup())));
    assertThat(end.text()).isEqualTo("7, 0   SSP");
    assertThat(end.holders())
        .isEqualTo("mapped: 0..1 by app, 2 by guest (private); pinned: 0..1 by ring");
  }
}
