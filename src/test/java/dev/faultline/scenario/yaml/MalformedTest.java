package dev.faultline.scenario.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever stands in a file: a value or a problem with a place, soon, and never an exception. */
class MalformedTest {

  private static final List<String> PIECES =
      List.of(
          ":",
          ": ",
          "- ",
          "? ",
          "[",
          "]",
          "{",
          "}",
          ",",
          "\"",
          "'",
          "&a ",
          "*a ",
          "!x ",
          "%",
          "@",
          "`",
          "|",
          ">",
          "#",
          " # ",
          "~",
          "\t",
          "\u0000",
          "\u0085",
          "\ufffe",
          "\ud800",
          "\n",
          "\r",
          "\n---\n",
          "\n...\n",
          "0",
          "-",
          " ",
          "\\",
          "\ud83d\ude00");

  private static final List<String> VALUES =
      List.of(
          "",
          "~",
          "true",
          "5",
          "-5",
          "1.5",
          "010",
          "0x",
          ".inf",
          "word",
          "\"\"",
          "[]",
          "{}",
          "[[]]",
          "{a: 1}",
          "[5, word]",
          "2 MiB..1 MiB",
          "99999999999999999999");

  @Test
  void a_file_with_something_put_in_anywhere_is_read_or_refused() {
    for (int index = 0; index <= Sample.TEXT.length(); index++) {
      for (String piece : PIECES) {
        read(Sample.TEXT.substring(0, index) + piece + Sample.TEXT.substring(index));
      }
    }
  }

  @Test
  void a_file_with_something_left_out_anywhere_is_read_or_refused() {
    for (int index = 0; index < Sample.TEXT.length(); index++) {
      read(Sample.TEXT.substring(0, index));
      read(Sample.TEXT.substring(index));
      read(Sample.TEXT.substring(0, index) + Sample.TEXT.substring(index + 1));
    }
  }

  /** Every key with each value that is wrong for at least some keys. */
  static Stream<String> wrongValues() {
    Stream.Builder<String> texts = Stream.builder();
    List<String> keys = List.of("story", "seed", "quiet", "size", "parties", "script", "views");
    for (String key : keys) {
      for (String value : VALUES) {
        texts.add(key + ": " + value);
      }
    }
    return texts.build();
  }

  @Test
  void a_file_with_a_value_replaced_is_read_or_refused() {
    var refused = new ArrayList<String>();
    wrongValues()
        .forEach(
            line -> {
              String key = line.substring(0, line.indexOf(':'));
              String rest = withoutKey(key);
              if (read(rest + line + "\n").isEmpty()) {
                refused.add(line);
              }
            });
    assertThat(refused)
        .hasSizeGreaterThan(100)
        .doesNotContain("quiet: true", "seed: 5", "story: word", "views: {}")
        .contains(
            "quiet: ~",
            "seed: 010",
            "story: \"\"",
            "parties: []",
            "parties: {}",
            "script: []",
            "size: 5");
  }

  /** The sample less one key and what belongs to it. */
  static String withoutKey(String key) {
    Pattern lines = Pattern.compile("(?m)^" + key + ":.*\n(?:[ ].*\n)*");
    return lines.matcher(Sample.TEXT).replaceFirst("");
  }

  @Test
  void a_file_without_a_key_that_it_needs_is_refused() {
    for (String key : List.of("story", "size", "script")) {
      assertThat(Sample.problemsOf(withoutKey(key)))
          .singleElement()
          .asString()
          .startsWith("s.yaml:1:1: a sample needs the key \"" + key + "\": ");
    }
    for (String key : List.of("seed", "quiet", "parties", "views")) {
      assertThat(Sample.problemsOf(withoutKey(key))).isEmpty();
    }
  }

  /** Large ones, each of a kind that some reader is slow on. */
  static Stream<String> large() {
    int length = SourceText.MAX_LENGTH;
    return Stream.of(
            "[",
            "{",
            "[{",
            "- ",
            "? ",
            "a: ",
            "a:\n",
            "!a ",
            "&a ",
            "*a ",
            "\"",
            "'",
            "\"\\n",
            "%",
            "|\n",
            "- a\n",
            "- 'a\n",
            "-\n",
            "#",
            "# \n",
            " ",
            "a",
            "a ",
            "0",
            "a b\n",
            "0.",
            "1e",
            "- dma-mpa: 1\n",
            "- {dma-mpa}\n",
            "dma-map ",
            "...\n",
            "---\n",
            "0..",
            "x: 1, ",
            "\\",
            "- \n  ",
            "\ud83d\ude00")
        .map(piece -> piece.repeat(length / piece.length()));
  }

  @ParameterizedTest
  @MethodSource("large")
  void a_large_file_is_refused_soon(String text) {
    read(text);
    read("a: " + text.substring(3));
    read("[" + text.substring(1));
    read("script:\n" + text.substring(8));
    read("story: \"" + text.substring(8));
    read("story: |\n  " + text.substring(11));
  }

  @Test
  void a_mapping_of_very_many_keys_is_refused_soon() {
    var text = new StringBuilder();
    for (int line = 0; text.length() < SourceText.MAX_LENGTH - 20; line++) {
      text.append("sede").append(line).append(": 1\n");
    }
    assertThat(read(text.toString())).isEmpty();
  }

  @Test
  void a_character_of_two_chars_may_stand_anywhere() {
    for (int before = 1000; before < 1050; before++) {
      String story = "x".repeat(before) + "\ud83d\ude00";
      Problems problems = new Problems();
      assertThat(YamlDocument.parse(new YamlSource("s.yaml", story), problems))
          .contains(new YamlNode.Scalar(new Position("s.yaml", 1, 1), story, true));
    }
  }

  private static Optional<Sample.File> read(String text) {
    Problems problems = new Problems();
    // Time of the processor, so that a busy machine does not fail the test.
    ThreadMXBean thread = ManagementFactory.getThreadMXBean();
    long start = thread.getCurrentThreadCpuTime();
    Optional<Sample.File> file = Sample.read(text, problems);
    Duration took = Duration.ofNanos(thread.getCurrentThreadCpuTime() - start);
    String shown = text.length() > 500 ? Kind.quoted(text) : text;
    assertThat(took).as("reading %s", shown).isLessThan(Duration.ofSeconds(5));
    assertThat(file.isPresent() || !problems.isEmpty()).as("silence about %s", shown).isTrue();
    long lines = text.lines().count() + 1;
    for (Problem problem : problems.sorted()) {
      assertThat(problem.at().line()).as("%s in %s", problem, shown).isBetween(1, (int) lines);
      assertThat(problem.text()).as("in %s", shown).isNotBlank().doesNotContain("\n");
    }
    return problems.isEmpty() ? file : Optional.empty();
  }
}
