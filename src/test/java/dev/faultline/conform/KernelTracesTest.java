package dev.faultline.conform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.gmem.GmemDecider;
import dev.faultline.scenario.Library;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problems;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real kernel answered, and what the model answers to the same. */
class KernelTracesTest {

  private static final Position HERE = Position.ofFile("KernelTracesTest");
  private static final Library LIBRARY = new Library.OfFiles(Path.of(""));

  @TempDir Path folder;

  private static Mode mode(String name) {
    return ScenarioLoader.mode(LIBRARY, name, HERE, new Problems()).orElseThrow();
  }

  private static Conformance.Result compare(String revisionName, String trace) {
    return compare(revisionName, trace, GmemDecider::new);
  }

  static Conformance.Result compare(String revisionName, String trace, InodeRules rules) {
    Problems problems = new Problems();
    Optional<Revision> revision = ScenarioLoader.revision(LIBRARY, revisionName, HERE, problems);
    Optional<Trace> read =
        TraceReader.read(Path.of("src/test/resources/kernel", trace + ".jsonl"), problems);
    assertThat(problems.render()).isEmpty();
    Model model =
        Bench.of(revision.orElseThrow(), List.of(mode("default"), mode("sw-protected")), rules);
    Optional<Conformance.Result> result =
        Conformance.compare(read.orElseThrow(), revisionName, model, problems);
    assertThat(problems.render()).isEmpty();
    return result.orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "linux-7.3, linux-7.3-create, 60",
    "linux-7.3, linux-7.3-default-mmap, 65",
    "linux-7.3, linux-7.3-vm-attributes, 102",
    "in-place-v8, in-place-fixed, 186",
    "in-place-v8, in-place-random-101, 3787",
    "in-place-v8, in-place-random-102, 3876",
    "in-place-v8, in-place-random-103, 3934"
  })
  void every_answer_of_the_kernel_is_the_models(String revision, String trace, int operations) {
    Conformance.Result result = compare(revision, trace);
    assertThat(result.first()).isEmpty();
    assertThat(result.operations()).isEqualTo(operations);
    assertThat(result.agreements()).isEqualTo(operations);
  }

  @Test
  void another_design_disagrees() {
    assertThat(compare("linux-7.3", "in-place-fixed").agrees()).isFalse();
  }
}
