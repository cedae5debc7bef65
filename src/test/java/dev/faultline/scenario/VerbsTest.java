package dev.faultline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.scenario.yaml.Problem;
import dev.faultline.scenario.yaml.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a message says that a party can do is what it can do. */
class VerbsTest {

  @TempDir Path folder;

  private static String line(String verb) {
    return switch (verb) {
      case "await" -> "await: {refused-by: gmem}";
      case "load", "dma-load", "guest-load" -> verb + ": 4 MiB";
      case "store", "dma-store", "guest-store" -> verb + ": {at: 4 MiB, value: 1}";
      case "query-mappable" -> verb + ": 4 MiB";
      case "kill" -> "kill: vmm";
      case "close-ring" -> verb;
      default -> verb + ": 4 MiB..5 MiB";
    };
  }

  /** What is told about a script of one line. */
  private List<String> told(String party, String line) throws Exception {
    String text =
        """
        story: one line
        mode: tdx
        memory: {size: 16 MiB, shared: 2 MiB..4 MiB}
        parties:
          vfio: {kind: vfio}
          io-uring: {kind: io-uring}
          o-direct: {kind: o-direct}
          process: {kind: process}
          thread: {kind: thread}
          second: {kind: vcpu}
        script: {%s: [%s]}
        """
            .formatted(party, line);
    Path file = Files.writeString(folder.resolve("s.yaml"), text);
    Problems problems = new Problems();
    Optional<Scenario> scenario =
        ScenarioLoader.load(
            new Library.OfFiles(folder), file.toString(), ScenarioLoader.Overrides.NONE, problems);
    assertThat(scenario.isPresent()).isEqualTo(problems.isEmpty());
    return problems.sorted().stream().map(Problem::text).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"guest", "second", "vmm", "vfio", "io-uring", "o-direct", "process", "thread"})
  void a_party_can_do_what_messages_say_and_nothing_else(String party) throws Exception {
    String kind = party.equals("second") ? "guest" : party;
    String foreign = List.of("vmm", "vfio").contains(party) ? "pin" : "dma-map";
    String message = told(party, line(foreign)).getFirst();
    assertThat(message).startsWith("a " + kind + " cannot do this; it can: ");
    List<String> can = List.of(message.replaceFirst(".*it can: ", "").split(", "));
    assertThat(ScriptYaml.verbs()).containsAll(can);
    for (String verb : ScriptYaml.verbs()) {
      List<String> expected = can.contains(verb) ? List.of() : List.of(message);
      assertThat(told(party, line(verb))).as(verb).isEqualTo(expected);
    }
  }

  @Test
  void the_view_of_an_access_is_chosen_by_guests_only() throws Exception {
    String load = "load: {at: 4 MiB, view: private}";
    assertThat(told("guest", load)).isEmpty();
    assertThat(told("vmm", load)).hasSize(1);
    assertThat(told("process", load)).hasSize(1);
  }
}
