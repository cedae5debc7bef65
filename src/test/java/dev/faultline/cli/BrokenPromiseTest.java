package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.property.Properties;
import dev.faultline.testing.Stories;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user sees of a promise of a scenario that breaks. */
class BrokenPromiseTest {

  private record Answer(int exitCode, String out, String err) {}

  private static Answer faultline(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode = Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
    return new Answer(exitCode, out.toString(), err.toString());
  }

  @Test
  void it_is_told_with_its_line_journaled_explained_and_decided_again(@TempDir Path folder) {
    String story =
        new Stories(folder)
            .file(
                "broken.yaml",
                """
                story: The VMM takes a page.
                mode: sw-protected
                memory: {size: 4 pages, shared: 0..4 pages}
                script: {vmm: [{set-private: 0}]}
                promises:
                  - never: page 0 is private
                    name: open
                  - eventually: page 0 is private
                  - sometimes: a call was refused
                """);
    String journal = folder.resolve("journal").toString();
    Answer run = faultline("run", story, "--quiet", "--journal", journal);
    assertThat(run.exitCode).isEqualTo(1);
    assertThat(run.out).isEmpty();
    assertThat(run.err)
        .contains(" %d properties, 2 promises ".formatted(Properties.ALL.size() + 1))
        .contains("\n  broken.yaml:6: open broke\n");

    assertThat(faultline("show", journal).out)
        .containsPattern("[0-9] BROKEN open: \"page 0 is private\" is so of page 0\n");
    assertThat(faultline("why", journal, "--page", "0").out)
        .contains(" broke open: \"page 0 is private\" is so of page 0.");
    assertThat(faultline("why", journal, "--page", "1").out).doesNotContain("broke");
    assertThat(faultline("replay", journal).exitCode).isZero();
  }
}
