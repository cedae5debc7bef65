package dev.faultline.runtime.persistence;

import static dev.faultline.runtime.persistence.JournalProbe.ALL;
import static dev.faultline.runtime.persistence.JournalProbe.PID;
import static dev.faultline.runtime.persistence.JournalProbe.atomic;
import static dev.faultline.runtime.persistence.JournalProbe.event;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorSystem;
import akka.persistence.JournalProtocol.ReplayMessagesFailure;
import akka.persistence.PersistentRepr;
import akka.testkit.javadsl.TestKit;
import dev.faultline.journal.JournalEntry;
import dev.faultline.journal.file.JournalDamaged;
import dev.faultline.journal.file.JournalFailure;
import dev.faultline.journal.file.JournalWriter;
import dev.faultline.journal.file.Sync;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A failure is told at once, with its reason, and is the end. */
@Timeout(60)
class JournalFailuresTest {

  @TempDir Path folder;
  private JournalProbe journal;

  @BeforeEach
  void write_five_events() {
    journal = new JournalProbe(folder.resolve("journal.jsonl"));
    journal.start("create", "never");
    journal.write(1, 5, PID);
  }

  @AfterEach
  void stop() {
    journal.stop();
  }

  private static final JournalEntry ENDED = new JournalEntry.WorldEnded(1, 0, true, "as expected");

  @Test
  void a_file_that_is_there_already_fails_every_call_at_once() {
    journal.restart("create");
    String reason =
        journal.file() + " is there already; run never appends: name another, or --resume it";
    journal.expectReplayFails(JournalFailure.class, reason);
    journal.send(atomic(event(6)));
    journal.expectFailed(reason, event(6));
  }

  @Test
  void a_file_that_another_writes_fails_every_call_at_once() {
    ActorSystem holder = journal.system();
    journal.start("resume", "never");
    journal.expectReplayFails(
        JournalFailure.class,
        journal.file()
            + " is being written by process "
            + ProcessHandle.current().pid()
            + ", which is this one");
    TestKit.shutdownActorSystem(holder);
  }

  @Test
  void a_damaged_file_fails_every_call_at_once() throws Exception {
    journal.stop();
    byte[] bytes = Files.readAllBytes(journal.file());
    bytes[10] ^= 1;
    Files.write(journal.file(), bytes);
    journal.start("resume", "never");
    journal.expectReplayFails(
        JournalDamaged.class,
        journal.file()
            + ":1: the line's sum is wrong: it, or the line before it, was changed, added or"
            + " removed");
  }

  @Test
  void sealed_lines_that_are_no_entries_are_named() throws Exception {
    Map<String, String> wrong =
        Map.of(
            "{broken}", "no entry with pid and nr",
            "{}", "no entry with pid and nr",
            "{\"nr\":6,\"pid\":\"gmem\"}", "no entry with pid and nr",
            "{\"pid\":6,\"nr\":6}", "no entry with pid and nr",
            "{\"pid\":\"gmem\",\"nr\":\"6\"}", "no entry with pid and nr",
            "{\"pid\":\"gmem\",\"nr\":99999999999999999999}", "no entry with pid and nr",
            "{\"pid\":\"gmem\",\"nr\":5}", "entry 5 of gmem follows its entry 5");
    journal.stop();
    byte[] before = Files.readAllBytes(journal.file());
    for (Map.Entry<String, String> each : wrong.entrySet()) {
      Files.write(journal.file(), before);
      appendLine(each.getKey());
      journal.start("resume", "never");
      journal.expectReplayFails(JournalDamaged.class, journal.file() + ":6: " + each.getValue());
      journal.stop();
    }
    for (String member : List.of("\"entry\":{\"type\":\"Strange\"}", "\"entry\":7", "\"x\":{}")) {
      Files.write(journal.file(), before);
      appendLine("{\"pid\":\"gmem\",\"nr\":6," + member + "}");
      journal.start("resume", "never");
      journal.askReplay(PID, 6, ALL, ALL);
      assertThat(journal.probe().expectMsgClass(ReplayMessagesFailure.class).cause())
          .isInstanceOf(JournalDamaged.class)
          .hasMessageStartingWith(journal.file() + ":6: cannot be replayed: ");
      journal.stop();
    }
  }

