package dev.faultline.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.scenario.Run;
import dev.faultline.testing.Stories;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An ioctl on the VM is for the address space that made it; one on the file is for everybody. */
class OtherAddressSpaceTest {

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "rfc-2024-09, process, EIO",
    "rfc-2024-09, thread, ok",
    "in-place-v8, process, ok",
    "in-place-v8, thread, ok"
  })
  void who_may_convert(String revision, String kind, String answer) {
    Run run =
        Stories.run(
            new Stories(folder)
                .scenario(
                    """
                    story: Somebody else converts.
                    mode: tdx
                    revision: %s
                    memory: {size: 4 KiB, shared: 0..4 KiB}
                    parties: {other: {kind: %s}}
                    script:
                      other: [{set-private: 0..4 KiB, expect: %s}]
                    """
                        .formatted(revision, kind, answer)));
    assertThat(run.failures()).isEmpty();
  }
}
