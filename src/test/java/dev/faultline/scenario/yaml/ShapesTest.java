package dev.faultline.scenario.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each shape takes, what it says about the rest, and where. */
class ShapesTest {

  private static final String HEAD = "story: x\nsize: 16 MiB\n";

  @Test
  void a_file_is_read_with_its_places() {
    Problems problems = new Problems();
    assertThat(Sample.read(Sample.TEXT, problems)).contains(Sample.file());
    assertThat(problems.render()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          seed: 010             | 3:7: 010 has a leading zero; write 10
          seed: -1              | 3:7: -1 is not in 0..99
          seed: 0x64            | 3:7: 0x64 is not in 0..99
          seed: 1.5             | 3:7: expected a whole number, found the number 1.5
          seed: "1"             | 3:7: expected a whole number, found "1"
          seed: 99999999999999999999999 | 3:7: expected a whole number, found the number 99999999999999999999999
          seed: [1]             | 3:7: expected a whole number, found a list
          seed:                 | 3:6: expected a whole number, found nothing
          quiet: maybe          | 3:8: expected yes or no, found "maybe"
          quiet: {}             | 3:8: expected yes or no, found an empty mapping
          parties: vfio         | 3:10: expected a mapping, found "vfio"
          parties: []           | 3:10: expected a mapping, found an empty list
          parties: {}           | 3:10: the mapping is empty; it needs an entry such as {nic: vfio}
          parties: {Nic: vfio}  | 3:11: expected a name of small letters, digits and dashes, found "Nic"
          parties: {5: vfio}    | 3:11: expected a name of small letters, digits and dashes, found the number 5
          parties: {nic: vfoi}  | 3:16: unknown kind "vfoi"; did you mean "vfio"?
          parties: {nic: disk}  | 3:16: unknown kind "disk"; one of: vfio, process
          parties: {nic: true}  | 3:16: expected a kind, found true; one of: vfio, process
          parties: {nic: [vfio]} | 3:16: expected one of vfio, process, found a list
          views: {1 MiB: vfio, 1024 KiB: vfio} | 3:22: "1024 KiB" is the same as "1 MiB" on line 3; remove one
          sede: 5               | 3:1: unknown key "sede" in a sample; did you mean "seed"?
          x: 5                  | 3:1: unknown key "x" in a sample; one of: story, seed, quiet, size, parties, script, views
          """)
  void a_wrong_value_is_named_with_what_was_expected(String line, String message) {
    assertThat(Sample.problemsOf(HEAD + line + "\nscript: [sync]\n"))
        .containsExactly("s.yaml:" + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          dma-mpa: 2 MiB..4 MiB      | 4:5: unknown verb "dma-mpa"; did you mean "dma-map"?
          frobnicate: 1              | 4:5: unknown verb "frobnicate"; one of: dma-map, sync, load, hold
          frobnicate                 | 4:5: unknown verb "frobnicate"; one of: dma-map, sync, load, hold
          dma-map 2 MiB..4 MiB       | 4:5: expected ":" after "dma-map"
          dma-map                    | 4:5: verb "dma-map" needs a range: 2 MiB..4 MiB
          dma-map:                   | 4:5: verb "dma-map" needs a range: 2 MiB..4 MiB
          dma-map: [1]               | 4:14: expected a range, found a list
          sync: now                  | 4:11: expected nothing, found "now"
          [sync]                     | 4:5: expected a verb, found a list
          `""`                       | 4:5: unknown verb ""; one of: dma-map, sync, load, hold
          ~                          | 4:5: expected a verb, found nothing
          {name: a}                  | 4:5: expected a verb here; one of: dma-map, sync, load, hold
          {sync: , load: 0}          | 4:14: a second verb "load" in one line; begin a new one with a dash
          {sync: , nmae: a}          | 4:14: unknown key "nmae" in a verb; did you mean "name"?
          {sync: , name: A}          | 4:20: expected a name of small letters, digits and dashes, found "A"
          load: {expect: 7}          | 4:11: a load needs the key "at": an address
          load: [0]                  | 4:11: expected a load with at, expect, found a list
          load: {ta: 0}              | 4:12: unknown key "ta" in a load; did you mean "at"?
          hold: []                   | 4:11: the list is empty; it needs at least one line
          hold: [snyc]               | 4:12: unknown verb "snyc"; did you mean "sync"?
          hold: sync                 | 4:11: expected a list, found "sync"
          """)
  void a_wrong_line_is_named_with_what_was_meant(String line, String message) {
    assertThat(Sample.problemsOf(HEAD + "script:\n  - " + line + "\n"))
        .containsExactly("s.yaml:" + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0                | 0
          4096             | 4096
          0x1000           | 4096
          4 KiB            | 4096
          4KiB             | 4096
          4096 B           | 4096
          1 page           | 4096
          512 pages        | 2097152
          2 MiB            | 2097152
          3 GiB            | 3221225472
          1 TiB            | 1099511627776
          4096 TiB         | 4503599627370496
          """)
  void a_size_is_a_number_of_bytes(String text, long bytes) {
    Problems problems = new Problems();
    assertThat(decode(Shapes.alignedSize(), text, problems)).contains(bytes);
    assertThat(problems.sorted()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -1               | expected a size such as 2 MiB, 0x200000 or 512 pages, found "-1"
          lots             | expected a size such as 2 MiB, 0x200000 or 512 pages, found "lots"
          2 MB             | unknown unit "MB"; did you mean "MiB"?
          2 Mib            | unknown unit "Mib"; did you mean "MiB"?
          02 MiB           | 02 has a leading zero; write 2
          1 KiB            | 1 KiB is not page-aligned: 1024 bytes is inside page 0
          4097             | 4097 is not page-aligned: 4097 bytes is inside page 1
          1                | 1 is not page-aligned: 1 byte is inside page 0
          9999999 TiB      | 9999999 TiB is more than 4096 TiB
          99999999999999999999999999 | 99999999999999999999999999 is more than 4096 TiB
          1.5 MiB          | expected a size such as 2 MiB, 0x200000 or 512 pages, found "1.5 MiB"
          """)
  void a_wrong_size_is_refused_with_the_reason(String text, String message) {
    Problems problems = new Problems();
    assertThat(decode(Shapes.alignedSize(), text, problems)).isEmpty();
    assertThat(problems.sorted()).containsExactly(problem(message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          2 MiB..3           | 2 MiB..3 is not page-aligned: 3 bytes is inside page 0
          5..2 MiB           | 5..2 MiB is not page-aligned: 5 bytes is inside page 0
          4 MiB..2 MiB       | 4 MiB..2 MiB is empty: a range ends behind its start
          2 MiB..2 MiB       | 2 MiB..2 MiB is empty: a range ends behind its start
          2 MiB..4 Mib       | unknown unit "Mib"; did you mean "MiB"?
          2 MiB..            | expected a range such as 2 MiB..4 MiB, found "2 MiB.."
          ..2 MiB            | expected a range such as 2 MiB..4 MiB, found "..2 MiB"
          0..1 MiB..2 MiB    | expected a range such as 2 MiB..4 MiB, found "0..1 MiB..2 MiB"
          3                  | 3 is not page-aligned: 3 bytes is inside page 0
          """)
  void a_wrong_range_is_refused_with_the_reason(String text, String message) {
    Problems problems = new Problems();
    assertThat(decode(Shapes.range(), text, problems)).isEmpty();
    assertThat(problems.sorted()).containsExactly(problem(message));
  }

  @Test
  void a_range_may_be_one_page() {
    Problems problems = new Problems();
    assertThat(decode(Shapes.range(), "2 MiB", problems))
        .contains(new Shapes.Bytes(0x200000, 0x201000));
  }

  @Test
  void a_text_is_not_blank_nor_a_truth_value_nor_nothing() {
    Problems problems = new Problems();
    assertThat(decode(Shapes.text(), "a b ", problems)).contains("a b");
    assertThat(decode(Shapes.text(), "5", problems)).contains("5");
    assertThat(problems.sorted()).isEmpty();
    assertThat(decode(Shapes.text(), "true", problems)).isEmpty();
    assertThat(decode(Shapes.text(), "~", problems)).isEmpty();
    assertThat(problems.sorted())
        .containsExactly(
            problem("expected a text, found nothing"), problem("expected a text, found true"));
  }

  @Test
  void one_may_stand_for_a_list_of_one() {
    Shape<List<Long>> shape = Shapes.integer(0, 9).orList();
    Problems problems = new Problems();
    assertThat(decode(shape, "5", problems)).contains(List.of(5L));
    YamlNode five = new YamlNode.Scalar(HERE, "5", true);
    assertThat(shape.decode(new YamlNode.Sequence(HERE, List.of(five, five)), problems))
        .contains(List.of(5L, 5L));
    assertThat(shape.decode(new YamlNode.Mapping(HERE, List.of()), problems)).isEmpty();
    assertThat(problems.sorted())
        .containsExactly(problem("expected a whole number, found an empty mapping"));
  }

  @Test
  void all_mistakes_of_a_file_are_found_at_once() {
    assertThat(
            Sample.problemsOf(
                """
                stroy: x
                seed: many
                script:
                  - snyc
                  - load: 5
                """))
        .containsExactly(
            "s.yaml:1:1: a sample needs the key \"size\": of the memory",
            "s.yaml:1:1: unknown key \"stroy\" in a sample; did you mean \"story\"?",
            "s.yaml:2:7: expected a whole number, found \"many\"",
            "s.yaml:4:5: unknown verb \"snyc\"; did you mean \"sync\"?",
            "s.yaml:5:11: 5 is not page-aligned: 5 bytes is inside page 0");
  }

  @Test
  void what_a_word_may_be_has_one_order_in_every_run() {
    Problems problems = new Problems();
    Shape<Integer> unordered = Shapes.word("number", Map.of("two", 2, "one", 1, "three", 3));
    decode(unordered, "fourteen", problems);
    assertThat(problems.sorted())
        .containsExactly(problem("unknown number \"fourteen\"; one of: one, three, two"));
  }

  @Test
  void a_check_says_what_it_found_where_the_value_stands() {
    Shape<Long> even =
        Shapes.integer(0, 9)
            .check(
                (number, report) -> {
                  if (number % 2 == 0) {
                    return Optional.of(number);
                  }
                  report.problem(number + " is odd");
                  return Optional.empty();
                });
    Problems problems = new Problems();
    assertThat(decode(even, "4", problems)).contains(4L);
    assertThat(decode(even, "5", problems)).isEmpty();
    assertThat(problems.sorted()).containsExactly(problem("5 is odd"));
  }

  @Test
  void a_declaration_that_makes_no_sense_is_our_mistake() {
    Field<String> one = Field.required("one", Shapes.text(), "x");
    Field<String> other = Field.required("one", Shapes.text(), "y");
    assertThatThrownBy(() -> Shapes.object("pair", List.of(one, other), v -> 0))
        .hasMessage("pair has two fields one");
    assertThatThrownBy(() -> Shapes.verb("act", List.of(Verb.alone("one", 1, "x")), List.of(one)))
        .hasMessage("two keys one of an act");
    assertThatThrownBy(() -> Shapes.word("answer", List.of("true"), word -> word))
        .hasMessage("YAML takes true for something else");
    Shape<String> wrong = Shapes.object("pair", List.of(one), v -> v.get(other));
    assertThatThrownBy(
            () ->
                wrong.decode(
                    YamlDocument.parse(new YamlSource("s", "one: x"), new Problems()).orElseThrow(),
                    new Problems()))
        .hasMessage("no field one was declared");
  }

  private static final Position HERE = new Position("s.yaml", 1, 1);

  private static Problem problem(String text) {
    return new Problem(HERE, text);
  }

  private static <T> Optional<T> decode(Shape<T> shape, String text, Problems problems) {
    return shape.decode(new YamlNode.Scalar(HERE, text, true), problems);
  }
}
