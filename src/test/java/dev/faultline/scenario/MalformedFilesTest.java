package dev.faultline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.scenario.yaml.Problem;
import dev.faultline.scenario.yaml.Problems;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong with a file is told with its place, at once, and never by an exception. */
class MalformedFilesTest {

  /** Generous for a busy machine; it is there to find what hangs. */
  private static final long SOON_NANOS = 10_000_000_000L;

  @TempDir Path folder;

  private static final String STORY = "conf/scenario/tdx/good-blocked-by-vfio-then-retried.yaml";

  /** How a text can be spoiled, a line at a time. */
  private static Map<String, String> spoiled(String text) {
    Map<String, String> all = new LinkedHashMap<>();
    List<String> lines = text.lines().toList();
    for (int index = 0; index < lines.size(); index++) {
      String line = lines.get(index);
      if (line.isBlank() || line.strip().startsWith("#")) {
        continue;
      }
      int number = index + 1;
      List<String> without = new ArrayList<>(lines);
      without.remove(index);
      all.put("without line " + number, String.join("\n", without));
      put(all, "twice line " + number, lines, index, line + "\n" + line);
      put(all, "indented line " + number, lines, index, "   " + line);
      put(all, "list for line " + number, lines, index, line.replaceFirst(": .*", ": [1, [2]]"));
      put(all, "map for line " + number, lines, index, line.replaceFirst(": .*", ": {x: 1}"));
      put(all, "number for line " + number, lines, index, line.replaceFirst(": .*", ": 010"));
      put(all, "nothing for line " + number, lines, index, line.replaceFirst(": .*", ":"));
      put(
          all,
          "misspelt line " + number,
          lines,
          index,
          line.replaceFirst("([a-z])([a-z]+):", "$1q$2:"));
      put(all, "open brace in line " + number, lines, index, line + " {");
    }
    return all;
  }

  private static void put(
      Map<String, String> all, String name, List<String> lines, int index, String line) {
    if (!line.equals(lines.get(index))) {
      List<String> changed = new ArrayList<>(lines);
      changed.set(index, line);
      all.put(name, String.join("\n", changed));
    }
  }

  /** Loads; checks what holds for any input; returns the problems. */
  private Problems load(String what, Path scenario) {
    Problems problems = new Problems();
    long start = System.nanoTime();
    Optional<Scenario> loaded =
        ScenarioLoader.load(
            new Library.OfFiles(Path.of("")),
            scenario.toString(),
            ScenarioLoader.Overrides.NONE,
            problems);
    assertThat(System.nanoTime() - start).as(what).isLessThan(SOON_NANOS);
    assertThat(loaded.isPresent()).as(what).isEqualTo(problems.isEmpty());
    for (Problem problem : problems.sorted()) {
      assertThat(problem.at().file()).as("%s: %s", what, problem).isNotBlank();
      assertThat(problem.text()).as(what).doesNotContain("Exception").isNotBlank();
    }
    return problems;
  }

  @Test
  void hundreds_of_spoiled_scenarios_are_told_and_never_thrown() throws Exception {
    String text = Files.readString(Path.of(STORY));
    int wrong = 0;
    Path file = folder.resolve("spoiled.yaml");
    for (Map.Entry<String, String> spoiled : spoiled(text).entrySet()) {
      Files.writeString(file, spoiled.getValue());
      Problems problems = load(spoiled.getKey(), file);
      wrong += problems.isEmpty() ? 0 : 1;
      for (Problem problem : problems.sorted()) {
        assertThat(problem.at().line()).as("%s: %s", spoiled.getKey(), problem).isPositive();
      }
    }
    assertThat(wrong).isGreaterThan(120);
  }

  @Test
  void hundreds_of_spoiled_designs_are_told_and_never_thrown() throws Exception {
    String story = Files.readString(Path.of(STORY));
    Map<String, String> designs = new LinkedHashMap<>();
    designs.put("revision: in-place-v8", "conf/revision/in-place-v8.yaml");
    designs.put("mode: tdx", "conf/mode/tdx.yaml");
    designs.put("vmm: reference", "conf/vmm/reference.yaml");
    int wrong = 0;
    for (Map.Entry<String, String> design : designs.entrySet()) {
      Path file = folder.resolve("design.yaml");
      String key = design.getKey().substring(0, design.getKey().indexOf(':'));
      Path scenario =
          Files.writeString(
              folder.resolve("story.yaml"), story.replace(design.getKey(), key + ": " + file));
      String text = Files.readString(Path.of(design.getValue()));
      for (Map.Entry<String, String> spoiled : spoiled(text).entrySet()) {
        Files.writeString(file, spoiled.getValue());
        wrong += load(design.getValue() + " " + spoiled.getKey(), scenario).isEmpty() ? 0 : 1;
      }
    }
    assertThat(wrong).isGreaterThan(300);
  }

