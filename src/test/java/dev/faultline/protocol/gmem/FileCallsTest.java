package dev.faultline.protocol.gmem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.protocol.Decision;
import dev.faultline.protocol.Stimulus;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.GmemToProcess;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.protocol.message.ProcessToGmem;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.ToGmem;
import dev.faultline.protocol.message.View;
import dev.faultline.scenario.Library;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problems;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a file answers at once to a call, by the revision: which call it has, and its arguments. */
class FileCallsTest {

  private static final Endpoint VMM = Endpoint.of(PartyId.of(PartyKind.VMM, "vmm"));

  /** A file of two pages is told something; what it answers before any task moves. */
  private static String answer(String revision, ToGmem message) {
    Problems problems = new Problems();
    Revision design =
        ScenarioLoader.revision(
                new Library.OfFiles(Path.of("")), revision, Position.ofFile(revision), problems)
            .orElseThrow();
    GmemDecider gmem =
        new GmemDecider(design, new GmemSetup(2, 0, true, View.SHARED, true, List.of(), List.of()));
    Decision<GmemEvent> decision =
        (Decision<GmemEvent>)
            gmem.decide(
                gmem.initialState(),
                new Stimulus.Delivered<>(VMM, TaskId.NONE, message),
                _ -> false);
    return decision.sends().stream()
        .findFirst()
        .map(send -> ((GmemToProcess.Returned) send.message()).result())
        .map(result -> result instanceof Result.Failed failed ? failed.errno().name() : "ok")
        .orElse("task");
  }

  private static long number(String text) {
    return Long.parseUnsignedLong(text, 16);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1000, 0, task",
    "0, 1000, 1, EINVAL",
    "0, 0, 1, EINVAL",
    "0, 0, 0, ok",
    "fff, 0, 0, ok",
    "fffffffffffff000, 2000, 0, EINVAL",
    "800, 1000, 0, EINVAL",
    "0, 800, 0, EINVAL",
    "1000, 2000, 0, EINVAL",
    "1000, 1000, 0, task"
  })
  void the_convert_calls_look_at_their_arguments(
      String offset, String size, String errorOffset, String expected) {
    for (View target : View.values()) {
      ToGmem call =
          new ProcessToGmem.Convert(number(offset), number(size), number(errorOffset), target);
      assertThat(answer("rfc-2025-05", call)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({"0, task", "1000, task", "2000, EINVAL", "800, EINVAL", "fffffffffffff000, EINVAL"})
  void a_query_is_about_a_page_of_the_file(String offset, String expected) {
    assertThat(answer("thread-query", new ProcessToGmem.QueryMappable(number(offset))))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "rfc-2025-05, ENOTTY, task, ENOTTY",
    "in-place-v8, task, ENOTTY, ENOTTY",
    "restricted-mapping, task, ENOTTY, ENOTTY",
    "thread-query, ENOTTY, ENOTTY, task",
    "rfc-2024-09, ENOTTY, ENOTTY, ENOTTY"
  })
  void a_file_has_the_calls_of_its_revision(
      String revision, String attributes, String convert, String query) {
    assertThat(answer(revision, new ProcessToGmem.SetMemoryAttributes2(0, 4096, View.PRIVATE)))
        .isEqualTo(attributes);
    assertThat(answer(revision, new ProcessToGmem.Convert(0, 4096, 0, View.PRIVATE)))
        .isEqualTo(convert);
    assertThat(answer(revision, new ProcessToGmem.QueryMappable(0))).isEqualTo(query);
  }
}
