package dev.faultline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.journal.Samples;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.message.Result;
import dev.faultline.testing.Stories;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpectedTest {

  @TempDir Path folder;

  private Expected of(String expect) {
    return new Stories(folder)
        .scenario(
            """
            story: one line
            mode: sw-protected
            memory: {size: 4 KiB, shared: 0..4 KiB}
            script: {guest: [{load: 0, name: line, expect: %s}]}
            """
                .formatted(expect))
        .expected()
        .get("line");
  }

  @Test
  void every_answer_can_be_one_of_some() {
    List<String> words =
        new ArrayList<>(List.of("ok", "0", "3", "SIGBUS", "died", "memory-fault", "vm-dead"));
    for (Errno errno : Errno.values()) {
      words.add(errno.name());
    }
    Expected any = of("{one of: [" + String.join(", ", words) + "]}");
    assertThat(any.oneOf()).extracting(Expected.Answer::word).containsExactlyElementsOf(words);
    assertThat(any.text()).startsWith("ok or 0 or 3 or SIGBUS or died or memory-fault or ");
    for (String word : words) {
      assertThat(of("{one of: [" + word + "]}")).as(word).isEqualTo(of(word));
    }
  }

  @Test
  void every_way_to_end_but_mmio_is_admitted_by_exactly_its_answers() {
    for (Object sample : new Samples().of(Result.class)) {
      Result result = (Result) sample;
      // MMIO: every address of a scenario has a memslot.
      String word = Expected.word(result).replaceFirst(" at page .*", "");
      if (!(result instanceof Result.Mmio)) {
        assertThat(of("{one of: [SIGBUS, " + word + "]}").admits(result)).as(word).isTrue();
        String other = word.equals("SIGBUS") ? "died" : "SIGBUS";
        assertThat(of("{one of: [" + other + "]}").admits(result)).as(word).isFalse();
      }
    }
  }
}
