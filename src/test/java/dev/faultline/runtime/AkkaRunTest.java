package dev.faultline.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.faultline.journal.file.JournalWriter;
import dev.faultline.journal.file.Sync;
import dev.faultline.testing.FakeScenarios;
import dev.faultline.world.Schedule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Journals that cannot be written or resumed: the run fails at once, and says why. */
@Timeout(25) // Akka gives up a replay after 30 seconds
class AkkaRunTest {

  @TempDir Path folder;

  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("journal.jsonl");
  }

  private static RunResult run(Config config) {
    return AkkaRun.run(FakeScenarios.blockedByVfio(), new Schedule.Fifo(), 1, config);
  }

  private static RunResult run(Path journal, boolean resume) {
    return run(new AkkaRun.JournalAt(journal, resume, "never").over(ConfigFactory.load()));
  }

  private static void assertFailed(RunResult result, String reason) {
    assertThat(result).isEqualTo(new RunResult.Failed(reason));
  }

  @Test
  void a_journal_that_is_there_is_not_appended_to() throws Exception {
    assertThat(run(file, false)).isInstanceOf(RunResult.Ended.class);
    String whole = Files.readString(file);
    assertFailed(
        run(file, false),
        file + " is there already; run never appends: name another, or --resume it");
    assertThat(Files.readString(file)).isEqualTo(whole);
  }

  @Test
  void a_journal_that_is_being_written_is_refused_with_the_process() throws Exception {
    assertThat(run(file, false)).isInstanceOf(RunResult.Ended.class);
    long length = Files.size(file);
    try (var _ = JournalWriter.resume(file, new Sync.Never(), warning -> {}, line -> {})) {
      assertThat(run(file, true))
          .isInstanceOfSatisfying(
              RunResult.Failed.class,
              failed -> {
                assertThat(failed.reason())
                    .contains(file.toString())
                    .contains("process " + ProcessHandle.current().pid());
                assertThat(failed.began()).isFalse();
              });
      assertThat(file).hasSize(length);
    }
  }

  @Test
  void a_folder_that_cannot_be_made_is_told() throws Exception {
    Path notFolder = Files.writeString(folder.resolve("file"), "");
    Path journal = notFolder.resolve("journal.jsonl");
    assertFailed(
        run(journal, false), "cannot write " + journal + ": " + notFolder + " is no folder");
  }

  @Test
  void a_damaged_journal_is_refused_with_the_line() throws Exception {
    assertThat(run(file, false)).isInstanceOf(RunResult.Ended.class);
    List<String> lines = Files.readAllLines(file);
    lines.set(16, lines.get(16).replace("\"step\":16", "\"step\":17"));
    Files.write(file, lines);
    assertThat(run(file, true))
        .isInstanceOfSatisfying(
            RunResult.Failed.class,
            failed -> assertThat(failed.reason()).startsWith(file + ":17: "));
  }

  @Test
  void a_missing_journal_is_not_resumed() {
    assertThat(run(file, true))
        .isInstanceOfSatisfying(
            RunResult.Failed.class,
            failed -> assertThat(failed.reason()).contains(file.toString()));
    assertThat(file).doesNotExist();
  }

  @Test
  void settings_that_are_none_are_told() {
    Config base = new AkkaRun.JournalAt(file, false, "now and then").over(ConfigFactory.load());
    assertFailed(
        run(base),
        "faultline.journal.sync is \"now and then\"; expected each, never, or a time such as"
            + " 100ms");
    assertFailed(
        run(
            ConfigFactory.parseString("faultline.journal { open = append, sync = each }")
                .withFallback(base)),
        "faultline.journal.open is \"append\"; expected create or resume");
    assertFailed(
        run(
            ConfigFactory.parseString("akka.persistence.journal.plugin = no.such.plugin")
                .withFallback(base)),
        "akka.persistence.journal.plugin is no.such.plugin, and there are no settings of that"
            + " name");
    assertThat(file).doesNotExist();
  }
}
