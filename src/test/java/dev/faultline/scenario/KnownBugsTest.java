package dev.faultline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.journal.Source;
import dev.faultline.scenario.ScenarioLoader.Mutated;
import dev.faultline.scenario.ScenarioLoader.Overrides;
import dev.faultline.scenario.yaml.Field;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.scenario.yaml.Shape;
import dev.faultline.scenario.yaml.Shapes;
import dev.faultline.scenario.yaml.YamlDocument;
import dev.faultline.scenario.yaml.YamlSource;
import dev.faultline.testing.ShortestViolation;
import dev.faultline.testing.Stories;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each known bug is found where it is in, and nothing is where it is not. The searches also write
 * src/doc/known-bugs.md.
 *
 * <p>{@code mvn -q -B test -Dtest=KnownBugsTest -Dfaultline.record=true} writes it anew.
 */
class KnownBugsTest {

  private static final Library LIBRARY = new Library.OfFiles(Path.of(""));
  private static final Path DOCUMENT = Path.of("src", "doc", "known-bugs.md");
  private static final Path WAITING = Path.of("src", "doc", "known-bugs-waiting.yaml");

  /** The bugs of the list's first three groups, and those of restricted mapping. */
  private static final List<String> LISTED =
      List.of(
          "B01", "B04", "B09", "B10", "B12", "B13", "B16", "B21", "B22", "B28", "B29", "B30", "B33",
          "B35", "B36", "B37", "B39", "B40", "B50", "B75", "B76", "B78", "B85", "B91");

  /** A mutation's scenario, searched with the mutation and without. */
  private record Searched(
      String name,
      Mutation mutation,
      String scenario,
      ShortestViolation.Found with,
      ShortestViolation.Found without) {

    Optional<Integer> steps() {
      return mutation.violates().map(with.shortest()::get);
    }
  }

  private static final Map<String, List<Searched>> SEARCHED =
      Collections.synchronizedMap(new TreeMap<>());

  static List<String> mutations() {
    return new Library.OfFiles(Path.of("")).names(Source.Kind.MUTATION);
  }

  private static Mutated mutated(String name) {
    Problems problems = new Problems();
    Optional<Mutated> mutated = ScenarioLoader.mutation(LIBRARY, name, problems);
    assertThat(problems.render()).isEmpty();
    return mutated.orElseThrow();
  }

  private static List<Searched> searched(String name) {
    return SEARCHED.computeIfAbsent(name, KnownBugsTest::search);
  }

  private static List<Searched> search(String name) {
    Mutation mutation = mutated(name).mutation();
    List<Searched> searched = new ArrayList<>();
    for (String scenario : mutation.scenarios()) {
      searched.add(
          new Searched(
              name,
              mutation,
              scenario,
              search(Stories.load(scenario, Overrides.NONE.mutated(List.of(name)))),
              search(Stories.load(scenario, Stories.revision(mutation.basedOn())))));
    }
    return searched;
  }

  /** The one place that knows how a world is searched. */
  private static ShortestViolation.Found search(Scenario scenario) {
    return ShortestViolation.search(scenario);
  }

