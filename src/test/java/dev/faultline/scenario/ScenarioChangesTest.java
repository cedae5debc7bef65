package dev.faultline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.journal.Source;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.design.Revision;
import dev.faultline.scenario.ScenarioLoader.Overrides;
import dev.faultline.scenario.ScenarioLoader.Swap;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.testing.Stories;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scenario says that is changed of its revision, and what is told of mistakes in it. */
class ScenarioChangesTest {

  private static final String HEAD =
      """
      story: A guest accepts memory.
      mode: tdx
      memory: {size: 16 MiB}
      script: {guest: [accept: 4 MiB]}
      """;

  @TempDir Path folder;

  private Stories stories;

  @BeforeEach
  void begin() {
    stories = new Stories(folder);
  }

  private static List<String> words(Revision revision, Operation operation) {
    return StageEdit.words(revision.program(operation).stages());
  }

  private Revision revision(String changes) {
    return stories.scenario(HEAD + changes).setup().revision();
  }

  private Scenario over(String changes, Overrides overrides) {
    return Stories.load(stories.file("story.yaml", HEAD + changes), overrides);
  }

  private List<String> told(String changes) {
    Problems problems = new Problems();
    ScenarioLoader.load(
        new Library.OfFiles(Path.of("")),
        stories.file("story.yaml", HEAD + changes),
        Overrides.NONE,
        problems);
    return problems.sorted().stream()
        .map(problem -> problem.toString().replace(folder + "/", ""))
        .toList();
  }

  private static List<String> mutations(Scenario scenario) {
    return scenario.sources().stream()
        .filter(source -> source.kind() == Source.Kind.MUTATION)
        .map(Source::name)
        .toList();
  }

  /** A journal that is read again gives the same, and the same once more. */
  private static void assertComesBack(Scenario scenario) {
    Problems problems = new Problems();
    Optional<Scenario> again = ScenarioLoader.fromSources(scenario.sources(), problems);
    assertThat(problems.render()).isEmpty();
    assertThat(again.orElseThrow().setup()).isEqualTo(scenario.setup());
    assertThat(again.get().sources()).isEqualTo(scenario.sources());
  }

  @Test
  void a_mutation_says_which_revision_it_changes_unless_the_scenario_does() {
    Revision of = revision("mutations: [b01-fault-without-lock]\n");
    Revision same =
        Stories.load("known-bugs/good-fault-and-vm-attributes", Stories.revision("rfc-2024-09"))
            .setup()
            .revision();
    assertThat(of.attributes()).isEqualTo(same.attributes());
    assertThat(words(same, Operation.HOST_FAULT)).contains("hold invalidate");
    assertThat(words(of, Operation.HOST_FAULT)).doesNotContain("hold invalidate");
    Revision said = revision("revision: in-place-v8\nmutations: [b01-fault-without-lock]\n");
    assertThat(said.attributes()).isNotEqualTo(same.attributes());
    assertThat(words(said, Operation.HOST_FAULT)).doesNotContain("hold invalidate");
  }

  @Test
  void mutations_are_named_or_written_down_and_come_one_after_the_other() {
    String path =
        stories.file(
            "first.yaml",
            """
            name: first
            source: a test
            guards: what a test says
            based-on: in-place-v8
            drop: {get-page: [zero-if-new]}
            """);
    Scenario scenario =
        stories.scenario(
            HEAD
                + "mutations:\n  - "
                + path
                + """

                  - name: first            # the same name
                    source: a test
                    guards: what a test says
                    based-on: in-place-v8
                    drop: {host-fault: [zero-if-new]}
                  - {name: third, source: a test, guards: what a test says,
                     based-on: in-place-v8, drop: {host-fault: [refuse-private]}}
                without: [convert.to-private:unmap-host, 'punch-hole:hold invalidate']
                swap: [[guest-fault:read-attribute, snapshot-invalidations]]
                """);
    Revision revision = scenario.setup().revision();
    assertThat(words(revision, Operation.GET_PAGE)).doesNotContain("zero-if-new");
    assertThat(words(revision, Operation.HOST_FAULT))
        .containsExactly("hold invalidate", "get-folio", "map-page");
    assertThat(words(revision, Operation.CONVERT_TO_PRIVATE)).doesNotContain("unmap-host");
    assertThat(words(revision, Operation.PUNCH_HOLE)).doesNotContain("hold invalidate");
    assertThat(words(revision, Operation.GUEST_FAULT))
        .startsWith("read-attribute", "snapshot-invalidations");
    assertThat(mutations(scenario)).containsExactly("first", "first", "third", "on-the-fly");
    assertComesBack(scenario);
  }

