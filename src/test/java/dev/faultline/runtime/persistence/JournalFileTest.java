package dev.faultline.runtime.persistence;

import static dev.faultline.runtime.persistence.JournalProbe.ALL;
import static dev.faultline.runtime.persistence.JournalProbe.PID;
import static dev.faultline.runtime.persistence.JournalProbe.atomic;
import static dev.faultline.runtime.persistence.JournalProbe.event;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorRef;
import akka.persistence.JournalProtocol.RecoverySuccess;
import akka.persistence.JournalProtocol.ReplayMessages;
import akka.persistence.JournalProtocol.ReplayedMessage;
import akka.persistence.PersistentRepr;
import akka.testkit.javadsl.TestKit;
import dev.faultline.journal.EntryLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The plugin's file: its order, its bytes, and what happens when it is resumed. */
@Timeout(60)
class JournalFileTest {

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

  @Test
  void the_file_has_the_order_of_the_writes_whoever_wrote() throws Exception {
    List<String> expected =
        new ArrayList<>(List.of("gmem 1", "gmem 2", "gmem 3", "gmem 4", "gmem 5"));
    List<PersistentRepr> events = new ArrayList<>();
    for (int number = 1; number <= 50; number++) {
      for (String persistenceId : List.of("kvm", "vmm", "guest")) {
        events.add(event(persistenceId, number, "a-" + number));
        expected.add(persistenceId + " " + number);
      }
    }
    // Without waiting for an answer.
    events.forEach(event -> journal.send(atomic(event)));
    for (PersistentRepr event : events) {
      journal.expectWritten();
      journal.expectSuccess(event);
    }
    List<String> found = new ArrayList<>();
    for (String line : journal.lines()) {
      EntryLine.Key key = EntryLine.key(line);
      found.add(key.persistenceId() + " " + key.number());
    }
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void a_replay_has_what_was_asked_to_be_written_before_it_and_nothing_of_later() {
    List<PersistentRepr> events = new ArrayList<>();
    List<TestKit> readers = new ArrayList<>();
    // Without waiting for an answer: replays run while later events are written.
    for (int number = 1; number <= 200; number++) {
      events.add(event("kvm", number, "a-" + number));
      journal.send(atomic(events.getLast()));
      if (number % 20 == 0) {
        TestKit reader = new TestKit(journal.system());
        readers.add(reader);
        journal
            .plugin()
            .tell(new ReplayMessages(1, ALL, ALL, "kvm", reader.getRef()), ActorRef.noSender());
      }
    }
    for (int reader = 0; reader < readers.size(); reader++) {
      int written = (reader + 1) * 20;
      List<String> received =
          readers.get(reader).receiveN(written + 1).stream()
              .map(
                  answer ->
                      switch (answer) {
                        case ReplayedMessage replayed ->
                            replayed.persistent().sequenceNr()
                                + " "
                                + replayed.persistent().payload();
                        default -> answer.toString();
                      })
              .toList();
      List<String> expected =
          new ArrayList<>(
              LongStream.rangeClosed(1, written)
                  .mapToObj(number -> number + " a-" + number)
                  .toList());
      expected.add(new RecoverySuccess(written).toString());
      assertThat(received).isEqualTo(expected);
    }
    for (PersistentRepr event : events) {
      journal.expectWritten();
      journal.expectSuccess(event);
    }
  }

  @Test
  void equal_writes_give_equal_bytes() throws Exception {
    byte[] first = Files.readAllBytes(journal.file());
    journal.stop();
    Files.delete(journal.file());
    journal.start("create", "never");
    journal.write(1, 5, PID);
    assertThat(Files.readAllBytes(journal.file())).isEqualTo(first);
  }

  @Test
  void a_journal_that_is_resumed_has_what_was_written_and_goes_on() throws Exception {
    journal.write(1, 3, "kvm");
    journal.restart("resume");
    journal.expectReplay(1, ALL, ALL, 1, 2, 3, 4, 5);
    journal.askReplay("kvm", 2, ALL, ALL);
    journal.expectReplayed("kvm", 2, "a-2");
    journal.expectReplayed("kvm", 3, "a-3");
    journal.expectRecovered(3);
    journal.write(6, 7, PID);
    journal.askReplay(PID, 5, ALL, ALL);
    for (int number = 5; number <= 7; number++) {
      journal.expectReplayed(PID, number, "a-" + number);
    }
    journal.expectRecovered(7);
    assertThat(journal.lines()).hasSize(10);
  }

  @Test
  void a_torn_tail_is_cut_when_resuming() throws Exception {
    journal.stop();
    byte[] whole = Files.readAllBytes(journal.file());
    Files.write(journal.file(), Arrays.copyOf(whole, whole.length - 1));
    journal.start("resume", "never");
    journal.askReplay(PID, 1, ALL, ALL);
    for (int number = 1; number <= 4; number++) {
      journal.expectReplayed(PID, number, "a-" + number);
    }
    journal.expectRecovered(4);
    journal.write(5, 5, PID);
    assertThat(Files.readAllBytes(journal.file())).isEqualTo(whole);
  }
}
