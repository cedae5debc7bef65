package dev.faultline.testing;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Scenarios that nobody thought of: random lines of random parties. */
public final class RandomStories {

  /** The guest's memory: so little that parties meet. */
  public static final int PAGES = 8;

  private RandomStories() {}

  private static String range(Random random) {
    int start = random.nextInt(PAGES - 1);
    int end = start + 1 + random.nextInt(PAGES - start);
    return start * 4 + " KiB.." + end * 4 + " KiB";
  }

  private static String page(Random random) {
    return random.nextInt(PAGES) * 4 + " KiB";
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

  /** The text of a scenario on {@link #PAGES} pages. */
  public static String story(Random random, String revision) {
    StringBuilder text =
        new StringBuilder(
            """
            story: Whatever comes to mind.
            mode: tdx
            revision: %s
            memory: {size: %d pages, shared: 2 pages..6 pages}
            parties: {nic: {kind: vfio}, disk: {kind: vfio}, ring: {kind: io-uring}, app: {kind: process}, second: {kind: vcpu}}
            open: [%s]
            script:
            """
                .formatted(
                    revision,
                    PAGES,
                    random.nextInt(3) == 0 ? "allocation-fails, anchor-busy" : ""));
    List<String> parties =
        new ArrayList<>(List.of("guest", "vmm", "nic", "disk", "ring", "app", "second"));
    Collections.shuffle(parties, random);
    for (String party : parties.subList(0, 2 + random.nextInt(6))) {
      text.append("  ").append(party).append(":\n");
      for (int line = 0; line < 1 + random.nextInt(5); line++) {
        text.append("    - ").append(line(random, party)).append('\n');
      }
    }
    return text.toString();
  }
}
