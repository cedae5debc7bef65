package dev.faultline.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A scenario of many steps, as YAML. */
public final class LongScenario {

  private LongScenario() {}

  /** Writes a scenario in which a guest stores and loads in turns; a turn is about ten steps. */
  public static Path write(Path folder, int turns) throws IOException {
    StringBuilder text =
        new StringBuilder(
            """
            story: A guest stores and loads, over and over.
            mode: tdx
            memory: {size: 16 MiB, shared: 2 MiB..4 MiB}
            script:
              guest:
            """);
    for (int turn = 0; turn < turns; turn++) {
      String at = (2 + turn % 2) + " MiB";
      int value = turn % 256;
      text.append("    - store: {at: " + at + ", value: " + value + "}\n");
      text.append("    - load: {at: " + at + ", expect: " + value + "}\n");
    }
    return Files.writeString(folder.resolve("long.yaml"), text);
  }
}