  @Test
  void the_command_line_adds_to_what_the_scenario_changes() {
    String changes =
        "mutations: [b39-attribute-before-snapshot]\nwithout: [get-page:zero-if-new]\n";
    Scenario scenario =
        over(
            changes,
            Overrides.NONE
                .mutated(List.of("b01-fault-without-lock-in-place"))
                .edited(
                    List.of("host-fault:zero-if-new"),
                    List.of(new Swap("store-attributes", "check-references"))));
    Revision revision = scenario.setup().revision();
    assertThat(words(revision, Operation.GET_PAGE)).doesNotContain("zero-if-new");
    assertThat(words(revision, Operation.HOST_FAULT))
        .doesNotContain("zero-if-new", "hold invalidate");
    assertThat(words(revision, Operation.CONVERT_TO_PRIVATE))
        .containsSubsequence("store-attributes", "check-references");
    assertThat(mutations(scenario))
        .containsExactly(
            "b39-attribute-before-snapshot", "b01-fault-without-lock-in-place", "on-the-fly");
    assertComesBack(scenario);
  }

  @Test
  void what_a_design_must_not_do_the_changes_of_a_scenario_may() {
    assertThat(told("without: [convert.to-private:invalidate-guest-end]\n")).isEmpty();
  }

  @Test
  void mistakes_are_told_where_they_stand() {
    assertThat(told("mutations: [b01-fault-without-look]\n"))
        .containsExactly(
            "story.yaml:5:13: no mutation \"b01-fault-without-look\" as a path, in ./conf/mutation"
                + " or among those that come with faultline; did you mean"
                + " \"b01-fault-without-lock\"?");
    assertThat(told("without: [zero-if-new, unmap-hots]\n"))
        .containsExactly(
            "story.yaml:5:24: no act \"unmap-hots\" in in-place-v8; did you mean \"unmap-host\"?");
    assertThat(told("without: [convert.to-privat:unmap-host]\n"))
        .containsExactly(
            "story.yaml:5:11: in-place-v8 has no operation \"convert.to-privat\"; did you mean"
                + " \"convert.to-private\"?");
    assertThat(told("swap:\n  - [unmap-host, check-references]\n  - [unmap-host]\n"))
        .containsExactly("story.yaml:7:5: expected a list of two, found a list of 1");
    assertThat(told("swap:\n  - [unmap-host, map-pag]\n  - [unmap-host, map-page]\n"))
        .containsExactly(
            "story.yaml:6:18: no act \"map-pag\" in in-place-v8; did you mean \"map-page\"?",
            "story.yaml:7:6: no operation has both; \"unmap-host\" is in convert.to-private,"
                + " \"map-page\" in host-fault");
    assertThat(told("swap: [[unmap-host, check-references], [unmap-host, store-attributes]]\n"))
        .containsExactly(
            "story.yaml:5:41: \"unmap-host\" is to change places twice in convert.to-private; name"
                + " it first once");
    // What follows of a line is told at the line.
    assertThat(told("without:\n  - zero-if-new\n  - guest-fault:get-page\n"))
        .containsExactly(
            "story.yaml:7:5: guest-fault cannot do without \"get-page\"",
            "story.yaml:7:5: in guest-fault \"install-mapping\" needs \"get-page\" before it");
    assertThat(
            told(
                """
                mutations:
                  - name: one
                    source: a test
                    guards: what a test says
                    based-on: in-place-v8
                    drop: {host-fault: [zero-if-knew]}
                  - name: two
                    gards: a misspelling
                """))
        .containsExactly(
            "story.yaml:10:25: no \"zero-if-knew\" in host-fault; did you mean \"zero-if-new\"?",
            "story.yaml:11:5: a mutation needs the key \"based-on\": the revision that it changes,"
                + " or goes with",
            "story.yaml:11:5: a mutation needs the key \"source\": where it can be read: series,"
                + " version, file",
            "story.yaml:12:5: unknown key \"gards\" in a mutation; did you mean \"guards\"?");
    assertThat(
            told(
                """
                mutations:
                  - b39-attribute-before-snapshot
                  - name: one
                    source: a test
                    guards: what a test says
                    based-on: in-place-v8
                    drop: {host-fault: [zero-if-knew]}
                """))
        .containsExactly(
            "story.yaml:11:25: no \"zero-if-knew\" in host-fault; did you mean \"zero-if-new\"?");
  }
}
