package dev.faultline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.property.Monitor;
import dev.faultline.property.expression.Promise;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.testing.Stories;
import dev.faultline.world.Schedule;
import dev.faultline.world.Step;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scenario promises of itself: how it is read, and how a run judges it. */
class PromisesTest {

  private static final String STORY =
      """
      story: An application touches what the VMM takes back.
      mode: sw-protected
      memory: {size: 4 pages, shared: 0..4 pages}
      parties: {app: {kind: process}}
      script:
        app: [{store: {at: 0, value: 7}, name: write}]
        vmm: [{await: write}, {set-private: 0, name: convert}]
      """;

  @TempDir Path folder;

  private Stories stories;

  @BeforeEach
  void begin() {
    stories = new Stories(folder);
  }

  private Scenario promising(String promises) {
    return stories.scenario(STORY + promises);
  }

  private List<String> failures(String promises) {
    return Stories.run(promising(promises)).failures();
  }

  private List<String> told(String text) {
    Problems problems = new Problems();
    ScenarioLoader.load(
        new Library.OfFiles(Path.of("")),
        stories.file("s.yaml", text),
        ScenarioLoader.Overrides.NONE,
        problems);
    return problems.sorted().stream()
        .map(problem -> problem.toString().replace(folder + "/", ""))
        .toList();
  }

  // Reading.

  @Test
  void promises_have_a_kind_an_expression_a_name_and_a_line() {
    List<Promise> promises =
        promising(
                """
                promises:
                  - never: page 0 is private and page 0 is mapped by app
                    name: unmapped-first
                  - always: "page 3 is shared"
                  - sometimes: a call was refused
                  - eventually: convert ended
                """)
            .promises();
    assertThat(promises.stream().map(promise -> promise.line() + " " + promise.name()).toList())
        .containsExactly(
            "9 unmapped-first",
            "11 always \"page 3 is shared\"",
            "12 sometimes \"a call was refused\"",
            "13 eventually \"convert ended\"");
    assertThat(promises.stream().map(Promise::text).toList())
        .containsExactly(
            "never \"page 0 is private and page 0 is mapped by app\"",
            "always \"page 3 is shared\"",
            "sometimes \"a call was refused\"",
            "eventually \"convert ended\"");
    assertThat(promises.stream().map(promise -> promise.property().isPresent()).toList())
        .containsExactly(true, true, false, false);
  }

  @Test
  void a_mistake_in_an_expression_has_its_place_in_the_file() {
    assertThat(
            told(
                STORY
                    + """
                    promises:
                      - never: page 0 is mapped by ap
                      - always: "page 9 is shared"
                      - never: ' page 0 is privat'
                      - sometimes: >
                          page 0 is private
                          and convrt ended
                      - eventually: |-
                          page 0 is private

                            and page 1 is shard
                      - never: page 0 is private
                          and page 1 is shard
                      - never: "page 0\\x20is shard"
                      - always: page 0 is shared and
                      - sometimes: 7
                    """))
        .containsExactly(
            "s.yaml:9:32: no party \"ap\"; did you mean \"app\"?",
            "s.yaml:10:19: page 9 is beyond the guest's memory: its last page is 3",
            "s.yaml:11:24: expected what a page can be, found \"privat\"; did you mean"
                + " \"private\"?",
            "s.yaml:14:11: \"convrt\" is no page, line, party, lock or operation; did you mean"
                + " \"convert\"?",
            "s.yaml:18:23: expected what a page can be, found \"shard\"; did you mean \"shared\"?",
            "s.yaml:20:21: expected what a page can be, found \"shard\"; did you mean \"shared\"?",
            "s.yaml:21:12: expected what a page can be, found \"shard\"; did you mean \"shared\"?",
            "s.yaml:22:33: expected a page, a line, a party, a lock or an operation, found the end",
            "s.yaml:23:16: expected a page, a line, a party, a lock or an operation, found \"7\"");
  }

  @Test
  void mistakes_around_expressions() {
    assertThat(
            told(
                STORY
                    + """
                    promises:
                      - sometmes: convert ended
                      - never: page 0 is private
                        nam: x
                    """))
        .containsExactly(
            "s.yaml:9:5: unknown promise \"sometmes\"; did you mean \"sometimes\"?",
            "s.yaml:11:5: unknown key \"nam\" in a promise; did you mean \"name\"?");
    assertThat(
            told(
                STORY
                    + """
                    promises:
                      - never: page 0 is pinned
                        name: safe
                      - never: page 1 is pinned
                        name: safe
                      - never: page 2 is pinned
                      - never: page 2 is pinned
                    """))
        .containsExactly(
            "s.yaml:12:11: safe is promised on line 10 already",
            "s.yaml:14:12: never \"page 2 is pinned\" is promised on line 13 already");
    assertThat(told(STORY + "promises: []\n"))
        .singleElement()
        .asString()
        .startsWith("s.yaml:8:11: ");
  }

