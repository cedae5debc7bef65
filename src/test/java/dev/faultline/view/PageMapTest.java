package dev.faultline.view;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.testing.Stories;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageMapTest {

  @TempDir Path folder;

  private static String map(Scenario scenario, Optional<IndexRange> only) {
    return PageMap.draw(scenario, Recordings.of(scenario), only);
  }

  @Test
  void pages_that_share_a_history_are_one_row() {
    Scenario scenario =
        Stories.load("tdx/good-blocked-by-vfio-then-retried", ScenarioLoader.Overrides.NONE);
    assertThat(map(scenario, Optional.empty()))
        .isEqualTo(
            """
            pages       9     24    25    36    37    40    55    90
            0..511      P     P     P     P     P     P     P     P
            512         S     Sm    Sm*   S*    S*!   S     P     Pa
            513..767    S     Sm    Sm*   S*    S*    S     P     Pa
            768..1023   S     Sm    Sm*   Sm*   Sm*   Sm    Sm    Sm
            1024..4095  P     P     P     P     P     P     P     P
            P private  S shared  a accepted  m host-mapped  * pinned  ! refused
            """);
    assertThat(map(scenario, Optional.of(new IndexRange(700, 800))))
        .isEqualTo(
            """
            pages     9     24    25    36    40    55    90
            700..767  S     Sm    Sm*   S*    S     P     Pa
            768..799  S     Sm    Sm*   Sm*   Sm    Sm    Sm
            P private  S shared  a accepted  m host-mapped  * pinned  ! refused
            """);
  }

  @Test
  void what_there_is_no_room_for_is_counted() {
    StringBuilder text =
        new StringBuilder(
            """
            story: Every other page is converted of its own.
            mode: tdx
            revision: in-place-v8
            memory: {size: 1 TiB, shared: 0 KiB..1 TiB}
            script:
              vmm:
            """);
    for (int page = 0; page < 30; page += 2) {
      text.append("    - set-private: ").append(page * 4).append(" KiB..");
      text.append(page * 4 + 4).append(" KiB\n");
    }
    assertThat(map(new Stories(folder).scenario(text.toString()), Optional.empty()))
        .isEqualTo(
            """
            pages                 9     24    39    54    69    84    99    234
            0                     S     P     P     P     P     P     P     P
            1                     S     S     S     S     S     S     S     S
            2                     S     S     P     P     P     P     P     P
            3                     S     S     S     S     S     S     S     S
            4                     S     S     S     P     P     P     P     P
            5                     S     S     S     S     S     S     S     S
            6                     S     S     S     S     P     P     P     P
            7                     S     S     S     S     S     S     S     S
            8                     S     S     S     S     S     P     P     P
            9                     S     S     S     S     S     S     S     S
            20 more ranges are left out; --range narrows
            columns: 8 of the 16 steps that changed a page
            P private  S shared  a accepted  m host-mapped  * pinned  ! refused
            """);
  }

  @Test
  void a_run_that_changes_no_page_has_no_map() {
    Scenario scenario =
        new Stories(folder)
            .scenario(
                """
                story: A guest reads its private memory.
                mode: tdx
                revision: in-place-v8
                memory: {size: 16 MiB}
                script:
                  guest:
                    - load: 0 MiB
                """);
    assertThat(map(scenario, Optional.empty())).isEmpty();
  }
}