  private void appendLine(String object) throws Exception {
    try (JournalWriter writer =
        JournalWriter.resume(journal.file(), new Sync.Never(), warning -> {}, line -> {})) {
      writer.append(object);
    }
  }

  @Test
  void settings_that_make_no_sense_fail_every_call_at_once() {
    journal.restart("append");
    journal.expectReplayFails(
        JournalFailure.class, "faultline.journal.open is \"append\"; expected create or resume");
    journal.stop();
    journal.start("resume", "sometimes");
    journal.expectReplayFails(
        JournalFailure.class,
        "faultline.journal.sync is \"sometimes\"; expected each, never, or a time such as 100ms");
  }

  @Test
  void a_name_that_can_be_no_file_fails_every_call_at_once() {
    Map<String, String> wrong =
        Map.of(
            "", "faultline.journal.file is empty; name the file of the journal",
            "/", "/: is a directory; name the journal.jsonl in it",
            "a\0b", "faultline.journal.file is no path: Nul character not allowed");
    for (Map.Entry<String, String> each : wrong.entrySet()) {
      journal.stop();
      journal.start(each.getKey(), "create", "never");
      journal.expectReplayFails(JournalFailure.class, each.getValue());
      journal.send(atomic(event(1)));
      journal.expectFailed(each.getValue(), event(1));
    }
  }

  @Test
  void after_the_first_failure_everything_fails_and_nothing_is_written() throws Exception {
    journal.stop();
    System.setProperty("faultline.journal.fail-sync", "2");
    try {
      journal.start("resume", "each");
      journal.write(6, 6, PID);
      String reason = journal.file() + ":7: sync: EIO, input/output error";
      journal.send(atomic(event(7)), atomic(event(8)));
      journal.expectFailed(reason, event(7), event(8));
      for (int attempt = 0; attempt < 20; attempt++) {
        journal.send(atomic(event(9)));
        journal.expectFailed(reason, event(9));
      }
    } finally {
      System.clearProperty("faultline.journal.fail-sync");
    }
    assertThat(journal.lines()).as("the seventh was written, but nobody was told so").hasSize(7);
    journal.restart("resume");
    journal.askReplay(PID, 7, ALL, ALL);
    journal.expectReplayed(PID, 7, "a-7");
    journal.expectRecovered(7);
  }

  @Test
  void the_end_of_a_run_is_on_the_disk_before_it_is_confirmed() {
    journal.stop();
    System.setProperty("faultline.journal.fail-sync", "1");
    try {
      journal.start("resume", "1000000ms");
      journal.write(1, 1, "world");
      PersistentRepr end = event("world", 2, ENDED);
      journal.send(atomic(end));
      journal.expectFailed(journal.file() + ":7: sync: EIO, input/output error", end);
    } finally {
      System.clearProperty("faultline.journal.fail-sync");
    }
  }

  @Test
  void a_line_whose_payload_nobody_can_read_is_named() throws Exception {
    PersistentRepr named = event(PID, 6, new JournalProbe.Named(journal.probe().getRef()));
    journal.send(atomic(named));
    journal.expectWritten();
    journal.expectSuccess(named);
    journal.stop();
    journal.resumeWithoutSerializer();
    journal.askReplay(PID, 6, ALL, ALL);
    assertThat(journal.probe().expectMsgClass(ReplayMessagesFailure.class).cause())
        .isInstanceOf(JournalDamaged.class)
        .hasMessageStartingWith(journal.file() + ":6: cannot be replayed: ")
        .hasMessageContaining("666");
  }
}