  @ParameterizedTest
  @MethodSource("mutations")
  void a_mutation_breaks_what_it_says_and_without_it_nothing_breaks(String name) {
    assertThat(searched(name)).isNotEmpty();
    for (Searched one : searched(name)) {
      assertThat(one.with().shortest()).containsKey(one.mutation().violates().orElseThrow());
      assertThat(one.without().shortest()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("mutations")
  void a_shipped_mutation_says_what_it_stands_for_and_goes_by_its_files_name(String name)
      throws Exception {
    Mutated mutated = mutated(name);
    Mutation mutation = mutated.mutation();
    assertThat(mutation.name()).isEqualTo(name);
    assertThat(mutation.bug()).isPresent();
    assertThat(mutation.steps()).isPresent();
    String text = Files.readString(Path.of("conf/mutation", name + ".yaml"));
    if (!text.contains("\nmode:") && !text.contains("\nvmm:")) {
      assertThat(mutated.revision().operations()).isNotEqualTo(mutated.base().operations());
    }
  }

  @Test
  void every_listed_bug_is_held_or_waits_for_a_reason() throws Exception {
    TreeSet<String> known = new TreeSet<>();
    mutations().forEach(name -> known.add(mutated(name).mutation().bug().orElseThrow()));
    assertThat(waiting()).extracting(Waiting::bug).doesNotContainAnyElementsOf(known);
    waiting().forEach(bug -> known.add(bug.bug()));
    assertThat(known).containsAll(LISTED);
  }

  // The document.

  /** A bug that no mode at hand can hold. */
  private record Waiting(String bug, String what, String why) {}

  private static final Field<String> BUG = Field.required("bug", Shapes.text(), "its number");
  private static final Field<String> WHAT = Field.required("what", Shapes.text(), "what it is");
  private static final Field<String> WHY = Field.required("why", Shapes.text(), "what is missing");
  private static final Shape<List<Waiting>> WAITING_SHAPE =
      Shapes.list(
          Shapes.object(
              "bug",
              List.of(BUG, WHAT, WHY),
              v -> new Waiting(v.get(BUG), v.get(WHAT), v.get(WHY))));

  private static List<Waiting> waiting() throws Exception {
    Problems problems = new Problems();
    YamlSource source = new YamlSource(WAITING.toString(), Files.readString(WAITING));
    Optional<List<Waiting>> waiting =
        YamlDocument.parse(source, problems).flatMap(node -> WAITING_SHAPE.decode(node, problems));
    assertThat(problems.render()).isEmpty();
    return waiting.orElseThrow();
  }

  private static final String INTRODUCTION =
      """
      # Known bugs, as mutations

      Generated by KnownBugsTest from `conf/mutation` and from what its searches find; do not edit.

      A mutation is a design that is right with one change. Each is searched breadth first, all
      interleavings of a small scenario, twice: with the change the property breaks, or the world is
      stuck; in the design that it is based on, no property breaks and every script comes to its end, in
      all states.

      *Steps* is the length of the shortest counterexample, in steps of the model: a message delivered,
      an act of the kernel, a line of a script. The first of them (*start*) bring memory to its first
      view and are no part of the race. *Listed* is the length of the counterexample that is written
      down with the bug, in lines; a line there is up to a whole call. As the search is breadth first,
      no way to the violation is shorter, told in steps of the model; so neither is the listed one.
      *States* are distinct worlds, each with what the properties remember of its past.

      | bug | mutation | of | scenario | what breaks | steps | start | listed | states | states without |
      |-----|----------|----|----------|-------------|------:|------:|-------:|-------:|---------------:|
      """;

  private static String document() throws Exception {
    StringBuilder text = new StringBuilder(INTRODUCTION);
    List<Searched> all = mutations().stream().flatMap(name -> searched(name).stream()).toList();
    for (Searched one : all) {
      text.append(
          row(
              one.mutation().bug().orElseThrow(),
              "`" + one.name() + "`",
              "`" + one.mutation().basedOn() + "`",
              "`" + one.scenario() + "`",
              one.mutation().violates().orElseThrow(),
              one.steps().map(String::valueOf).orElse("not found"),
              String.valueOf(one.with().start()),
              one.mutation().steps().map(String::valueOf).orElse(""),
              String.valueOf(one.with().states()),
              String.valueOf(one.without().states())));
    }
    text.append(
        "\n## What each one guards\n\n| mutation | guards | source | coarser than the bug |\n");
    text.append("|----------|--------|--------|----------------------|\n");
    for (String name : mutations()) {
      Mutation mutation = mutated(name).mutation();
      text.append(
          row("`" + name + "`", mutation.guards(), mutation.source(), mutation.model().orElse("")));
    }
    text.append(
        "\n"
            + "## What waits\n\n"
            + "From `src/doc/known-bugs-waiting.yaml`: bugs of the same groups that the modes at"
            + " hand cannot hold.\n\n"
            + "| bug | what | what is missing |\n"
            + "|-----|------|-----------------|\n");
    for (Waiting bug : waiting()) {
      text.append(row(bug.bug(), bug.what(), bug.why()));
    }
    return text.toString();
  }

  private static String row(String... cells) {
    return "| " + String.join(" | ", Stream.of(cells).map(String::strip).toList()) + " |\n";
  }

  @Test
  void the_document_says_what_the_searches_find() throws Exception {
    if (Boolean.getBoolean("faultline.record")) {
      Files.writeString(DOCUMENT, document());
    }
    assertThat(Files.readString(DOCUMENT)).isEqualTo(document());
  }
}
