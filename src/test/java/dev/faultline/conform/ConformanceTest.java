package dev.faultline.conform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.scenario.yaml.Problem;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.testing.FakeModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ConformanceTest {

  private static final String UNPIN = "{\"op\":\"unpinclose p0\",\"res\":\"OK\",\"ret\":0}";
  private static final String BUSY =
      "{\"op\":\"attr2 g0 0 1p 8\",\"res\":\"EAGAIN\",\"error_offset\":0}";
  private static final String CONVERTED = "{\"op\":\"attr2 g0 0 1p 8\",\"res\":\"OK\"}";

  private static Trace trace(String... lines) throws IOException {
    byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    Problems problems = new Problems();
    Optional<Trace> trace = TraceReader.read("t.jsonl", new ByteArrayInputStream(text), problems);
    assertThat(problems.render()).isEmpty();
    return trace.orElseThrow();
  }

  private static Conformance.Result compare(Model model, String... lines) throws IOException {
    Problems problems = new Problems();
    Optional<Conformance.Result> result =
        Conformance.compare(trace(lines), "fake", model, problems);
    assertThat(problems.render()).isEmpty();
    return result.orElseThrow();
  }

  private static Conformance.Result compare(String... lines) throws IOException {
    return compare(FakeModel.first(), lines);
  }

  private static Conformance.Result agreed(int operations) {
    return new Conformance.Result("t.jsonl", "fake", operations, operations, Optional.empty());
  }

  @Test
  void answers_that_are_equal_in_every_field_agree() throws Exception {
    assertThat(
            compare(
                "{\"op\":\"new 1\",\"res\":\"OK\",\"ret\":0}",
                "{\"op\":\"write m0 1p 7\",\"res\":\"OK\"}",
                "{\"ret\":-1,\"res\":\"ENOMEM\",\"op\":\"anon 1p\"}",
                "{\"op\":\"read m0 1p\",\"res\":\"OK\",\"val\":7}"))
        .isEqualTo(agreed(4));
  }

  @Test
  void a_field_more_less_or_other_is_a_disagreement() throws Exception {
    for (String answer : List.of("", ",\"val\":1", ",\"val\":0,\"si_code\":2")) {
      assertThat(compare("{\"op\":\"read m0 0\",\"res\":\"OK\"" + answer + "}").agreements())
          .as(answer)
          .isZero();
    }
  }

  @Test
  void the_first_disagreement_is_kept_and_the_rest_is_compared() throws Exception {
    Conformance.Result result =
        compare(
            "{\"op\":\"write m0 0 7\",\"res\":\"OK\"}",
            "{\"op\":\"read m0 0\",\"res\":\"SIGBUS\",\"si_code\":2}",
            "{\"op\":\"read m0 0\",\"res\":\"OK\",\"val\":7}",
            "{\"op\":\"read m0 4K\",\"res\":\"OK\",\"val\":7}");
    assertThat(result)
        .isEqualTo(
            new Conformance.Result(
                "t.jsonl",
                "fake",
                4,
                2,
                Optional.of(
                    new Conformance.Disagreement(
                        2,
                        "read m0 0",
                        Answer.of("SIGBUS", "si_code", 2),
                        List.of(Answer.of("OK", "val", 7)),
                        "offset 0 has 7"))));
  }

  @Test
  void what_the_kernel_did_not_show_yet_is_decided_by_what_it_shows_later() throws Exception {
    assertThat(compare(UNPIN, BUSY, BUSY)).isEqualTo(agreed(3));
    assertThat(compare(UNPIN, CONVERTED, CONVERTED)).isEqualTo(agreed(3));
  }

  @Test
  void a_branch_that_the_kernel_ruled_out_is_not_gone_back_to() throws Exception {
    Conformance.Result result = compare(UNPIN, BUSY, CONVERTED);
    assertThat(result.agreements()).isEqualTo(2);
    assertThat(result.first().orElseThrow())
        .isEqualTo(
            new Conformance.Disagreement(
                3,
                "attr2 g0 0 1p 8",
                Answer.of("OK"),
                List.of(Answer.of("EAGAIN", "error_offset", 0)),
                "a closed ring has pins"));
  }

  @Test
  void after_a_disagreement_the_first_branch_is_gone_on_with() throws Exception {
    String wrong = "{\"op\":\"attr2 g0 0 1p 8\",\"res\":\"ENOMEM\"}";
    assertThat(compare(UNPIN, wrong, BUSY).agreements()).isEqualTo(2);
    assertThat(compare(UNPIN, wrong, CONVERTED).agreements()).isEqualTo(1);
  }

  @Test
  void all_answers_that_were_allowed_are_told() throws Exception {
    Conformance.Result result = compare("{\"op\":\"anon 1p\",\"res\":\"EPERM\",\"ret\":-1}");
    assertThat(result.first().orElseThrow().model())
        .containsExactly(Answer.of("OK", "m", 0), Answer.of("ENOMEM", "ret", -1));
  }

  @Test
  void equal_states_are_followed_once() throws Exception {
    String[] lines = IntStream.range(0, 64).mapToObj(_ -> UNPIN).toArray(String[]::new);
    assertThat(compare(lines)).isEqualTo(agreed(64));
  }

  @Test
  void how_often_alloc_was_interrupted_is_ignored_and_nothing_else_of_it() throws Exception {
    assertThat(compare("{\"op\":\"alloc g0 0 1p\",\"res\":\"OK\",\"ret\":0,\"eintr\":3}"))
        .isEqualTo(agreed(1));
    assertThat(
            compare("{\"op\":\"alloc g0 0 1p\",\"res\":\"OK\",\"ret\":1,\"eintr\":3}").agreements())
        .isZero();
  }

  /** A model whose every answer leaves two states that differ for ever. */
  private record Doubling(String history) implements Model {
    @Override
    public List<Allowed> put(TraceOperation operation) {
      return List.of(
          new Allowed(Answer.of("OK", "ret", 0), "", new Doubling(history + "0")),
          new Allowed(Answer.of("OK", "ret", 0), "", new Doubling(history + "1")));
    }
  }

  @Test
  void more_states_than_can_be_followed_are_told_with_their_place() throws Exception {
    String[] lines = IntStream.range(0, 20).mapToObj(_ -> UNPIN).toArray(String[]::new);
    Problems problems = new Problems();
    assertThat(Conformance.compare(trace(lines), "fake", new Doubling(""), problems)).isEmpty();
    assertThat(problems.sorted())
        .extracting(Problem::toString)
        .containsExactly(
            "t.jsonl:13:1: the kernel's answers leave more than 4096 states of the model possible"
                + " here; split the trace at an earlier \"new\"");
  }

  private static Conformance.Result differing(String file, int answers) {
    return new Conformance.Result(
        file,
        "in-place-v8",
        1200,
        1198,
        Optional.of(
            new Conformance.Disagreement(
                39,
                "attr2 g0 0 64p 8",
                Answer.of("EAGAIN", "error_page", 10, "error_offset", 40960),
                IntStream.range(0, answers)
                    .mapToObj(i -> Answer.of("EAGAIN", "error_page", i))
                    .toList(),
                "page 0 has 2 references, not 1")));
  }

  @Test
  void a_result_is_one_line() {
    assertThat(ConformanceText.line(agreed(1))).isEqualTo("t.jsonl: 1 operation, 1 agree, fake");
    assertThat(ConformanceText.line(differing("a\nb.jsonl", 2)))
        .isEqualTo(
            "a?b.jsonl: 1,200 operations, 1,198 agree, 2 differ, in-place-v8; first at 39,"
                + " attr2 g0 0 64p 8: the kernel answers EAGAIN error_offset=40960 error_page=10,"
                + " the model EAGAIN error_page=0 or EAGAIN error_page=1: page 0 has 2 references,"
                + " not 1");
    assertThat(ConformanceText.line(differing("a.jsonl", 64)))
        .contains("or EAGAIN error_page=3 or 60 others: page 0");
  }

  @Test
  void ktap_has_plan_diagnostics_results_and_totals() {
    assertThat(ConformanceText.ktap(List.of(agreed(3), differing("b#1.jsonl", 1))))
        .isEqualTo(
            """
            KTAP version 1
            1..2
            # 3 operations, 3 agree, fake
            ok 1 t.jsonl
            # 1,200 operations, 1,198 agree, 2 differ, in-place-v8
            # first disagreement: operation 39, attr2 g0 0 64p 8
            # kernel: EAGAIN error_offset=40960 error_page=10
            # model: EAGAIN error_page=0
            # reason: page 0 has 2 references, not 1
            not ok 2 b_1.jsonl
            # Totals: pass:1 fail:1 xfail:0 xpass:0 skip:0 error:0
            """);
  }
}
