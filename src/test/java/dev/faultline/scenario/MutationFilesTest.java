package dev.faultline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.journal.Source;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.design.Revision;
import dev.faultline.scenario.ScenarioLoader.Overrides;
import dev.faultline.scenario.ScenarioLoader.Swap;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.testing.Stories;
import dev.faultline.world.Step;
import dev.faultline.world.World;
import dev.faultline.world.WorldSetup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a mutation changes, from a file or from the command line, and what is told of mistakes. */
class MutationFilesTest {

  private static final Library.OfFiles LIBRARY = new Library.OfFiles(Path.of(""));
  private static final String STORY = "known-bugs/good-fault-and-conversion";

  private static final String HEAD =
      """
      name: changed
      source: a test
      guards: what a test says
      based-on: in-place-v8
      """;

  @TempDir Path folder;

  private String file(String text) throws Exception {
    return Files.writeString(folder.resolve("m.yaml"), HEAD + text).toString();
  }

  private static List<String> words(Revision revision, Operation operation) {
    return StageEdit.words(revision.program(operation).stages());
  }

  private static Revision revision(String name) {
    Problems problems = new Problems();
    Optional<Revision> revision =
        ScenarioLoader.revision(LIBRARY, name, Position.ofFile("test"), problems);
    assertThat(problems.render()).isEmpty();
    return revision.orElseThrow();
  }

  private List<String> told(Problems problems) {
    return problems.sorted().stream()
        .map(problem -> problem.toString().replace(folder + "/", ""))
        .toList();
  }

  private List<String> toldOf(String text) throws Exception {
    Problems problems = new Problems();
    ScenarioLoader.load(LIBRARY, STORY, Overrides.NONE.mutated(List.of(file(text))), problems);
    return told(problems);
  }

  @Test
  void a_mutation_drops_moves_swaps_and_changes_lines_of_its_base() throws Exception {
    Scenario changed =
        Stories.load(
            STORY,
            Overrides.NONE.mutated(
                List.of(
                    file(
                        """
                        drop: {host-fault: [zero-if-new]}
                        move: {convert.to-private: {check-references: before unmap-host}}
                        swap: {guest-fault: {read-attribute: snapshot-invalidations}}
                        change: {punch-hole: [{invalidate-guest-begin: all}]}
                        """))));
    Revision revision = changed.setup().revision();
    assertThat(words(revision, Operation.HOST_FAULT))
        .containsExactly("hold invalidate", "refuse-private", "get-folio", "map-page");
    assertThat(words(revision, Operation.CONVERT_TO_PRIVATE))
        .containsSubsequence("preallocate", "check-references", "unmap-host");
    assertThat(words(revision, Operation.GUEST_FAULT))
        .startsWith("read-attribute", "snapshot-invalidations", "compare-view");
    assertThat(revision.program(Operation.PUNCH_HOLE).acts())
        .isNotEqualTo(revision("in-place-v8").program(Operation.PUNCH_HOLE).acts());
    assertThat(revision.breaks()).isEqualTo(revision("in-place-v8").breaks());
  }

  @Test
  void the_revision_of_the_command_line_is_changed_and_otherwise_that_of_the_mutation() {
    Overrides mutated = Overrides.NONE.mutated(List.of("b01-fault-without-lock-in-place"));
    Scenario own = Stories.load("known-bugs/good-fault-and-vm-attributes", mutated);
    assertThat(own.setup().revision().attributes()).isEqualTo(revision("in-place-v8").attributes());
    Overrides other =
        new Overrides(
            Optional.empty(),
            Optional.of("rfc-2024-09"),
            Optional.empty(),
            Optional.empty(),
            mutated.mutations(),
            List.of(),
            List.of());
    Scenario asked = Stories.load("known-bugs/good-fault-and-vm-attributes", other);
    assertThat(asked.setup().revision().attributes())
        .isEqualTo(revision("rfc-2024-09").attributes());
    assertThat(words(asked.setup().revision(), Operation.HOST_FAULT))
        .doesNotContain("hold invalidate");
  }

