package dev.faultline.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.scenario.Scenario;
import dev.faultline.testing.NaiveExplorer;
import dev.faultline.testing.Stories;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Small races end in exactly the ways in which an independent program found them to end: one
 * missing means an act that is too coarse, one too many a missing lock, check or reference.
 */
class OutcomesTest {

  private static final String IN_PLACE = "in-place-v8";
  private static final String RFC = "rfc-2024-09";
  private static final String WITHOUT_LOCK = "rfc-2024-09-without-lock";

  @TempDir Path folder;

  private Stories stories;

  @BeforeEach
  void begin() {
    stories = new Stories(folder);
  }

  private void ends(String revision, String parties, String scripts, String... expected) {
    Scenario scenario =
        stories.scenario(
            """
            story: A small race.
            mode: tdx
            revision: %s
            memory: {size: 4 KiB, shared: 0..4 KiB}
            parties: {%s}
            script:
            %s
            """
                .formatted(revision, parties, scripts));
    NaiveExplorer.Found found = NaiveExplorer.explore(scenario);
    assertThat(List.copyOf(found.ends())).containsExactlyInAnyOrder(expected);
  }

  /** A process of its own, so that a SIGBUS ends no other thread, and a thread that converts. */
  private static final String TWO = "t0: {kind: process}, t1: {kind: thread}";

  private static final String THREE = TWO + ", t2: {kind: thread}";

  /** Page 0 holds 7, is in the page cache, and nobody has it mapped; one loads, one converts. */
  private static final String LOAD_AND_CONVERT =
      """
        t0:
          - store: {at: 0, value: 7}
          - unmap: 0
            name: ready
          - load: 0
        t1: [{await: ready}, {set-private: 0}]
      """;

  @Test
  void a_load_and_a_conversion() {
    ends(
        IN_PLACE,
        TWO,
        LOAD_AND_CONVERT,
        "ok,ok,7 | ok   P",
        "ok,ok,7 | EAGAIN@0   S",
        "ok,ok,SIGBUS | ok   P");
    ends(RFC, TWO, LOAD_AND_CONVERT, "ok,ok,7 | EINVAL   S", "ok,ok,SIGBUS | ok   P");
    ends(
        WITHOUT_LOCK,
        TWO,
        LOAD_AND_CONVERT,
        "ok,ok,0 | ok   P",
        "ok,ok,7 | ok   P",
        "ok,ok,7 | EINVAL   S",
        "ok,ok,SIGBUS | ok   P");
  }

  /** Page 0 holds 7 and is mapped; one pins it by GUP-fast, writes and unpins, one converts. */
  private static final String GUP_FAST_AND_CONVERT =
      """
        t0:
          - store: {at: 0, value: 7}
            name: ready
          - pin: 0
          - dma-store: {at: 0, value: 9}
          - unpin: 0
        t1: [{await: ready}, {set-private: 0}]
      """;

  @Test
  void gup_fast_and_a_conversion() {
    ends(
        IN_PLACE,
        TWO,
        GUP_FAST_AND_CONVERT,
        "ok,ok,ok,ok | ok   P",
        "ok,ok,ok,ok | EAGAIN@0   S",
        "ok,EFAULT,EINVAL,EINVAL | ok   P");
    ends(RFC, TWO, GUP_FAST_AND_CONVERT, "ok,ok,ok,ok | EINVAL   S");
    ends(WITHOUT_LOCK, TWO, GUP_FAST_AND_CONVERT, "ok,ok,ok,ok | EINVAL   S");
  }

  /** Page 0 holds 7, is not mapped and pinned; its holder writes and unpins, one converts twice. */
  private static final String PINNED_AND_CONVERTED_TWICE =
      """
        t0:
          - store: {at: 0, value: 7}
          - pin: 0
          - unmap: 0
            name: ready
          - dma-store: {at: 0, value: 9}
          - unpin: 0
        t1: [{await: ready}, {set-private: 0}, {set-private: 0}]
      """;

  @Test
  void a_pin_and_two_tries_of_a_conversion() {
    // The second try comes after a success as well; it finds nothing to do.
    ends(
        IN_PLACE,
        TWO,
        PINNED_AND_CONVERTED_TWICE,
        "ok,ok,ok,ok,ok | ok,ok   P",
        "ok,ok,ok,ok,ok | EAGAIN@0,ok   P",
        "ok,ok,ok,ok,ok | EAGAIN@0,EAGAIN@0   S");
    for (String revision : List.of(RFC, WITHOUT_LOCK)) {
      ends(
          revision,
          TWO,
          PINNED_AND_CONVERTED_TWICE,
          "ok,ok,ok,ok,ok | ok,ok   P",
          "ok,ok,ok,ok,ok | EINVAL,ok   P",
          "ok,ok,ok,ok,ok | EINVAL,EINVAL   S");
    }
  }

  /** Page 0 holds 7 and is mapped; one loads it, one punches it out, one converts. */
  private static final String PUNCH_LOAD_AND_CONVERT =
      """
        t0:
          - store: {at: 0, value: 7}
            name: ready
          - load: 0
        t1: [{await: ready}, {punch-hole: 0}]
        t2: [{await: ready}, {set-private: 0}]
      """;

  @Test
  void a_punched_hole_a_load_and_a_conversion() {
    ends(
        IN_PLACE,
        THREE,
        PUNCH_LOAD_AND_CONVERT,
        "ok,0 | ok | ok   P",
        "ok,0 | ok | EAGAIN@0   S",
        "ok,7 | ok | ok   P",
        "ok,SIGBUS | ok | ok   P");
    ends(
        RFC,
        THREE,
        PUNCH_LOAD_AND_CONVERT,
        "ok,0 | ok | EINVAL   S",
        "ok,7 | ok | ok   P",
        "ok,7 | ok | EINVAL   S",
        "ok,SIGBUS | ok | ok   P",
        "ok,SIGBUS | ok | EINVAL   S");
    ends(
        WITHOUT_LOCK,
        THREE,
        PUNCH_LOAD_AND_CONVERT,
        "ok,0 | ok | ok   P",
        "ok,0 | ok | EINVAL   S",
        "ok,7 | ok | ok   P",
        "ok,7 | ok | EINVAL   S",
        "ok,SIGBUS | ok | ok   P",
        "ok,SIGBUS | ok | EINVAL   S");
  }

  /** Page 0 holds 7, mapped and pinned; its holder writes and unpins, one converts it to shared. */
  private static final String NO_OP_UNDER_A_PIN =
      """
        t0:
          - store: {at: 0, value: 7}
          - pin: 0
            name: ready
          - dma-store: {at: 0, value: 9}
          - unpin: 0
        t1: [{await: ready}, {set-shared: 0}]
        t2: [{await: ready}, {load: 0}]
      """;

  @Test
  void a_conversion_to_what_is_so_already_under_a_pin() {
    for (String revision : List.of(IN_PLACE, RFC, WITHOUT_LOCK)) {
      ends(
          revision,
          THREE,
          NO_OP_UNDER_A_PIN,
          "ok,ok,ok,ok | ok | 7   S",
          "ok,ok,ok,ok | ok | 9   S");
    }
  }
}
