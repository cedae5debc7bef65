package dev.faultline.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.journal.EntryJson;
import dev.faultline.protocol.Outcome;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.scenario.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.testing.Stories;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random scripts under random schedules: nothing throws, every run ends, and a design breaks only
 * what it says.
 */
class RandomWorldsTest {

  /** The longest run that ends takes fewer. */
  private static final int STEPS = 3_000;

  /**
   * Runs that go round: a guest's access to private pages whose frames are not consecutive (one was
   * pinned while its hole was punched). After the first frames' PAGE.AUG, KVM faults on the whole
   * piece again, and not on what is left of it.
   */
  private static final Set<Long> ROUND = Set.of(464L, 602L);

  @TempDir Path folder;

  private Stories stories;

  @BeforeEach
  void begin() {
    stories = new Stories(folder);
  }

  private static String range(Random random) {
    int start = random.nextInt(7);
    int end = start + 1 + random.nextInt(8 - start);
    return start * 4 + " KiB.." + end * 4 + " KiB";
  }

  private static String page(Random random) {
    return random.nextInt(8) * 4 + " KiB";
  }

  private static String line(Random random, String party) {
    String load = "load: " + page(random);
    String store = "store: {at: " + page(random) + ", value: " + random.nextInt(256) + "}";
    String touch = random.nextBoolean() ? load : store;
    List<String> choices =
        switch (party) {
          case "guest", "second" ->
              List.of(
                  touch,
                  touch,
                  "accept: " + range(random),
                  "convert-to-private: " + range(random),
                  "convert-to-shared: " + range(random));
          case "vmm" ->
              List.of(
                  load,
                  "set-private: " + range(random),
                  "set-shared: " + range(random),
                  "convert-to-private: " + range(random),
                  "convert-to-shared: " + range(random),
                  "punch-hole: " + range(random),
                  "unmap: " + range(random));
          case "nic", "disk" ->
              List.of(
                  "dma-map: " + range(random),
                  "dma-unmap: " + range(random),
                  "dma-" + load,
                  "dma-" + store);
          case "ring" ->
              List.of(
                  "pin: " + range(random),
                  "unpin: " + range(random),
                  "dma-" + load,
                  "dma-" + store);
          default ->
              List.of(
                  touch,
                  "unmap: " + range(random),
                  "set-private: " + range(random),
                  "punch-hole: " + range(random),
                  "pin: " + page(random),
                  "kill: " + List.of("app", "vmm", "nic", "ring").get(random.nextInt(4)));
        };
    return choices.get(random.nextInt(choices.size()));
  }

  private String story(Random random, String revision) {
    StringBuilder text =
        new StringBuilder(
            """
            story: Whatever comes to mind.
            mode: tdx
            revision: %s
            memory: {size: 32 KiB, shared: 8 KiB..24 KiB}
            parties: {nic: {kind: vfio}, disk: {kind: vfio}, ring: {kind: io-uring}, app: {kind: process}, second: {kind: vcpu}}
            open: [%s]
            script:
            """
                .formatted(
                    revision, random.nextInt(3) == 0 ? "allocation-fails, anchor-busy" : ""));
    List<String> parties =
        new ArrayList<>(List.of("guest", "vmm", "nic", "disk", "ring", "app", "second"));
    java.util.Collections.shuffle(parties, random);
    for (String party : parties.subList(0, 2 + random.nextInt(6))) {
      text.append("  ").append(party).append(":\n");
      for (int line = 0; line < 1 + random.nextInt(5); line++) {
        text.append("    - ").append(line(random, party)).append('\n');
      }
    }
    return text.toString();
  }

  @Test
  void nothing_throws_and_a_design_breaks_only_what_it_says() throws Exception {
    TreeSet<String> refused = new TreeSet<>();
    Set<Long> round = new TreeSet<>();
    for (long seed = 0; seed < 800; seed++) {
      Random random = new Random(seed);
      String revision =
          List.of("in-place-v8", "rfc-2024-09", "rfc-2024-09-folio-lock", "thread-notify")
              .get((int) (seed % 4));
      String text = story(random, revision);
      Scenario scenario = stories.scenario(text);
      Run run = Run.start(scenario, new Schedule.Random(seed));
      int steps = 0;
      for (Optional<Step> next = run.next();
          next.isPresent() && steps < STEPS;
          next = run.next(), steps++) {
        Run.Taken taken;
        try {
          taken = run.take(next.get());
        } catch (RuntimeException failure) {
          throw new AssertionError(
              "seed " + seed + ", step " + steps + " " + next + "\n" + text, failure);
        }
        if (seed % 50 == 0) {
          String json = EntryJson.write(taken.entry());
          assertThat(EntryJson.read(json)).isEqualTo(taken.entry());
        }
        if (taken.entry().outcome() instanceof Outcome.Refused(Errno errno, String _)) {
          refused.add(errno.name());
        }
        run = taken.after();
      }
      if (run.next().isPresent()) {
        round.add(seed);
      }
      TreeSet<String> broken = new TreeSet<>(run.everBroken());
      broken.removeAll(scenario.setup().revision().breaks());
      assertThat(broken).as("seed %d, %s\n%s", seed, revision, text).isEmpty();
    }
    assertThat(round).as("seeds whose runs do not end").isEqualTo(ROUND);
    assertThat(refused).contains("EAGAIN", "EEXIST", "EFAULT", "EINVAL", "ENOMEM");
  }
}