  @Test
  void a_mutation_changes_the_scenarios_vmm_and_mode() throws Exception {
    String forgets = "vmm: {to-private: [set-attributes]}\n";
    Scenario scenario =
        Stories.load(
            "known-bugs/good-mapped-by-child", Overrides.NONE.mutated(List.of(file(forgets))));
    assertThat(scenario.setup().vmm().name()).isEqualTo("never-gives-up");
    assertThat(scenario.setup().revision().operations())
        .isEqualTo(revision("in-place-v8").under(scenario.setup().mode()).operations());
    assertThat(Stories.run(scenario).everBroken()).containsExactly("VmmMapMatchesKvm");
    Scenario trusting =
        Stories.load(
            "known-bugs/good-slow-pin",
            Overrides.NONE.mutated(List.of(file("mode: {trusted-io: yes}\n"))));
    assertThat(trusting.setup().mode().trustedIo()).isTrue();
    assertThat(toldOf("vmm: {to-private: [record]}\n"))
        .containsExactly("m.yaml:5:19: a conversion has the step \"set-attributes\" once");
    assertThat(toldOf("mode: {trusted: yes}\n"))
        .containsExactly(
            "m.yaml:5:8: unknown key \"trusted\" in a change of a mode; one of: conversion,"
                + " anchor, trusted-io");
  }

  @Test
  void what_a_design_must_not_do_a_mutation_may() throws Exception {
    String open = "drop: {convert.to-private: [invalidate-guest-end]}\n";
    assertThat(toldOf(open)).isEmpty();
    Problems problems = new Problems();
    Path design =
        Files.writeString(
            folder.resolve("r.yaml"), "name: r\nsource: x\nbased-on: in-place-v8\n" + open);
    ScenarioLoader.revision(LIBRARY, design.toString(), Position.ofFile("test"), problems);
    assertThat(told(problems))
        .containsExactly(
            "r.yaml:4:29: in convert.to-private \"invalidate-guest-begin\" needs"
                + " \"invalidate-guest-end\" after it; without it the guest's faults would begin"
                + " again for ever");
  }

  @Test
  void mistakes_in_a_mutation_are_told_with_their_place() throws Exception {
    assertThat(
            toldOf(
                """
                drop: {convert.to-private: [unmap-hots], host-fault: [get-folio]}
                swap: {host-fault: {hold invalidate: refuse-private}}
                change:
                  host-fault:
                    - hold: {invalidate: exclusive}
                      acts: [zero-if-new]
                """))
        .containsExactly(
            "m.yaml:5:29: no \"unmap-hots\" in convert.to-private; did you mean \"unmap-host\"?",
            "m.yaml:6:38: \"hold invalidate\" and \"refuse-private\" cannot change places: one is"
                + " under the other; name two lines side by side",
            "m.yaml:9:7: only an act is changed; drop and move are for locks");
    assertThat(toldOf("drop: {guest-fault: [get-page]}\n"))
        .containsExactly(
            "m.yaml:5:22: guest-fault cannot do without \"get-page\"",
            "m.yaml:5:22: in guest-fault \"install-mapping\" needs \"get-page\" before it");
    assertThat(toldOf("violates: PrivatePageIsNeverHostMaped\nunmap: yes\n"))
        .hasSize(2)
        .anyMatch(text -> text.contains("did you mean \"PrivatePageIsNeverHostMapped\"?"));
  }

  @Test
  void an_act_is_left_out_of_one_operation_or_of_all_that_have_it() {
    Revision all =
        Stories.load(STORY, Overrides.NONE.edited(List.of("zero-if-new"), List.of()))
            .setup()
            .revision();
    assertThat(words(all, Operation.HOST_FAULT)).doesNotContain("zero-if-new");
    assertThat(words(all, Operation.GET_PAGE)).doesNotContain("zero-if-new");
    Revision one =
        Stories.load(STORY, Overrides.NONE.edited(List.of("get-page:zero-if-new"), List.of()))
            .setup()
            .revision();
    assertThat(words(one, Operation.HOST_FAULT)).contains("zero-if-new");
    assertThat(words(one, Operation.GET_PAGE)).doesNotContain("zero-if-new");
    Revision lock =
        Stories.load(STORY, Overrides.NONE.edited(List.of("host-fault:hold invalidate"), List.of()))
            .setup()
            .revision();
    assertThat(words(lock, Operation.HOST_FAULT)).doesNotContain("hold invalidate");
  }

  @Test
  void two_acts_change_places() {
    Revision swapped =
        Stories.load(
                STORY,
                Overrides.NONE.edited(
                    List.of(), List.of(new Swap("store-attributes", "check-references"))))
            .setup()
            .revision();
    assertThat(words(swapped, Operation.CONVERT_TO_PRIVATE))
        .containsSubsequence("store-attributes", "invalidate-guest-begin", "check-references");
  }

  private List<String> toldOf(List<String> without, List<Swap> swaps) {
    Problems problems = new Problems();
    ScenarioLoader.load(LIBRARY, STORY, Overrides.NONE.edited(without, swaps), problems);
    return told(problems);
  }