  @Test
  void files_that_are_no_text_at_all_are_told() throws Exception {
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("ten megabytes of nesting", "[".repeat(10_000_000).getBytes(StandardCharsets.UTF_8));
    files.put("deep nesting", ("a: " + "[".repeat(5000)).getBytes(StandardCharsets.UTF_8));
    files.put("deep mappings", "{a: ".repeat(5000).getBytes(StandardCharsets.UTF_8));
    files.put(
        "laughs",
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n".getBytes(StandardCharsets.UTF_8));
    byte[] binary = new byte[4096];
    new Random(1).nextBytes(binary);
    files.put("binary", binary);
    files.put("empty", new byte[0]);
    files.put("zeros", new byte[100]);
    files.put("two documents", "story: a\n---\nstory: b\n".getBytes(StandardCharsets.UTF_8));
    files.put("tag", "story: !!java.lang.Runtime x\n".getBytes(StandardCharsets.UTF_8));
    files.put("tab", "story:\tx\n".getBytes(StandardCharsets.UTF_8));
    files.put("directive", "%YAML 9.9\n---\nstory: x\n".getBytes(StandardCharsets.UTF_8));
    files.put("key that is a list", "? [a]\n: b\n".getBytes(StandardCharsets.UTF_8));
    Path file = folder.resolve("file.yaml");
    for (Map.Entry<String, byte[]> each : files.entrySet()) {
      Files.write(file, each.getValue());
      assertThat(load(each.getKey(), file).isEmpty()).as(each.getKey()).isFalse();
    }
    assertThat(load("a folder", Files.createDirectory(folder.resolve("folder.yaml"))).isEmpty())
        .isFalse();
    assertThat(load("no file", folder.resolve("nothing.yaml")).isEmpty()).isFalse();
  }

  @Test
  void mistakes_are_told_all_at_once_with_what_was_meant() throws Exception {
    String text =
        Files.readString(Path.of(STORY))
            .replace("- dma-map:", "- dma-mpa:")
            .replace("2 MiB..3 MiB\n      name", "2 MiB..3\n      name")
            .replace("errno: EAGAIN", "errno: EBUSY");
    Files.writeString(folder.resolve("vfio.yaml"), text);
    Problems problems = load("three mistakes", folder.resolve("vfio.yaml"));
    assertThat(problems.sorted().stream().map(Problem::toString).toList())
        .map(line -> line.substring(line.lastIndexOf('/') + 1))
        .containsExactly(
            "vfio.yaml:17:7: unknown verb \"dma-mpa\"; did you mean \"dma-map\"?",
            "vfio.yaml:20:27: 2 MiB..3 is not page-aligned: 3 bytes is inside page 0",
            "vfio.yaml:30:32: EBUSY is no answer of in-place-v8's inode; it can say: EAGAIN,"
                + " ENOMEM, EFAULT, EINVAL, ENOTTY");
  }

  @Test
  void lists_of_acts_that_make_no_sense_are_refused_where_they_stand() throws Exception {
    Path revision = folder.resolve("nonsense.yaml");
    Files.writeString(
        revision,
        """
        name: nonsense
        source: a test
        based-on: in-place-v8
        host-fault:
          - hold: {invalidate: shared}
            acts:
              - hold: {invalidate: exclusive}
                acts: [get-folio]
          - check-stale
          - map-page
        drop: {guest-fault: [get-pgae]}
        move: {convert.to-private: {store-attributes: above unmap-host}}
        """);
    Path scenario =
        Files.writeString(
            folder.resolve("story.yaml"),
            Files.readString(Path.of(STORY))
                .replace("revision: in-place-v8", "revision: " + revision));
    assertThat(load("nonsense", scenario).sorted().stream().map(Problem::toString).toList())
        .map(line -> line.substring(line.lastIndexOf('/') + 1))
        .containsExactly(
            "nonsense.yaml:7:9: the invalidate lock is held already and would wait for itself",
            "nonsense.yaml:9:5: act \"check-stale\" has no place in host-fault, which the inode"
                + " does",
            "nonsense.yaml:11:22: no \"get-pgae\" in guest-fault; did you mean \"get-page\"?",
            "nonsense.yaml:12:47: expected before or after an act, found \"above unmap-host\"");
  }
}