  @Test
  void what_breaks_is_a_property_or_a_promise_with_a_name() {
    String safe = "promises: [{never: page 0 is pinned, name: safe}]\n";
    assertThat(told(STORY + safe + "expect: [{breaks: safe}]\n")).isEmpty();
    assertThat(told(STORY + safe + "expect: [{breaks: saffe}]\n"))
        .containsExactly("s.yaml:9:19: unknown property \"saffe\"; did you mean \"safe\"?");
    assertThat(told(STORY + safe + "expect: [{breaks: VmmMapMatchKvm}]\n"))
        .containsExactly(
            "s.yaml:9:19: unknown property \"VmmMapMatchKvm\"; did you mean"
                + " \"VmmMapMatchesKvm\"?");
  }

  @Test
  void nobody_waits_for_a_promise() {
    assertThat(
            told(
                STORY.replace("await: write", "await: safe")
                    + "promises: [{never: page 0 is pinned, name: safe}]\n"))
        .singleElement()
        .asString()
        .startsWith("s.yaml:7:17: \"safe\" is neither the name of a line nor a party");
  }

  // Judging.

  @Test
  void promises_that_hold_change_nothing() {
    assertThat(
            failures(
                """
                promises:
                  - never: page 0 is private and mapped
                  - always: pages 1..3 are shared
                  - eventually: page 0 is mapped by app
                  - eventually: convert = ok
                """))
        .isEmpty();
  }

  @Test
  void the_calls_that_give_memory_its_first_view_are_not_part_of_the_story() {
    // The file is private at first; the VMM shares it before anything else.
    assertThat(failures("promises: [{always: page 3 is shared}]\n")).isEmpty();
    assertThat(failures("promises: [{eventually: page 3 is private}]\n"))
        .containsExactly("story.yaml:8: eventually \"page 3 is private\" never came true");
  }

  @Test
  void a_broken_promise_is_told_with_its_line() {
    assertThat(
            failures(
                """
                promises:
                  - never: page 0 is private and page 3 is shared
                  - always: page 0 is shared
                    name: stays-shared
                """))
        .containsExactly(
            "story.yaml:9: never \"page 0 is private and page 3 is shared\" broke",
            "story.yaml:10: stays-shared broke");
  }

  @Test
  void what_is_to_break_breaks() {
    assertThat(
            failures(
                """
                promises:
                  - always: page 0 is shared
                    name: stays-shared
                  - eventually: page 1 is private
                    name: all-of-it
                expect:
                  - breaks: stays-shared
                  - breaks: all-of-it
                """))
        .isEmpty();
    assertThat(
            failures(
                """
                promises: [{always: page 1 is shared, name: stays-shared}]
                expect: [{breaks: stays-shared}]
                """))
        .containsExactly("story.yaml:9: stays-shared was to break, and held");
  }

  @Test
  void one_run_does_not_judge_what_is_to_be_seen_sometimes() {
    assertThat(failures("promises: [{sometimes: a call was refused}]\n")).isEmpty();
  }

  private static List<Monitor.Change> changes(Scenario scenario) {
    List<Monitor.Change> changes = new ArrayList<>();
    Run run = Run.start(scenario, new Schedule.Fifo());
    for (Optional<Step> next = run.next(); next.isPresent(); next = run.next()) {
      Run.Taken taken = run.take(next.get());
      changes.addAll(taken.entry().properties());
      run = taken.after();
    }
    return changes;
  }

  @Test
  void the_journal_has_each_break_and_where_it_is() {
    assertThat(
            changes(
                promising(
                    """
                    promises:
                      - never: any page of 0..3 is mapped or private
                      - always: all pages are shared
                        name: all-shared
                      - never: convert = ok and write ended
                        name: done
                      - never: convert is under way
                    """)))
        .containsExactly(
            new Monitor.Change(
                "never \"any page of 0..3 is mapped or private\"", true, "it is so of page 0"),
            new Monitor.Change("never \"convert is under way\"", true, "it is so"),
            new Monitor.Change(
                "never \"any page of 0..3 is mapped or private\"",
                false,
                "as the scenario promises"),
            new Monitor.Change(
                "never \"any page of 0..3 is mapped or private\"", true, "it is so of page 0"),
            new Monitor.Change("all-shared", true, "\"all pages are shared\" is not so of page 0"),
            new Monitor.Change("done", true, "\"convert = ok and write ended\" is so"),
            new Monitor.Change(
                "never \"convert is under way\"", false, "as the scenario promises"));
  }
}
