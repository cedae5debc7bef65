package dev.faultline.scenario.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is no YAML of ours, and the one line that says so. */
class YamlDocumentTest {

  @Test
  void a_tree_keeps_order_and_places() {
    Problems problems = new Problems();
    assertThat(parse("---\nb: 1\na: [x, 'y']\n...\n", problems))
        .contains(
            new YamlNode.Mapping(
                at(2, 1),
                List.of(
                    new YamlNode.Entry(scalar(2, 1, "b"), scalar(2, 4, "1")),
                    new YamlNode.Entry(
                        scalar(3, 1, "a"),
                        new YamlNode.Sequence(
                            at(3, 4),
                            List.of(
                                scalar(3, 5, "x"), new YamlNode.Scalar(at(3, 8), "y", false)))))));
    assertThat(problems.sorted()).isEmpty();
  }

  @Test
  void columns_count_characters_and_lines_may_end_in_two() {
    Problems problems = new Problems();
    assertThat(parse("# \ud83d\ude00\r\n{\"\ud83d\ude00\": b}\r\n", problems))
        .contains(
            new YamlNode.Mapping(
                at(2, 1),
                List.of(
                    new YamlNode.Entry(
                        new YamlNode.Scalar(at(2, 2), "\ud83d\ude00", false), scalar(2, 7, "b")))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a: 1~a: 2              | 2:1: key "a" is already on line 1; remove one
          a: {b: 1, "b": 2}      | 1:11: key "b" is already on line 1; remove one
          ? [a]~: 1              | 1:3: expected a word as key, found a list
          ? {a: 1}~: 1           | 1:3: expected a word as key, found a mapping
          {: 1}                  | 1:2: expected a value, found ":"
          a: &x 1                | 1:4: anchors and aliases are not used here: "&x"; remove it
          a: *x                  | 1:4: anchors and aliases are not used here: "*x"; write it out
          a: &                   | 1:4: anchors and aliases are not used here
          a: !!str 1             | 1:4: tags are not used here: "tag:yaml.org,2002:str"; remove it
          a: !x [1]              | 1:4: tags are not used here: "!x"; remove it
          a: !<x                 | 1:4: tags are not used here
          a: !u!x 1              | 1:4: tags are not used here
          %YAML 1.2~---~a: 1     | 1:1: directives are not used here; remove the line that starts with %
          %YAML 9~---~a: 1       | 1:1: directives are not used here; remove the line that starts with %
          %YAML 9.9~---~a: 1     | 1:1: directives are not used here; remove the line that starts with %
          # b~%YAML 2.0~---~a: 1 | 2:1: directives are not used here; remove the line that starts with %
          a: 1~---~b: 2          | 2:1: a second document; a file holds one
          # only a comment       | 1:1: the file is empty
          ---                    | 1:1: the file is empty
          ? ~: 1                 | 1:2: expected a word as key, found nothing
          null: 1                | 1:1: expected a word as key, found nothing
          a: [1, 2               | 2:1: expected "," or "]", found the end of the file; the list starts on line 1
          a: [1 {                | 1:7: expected "," or "]", found "{"; the list starts on line 1
          a: {b: 1               | 2:1: expected "," or "}", found the end of the file; the mapping starts on line 1
          a: "b                  | 1:4: expected a closing quote, found the end of the file
          a: 'b~--- c            | 1:4: expected a closing quote, found a line of "---" or "..."
          a: 1~b~c: 2            | 2:1: expected ":" after this word, found the end of the line
          a: b: c                | 1:5: ":" is not expected here; put a text with ": " in it into quotes
          a: - b                 | 1:4: "- " is not expected here; start a list on a line of its own
          a: @b                  | 1:4: expected a value, found "@"; put the text into quotes
          a: `b                  | 1:4: expected a value, found "`"; put the text into quotes
          a: 1~  b: 2            | 2:4: ":" is not expected here; put a text with ": " in it into quotes
          a:~  - 1~ - 2          | 3:2: expected a key or less indentation, found a list
          - 1~b: 2               | 2:1: expected "- " or less indentation, found a key
          a: 1~]                 | 2:1: expected a key or less indentation, found "]"
          [1] x                  | 1:5: expected the end of the file, found a text
          a: ]                   | 1:4: expected a value, found "]"
          a: "\\q"               | 1:6: unknown escape in a text in double quotes; write \\\\ for a backslash
          a: "\\xzz"             | 1:7: expected hexadecimal digits after this escape; write \\\\ for a backslash
          a: "\\UFFFFFFFF"       | 1:7: unknown escape in a text in double quotes; write \\\\ for a backslash
          a: "\\0"               | 1:4: character U+0000 cannot stand in a text; remove its escape
          a: "\\ud800"           | 1:4: character U+D800 cannot stand in a text; remove its escape
          """)
  void what_is_refused_is_told_in_one_line(String text, String message) {
    Problems problems = new Problems();
    Optional<YamlNode> tree = parse(text.replace('~', '\n') + "\n", problems);
    assertThat(problems.sorted().stream().map(Problem::toString))
        .as("tree: %s", tree)
        .containsExactly("f.yaml:" + message);
  }

  @Test
  void a_block_of_text_starts_on_the_next_line() {
    assertThat(messages("a: >x"))
        .containsExactly(
            "f.yaml:1:5: expected \"|\" or \">\" alone, then a text with one indentation, found"
                + " other text");
    assertThat(messages("a: |\n    \n  b\n"))
        .containsExactly(
            "f.yaml:3:3: expected \"|\" or \">\" alone, then a text with one indentation, found"
                + " more of it on an empty line");
  }

  @Test
  void what_is_no_text_is_not_parsed() {
    assertThat(messages("")).containsExactly("f.yaml:1:1: the file is empty");
    assertThat(messages(" \n\n")).containsExactly("f.yaml:1:1: the file is empty");
    assertThat(messages("a: 1\nb: x\u0000y\n"))
        .containsExactly(
            "f.yaml:2:5: not a text file: character U+0000 cannot stand in YAML; remove it");
    assertThat(messages("a: \u2028"))
        .containsExactly(
            "f.yaml:1:4: not a text file: character U+2028 cannot stand in YAML; remove it");
    assertThat(messages("a: 1\rb: 2\n"))
        .containsExactly(
            "f.yaml:1:5: not a text file: character U+000D cannot stand in YAML; remove it");
    assertThat(messages("a:\n\tb: 1\nc: d\te\n"))
        .containsExactly("f.yaml:2:1: a tab; use spaces", "f.yaml:3:5: a tab; use spaces");
  }

  @Test
  void characters_that_turn_or_hide_text_are_escaped() {
    assertThat(messages("\"a\u202eb\": 1\n\"a\u202eb\": 2\n"))
        .containsExactly("f.yaml:2:1: key \"a\\u202eb\" is already on line 1; remove one");
    assertThat(messages("\"\u200b\udb40\udc41\": 1\n\"\u200b\udb40\udc41\": 2\n"))
        .containsExactly("f.yaml:2:1: key \"\\u200b\\U000e0041\" is already on line 1; remove one");
  }

  @Test
  void depth_and_size_have_bounds() {
    assertThat(messages("a: " + "[".repeat(19) + "]".repeat(19))).isEmpty();
    assertThat(messages("a: " + "[".repeat(20)))
        .containsExactly("f.yaml:1:23: nested deeper than 20 levels; make it flatter");
    assertThat(messages("[".repeat(1 << 18)))
        .containsExactly("f.yaml:1:21: nested deeper than 20 levels; make it flatter");
    assertThat(messages("- ".repeat(1 << 17)))
        .containsExactly("f.yaml:1:41: nested deeper than 20 levels; make it flatter");
    assertThat(messages("a\n".repeat(1 << 20)))
        .containsExactly(
            "f.yaml:131073:1: the file is larger than 256 KiB; split it or cut it down");
  }

  @Test
  void several_mistakes_of_form_are_told_together() {
    assertThat(messages("a: &x 1\na: 2\nb: !!int 3\n---\nc: 1\n"))
        .containsExactly(
            "f.yaml:1:4: anchors and aliases are not used here: \"&x\"; remove it",
            "f.yaml:2:1: key \"a\" is already on line 1; remove one",
            "f.yaml:3:4: tags are not used here: \"tag:yaml.org,2002:int\"; remove it",
            "f.yaml:4:1: a second document; a file holds one");
  }

  @Test
  void aliases_that_would_blow_up_end_at_the_first() {
    var bomb = new StringBuilder("a: &a [x, x, x]\n");
    for (char name = 'b'; name <= 'z'; name++) {
      char before = (char) (name - 1);
      bomb.append(name + ": &" + name + " [*" + before + ", *" + before + "]\n");
    }
    assertThat(messages(bomb.toString()))
        .containsExactly(
            "f.yaml:1:4: anchors and aliases are not used here: \"&a\"; remove it",
            "f.yaml:2:4: anchors and aliases are not used here: \"&b\"; remove it",
            "f.yaml:2:8: anchors and aliases are not used here: \"*a\"; write it out");
  }

  private static List<String> messages(String text) {
    Problems problems = new Problems();
    parse(text, problems);
    List<String> messages = new ArrayList<>();
    problems.sorted().forEach(problem -> messages.add(problem.toString()));
    return messages;
  }

  private static Optional<YamlNode> parse(String text, Problems problems) {
    return YamlDocument.parse(new YamlSource("f.yaml", text), problems);
  }

  private static YamlNode.Scalar scalar(int line, int column, String text) {
    return new YamlNode.Scalar(at(line, column), text, true);
  }

  private static Position at(int line, int column) {
    return new Position("f.yaml", line, column);
  }
}