  @Test
  void names_on_the_command_line_that_mean_nothing_are_told() {
    assertThat(toldOf(List.of("unmap-hots"), List.of()))
        .containsExactly(
            "--without \"unmap-hots\": no act \"unmap-hots\" in in-place-v8; did you mean"
                + " \"unmap-host\"?");
    assertThat(toldOf(List.of("convert.to-privat:unmap-host"), List.of()))
        .containsExactly(
            "--without \"convert.to-privat:unmap-host\": in-place-v8 has no operation"
                + " \"convert.to-privat\"; did you mean \"convert.to-private\"?");
    assertThat(toldOf(List.of("host-fault:unmap-host"), List.of()))
        .hasSize(1)
        .allMatch(text -> text.contains("no act \"unmap-host\" in host-fault"));
    assertThat(toldOf(List.of(), List.of(new Swap("unmap-host", "map-page"))))
        .containsExactly(
            "--swap \"unmap-host\" \"map-page\": no operation has both; \"unmap-host\" is in"
                + " convert.to-private, \"map-page\" in host-fault");
    assertThat(toldOf(List.of("guest-fault:get-page"), List.of()))
        .anyMatch(text -> text.contains("guest-fault cannot do without \"get-page\""));
  }

  @Test
  void a_journal_brings_its_mutations_along() {
    Overrides overrides =
        Overrides.NONE
            .mutated(List.of("b39-attribute-before-snapshot"))
            .edited(List.of("zero-if-new"), List.of(new Swap("refuse-private", "get-folio")));
    Scenario scenario = Stories.load("known-bugs/good-guest-fault-and-conversion", overrides);
    Problems problems = new Problems();
    Optional<Scenario> again = ScenarioLoader.fromSources(scenario.sources(), problems);
    assertThat(problems.render()).isEmpty();
    assertThat(again.orElseThrow().setup()).isEqualTo(scenario.setup());
    assertThat(again.get().setup().revision().operations())
        .isNotEqualTo(revision("in-place-v8").operations());
  }

  @Test
  void each_line_and_each_pair_of_neighbours_is_a_single_mutation() {
    Revision base = revision("in-place-v8");
    List<String> names = SingleMutation.of(base).stream().map(SingleMutation::name).toList();
    assertThat(names)
        .doesNotHaveDuplicates()
        .contains(
            "convert.to-private without hold invalidate",
            "convert.to-private without unmap-host",
            "convert.to-private with check-references before unmap-host",
            "guest-fault with get-page before compare-view",
            "guest-fault with check-stale before get-page");
    int made = 0;
    for (SingleMutation single : SingleMutation.of(base)) {
      Problems problems = new Problems();
      Optional<Revision> changed = single.of(base, problems);
      assertThat(changed.isPresent()).as(single.name()).isEqualTo(problems.isEmpty());
      made += changed.isPresent() ? 1 : 0;
      changed.ifPresent(
          revision ->
              assertThat(revision.program(single.operation()))
                  .as(single.name())
                  .isNotEqualTo(base.program(single.operation())));
    }
    assertThat(made).isBetween(50, names.size() - 1);
  }

  /** Whatever a mutation leaves out, deciders go on as the kernel's code would: none throws. */
  @Test
  void no_single_mutation_of_a_shipped_revision_throws_in_a_scenario_of_the_known_bugs() {
    List<String> stories =
        LIBRARY.names(Source.Kind.SCENARIO).stream()
            .filter(name -> name.startsWith("known-bugs/"))
            .toList();
    for (String base : List.of("in-place-v8", "rfc-2024-09", "linux-7.3", "thread-notify")) {
      Revision revision = revision(base);
      List<WorldSetup> worlds =
          stories.stream()
              .map(story -> Stories.load(story, Stories.revision(base)).setup())
              .toList();
      for (SingleMutation single : SingleMutation.of(revision)) {
        Optional<Revision> changed = single.of(revision, new Problems());
        changed.ifPresent(
            mutated -> worlds.forEach(world -> walks(with(mutated, world), single.name())));
      }
    }
  }

  private static WorldSetup with(Revision revision, WorldSetup world) {
    return new WorldSetup(
        world.mode(),
        revision,
        world.vmm(),
        world.guest(),
        world.pageCount(),
        world.shared(),
        world.vcpus(),
        world.users(),
        world.open(),
        world.scripts(),
        world.channelBound());
  }

  private static void walks(WorldSetup setup, String name) {
    World world = World.start(setup);
    try {
      for (int step = 1; step <= 120 && !world.enabled().isEmpty(); step++) {
        List<Step> steps = world.enabled();
        world = world.step(steps.get(Math.floorMod(Objects.hash(step, name), steps.size())));
      }
    } catch (RuntimeException bug) {
      throw new AssertionError(setup.revision().name() + ", " + name, bug);
    }
  }
}
