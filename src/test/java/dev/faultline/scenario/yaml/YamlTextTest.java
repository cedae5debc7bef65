package dev.faultline.scenario.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTextTest {

  private static final Position NOWHERE = Position.ofFile("");

  private static YamlNode parse(String text) {
    Problems problems = new Problems();
    YamlNode tree = YamlDocument.parse(new YamlSource("file.yaml", text), problems).orElseThrow();
    assertThat(problems.render()).isEmpty();
    return tree;
  }

  /** A tree without places, and without how texts are quoted where it makes no difference. */
  private static YamlNode bare(YamlNode node) {
    return switch (node) {
      case YamlNode.Scalar(var _, String text, boolean plain) ->
          new YamlNode.Scalar(NOWHERE, text, plain);
      case YamlNode.Sequence(var _, List<YamlNode> items) ->
          new YamlNode.Sequence(NOWHERE, items.stream().map(YamlTextTest::bare).toList());
      case YamlNode.Mapping(var _, List<YamlNode.Entry> entries) ->
          new YamlNode.Mapping(
              NOWHERE,
              entries.stream()
                  .map(
                      entry ->
                          new YamlNode.Entry(
                              (YamlNode.Scalar) bare(entry.key()), bare(entry.value())))
                  .toList());
    };
  }

  static Stream<Path> shipped() {
    try {
      return Files.walk(Path.of("conf")).filter(file -> file.toString().endsWith(".yaml")).sorted();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void what_is_written_reads_the_same(Path file) throws IOException {
    YamlNode tree = parse(Files.readString(file));
    assertThat(bare(parse(YamlText.of(tree)))).isEqualTo(bare(tree));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: 'it''s \"so\": # \\'",
        "a: [\"x, y\", '{z}', plain text]",
        "a: \"two\\n\\n  lines\\n\"",
        "a: |\n  first\n\n    deeper\n  last\n",
        "a: |-\n  first\n  last",
        "a: |+\n  kept\n\n",
        "a: [[1, 2], [3, {b: c}]]",
        "a: {b: {c: {d: [e, {f: g}]}}}",
        "a: []\nb: {}\nc: ''\nd:\n",
        "- a\n- b: c\n  d: [e]\n",
        "a: long long long long long long long long long long long long long long words",
        "a: [long long long long, long long long long, long long long, long long, words words]",
        "a: \"signs that mean more in brackets: [], {}, and a comma\"",
        "a: {\"it, says\": 1}",
        "plain"
      })
  void what_is_odd_reads_the_same(String text) {
    YamlNode tree = parse(text);
    assertThat(bare(parse(YamlText.of(tree)))).isEqualTo(bare(tree));
  }

  @Test
  void it_looks_like_a_scenario() {
    String text =
        """
        story: |
          Two
          lines.

        mode: tdx
        memory: {size: 8 KiB, shared: [0, 4 KiB]}

        parties:
          nic: {kind: vfio}

        script:
          nic:
            - dma-map: 0
              name: map
          vmm:
            - await: [map, nic]
            - load: {at: 0, expect: SIGBUS}
        """;
    assertThat(YamlText.of(parse(text))).isEqualTo(text);
  }
}
