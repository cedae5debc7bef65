package dev.faultline.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.scenario.Run;
import dev.faultline.testing.Stories;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Guest mappings that hang on the VMM's user addresses go when the VMM unmaps. */
class MmuNotifierTest {

  @TempDir Path folder;

  @Test
  void a_guest_that_touches_a_shared_page_after_an_unmap_maps_it_in_the_host_again() {
    Run run =
        Stories.run(
            new Stories(folder)
                .scenario(
                    """
                    story: The VMM unmaps, the guest touches, and the page is mapped again.
                    mode: tdx
                    revision: rfc-2024-09
                    memory: {size: 4 KiB, shared: 0..4 KiB}
                    script:
                      guest:
                        - store: {at: 0, value: 7}
                          name: first
                        - await: unmapped
                        - store: {at: 0, value: 8}
                          name: second
                      vmm:
                        - await: first
                        - unmap: 0..4 KiB
                          name: unmapped
                        - await: second
                        - set-private: 0..4 KiB
                          expect: EINVAL
                    """));
    assertThat(run.failures()).isEmpty();
    assertThat(run.world().gmem().mappers()).containsExactly(Parties.VMM_MEMORY);
  }

  @Test
  void without_a_touch_the_page_is_mapped_nowhere_and_converts() {
    Run run =
        Stories.run(
            new Stories(folder)
                .scenario(
                    """
                    story: The VMM unmaps and converts.
                    mode: tdx
                    revision: rfc-2024-09
                    memory: {size: 4 KiB, shared: 0..4 KiB}
                    script:
                      guest:
                        - store: {at: 0, value: 7}
                          name: first
                      vmm:
                        - await: first
                        - unmap: 0..4 KiB
                        - set-private: 0..4 KiB
                          expect: ok
                    """));
    assertThat(run.failures()).isEmpty();
  }
}
