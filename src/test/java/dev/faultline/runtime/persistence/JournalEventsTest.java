package dev.faultline.runtime.persistence;

import static dev.faultline.runtime.persistence.JournalProbe.ALL;
import static dev.faultline.runtime.persistence.JournalProbe.PID;
import static dev.faultline.runtime.persistence.JournalProbe.atomic;
import static dev.faultline.runtime.persistence.JournalProbe.event;
import static org.assertj.core.api.Assertions.assertThat;

import akka.persistence.JournalProtocol.ReplayedMessage;
import akka.persistence.PersistentRepr;
import dev.faultline.journal.EntryJson;
import dev.faultline.journal.JournalEntry;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import java.io.NotSerializableException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an event may be, what its line looks like, and what comes back of it. */
@Timeout(60)
class JournalEventsTest {

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

  private static final JournalEntry STARTED =
      new JournalEntry.WorldStarted(
          JournalEntry.FORMAT,
          "tdx/größer",
          "fifo",
          1,
          List.of(PartyId.of(PartyKind.GUEST, "guest")),
          List.of());

  @Test
  void an_event_that_cannot_be_serialised_is_rejected_and_the_others_are_written() {
    PersistentRepr before = event(PID, 6, "b-6");
    PersistentRepr strange = event(PID, 7, new JournalProbe.Strange(7));
    PersistentRepr after = event(PID, 8, "b-8");
    journal.send(atomic(before), atomic(strange), atomic(after));
    journal.expectWritten();
    journal.expectSuccess(before);
    assertThat(journal.expectRejected(strange, NotSerializableException.class))
        .hasMessageStartingWith(JournalProbe.Strange.class.getName() + ": ");
    journal.expectSuccess(after);

    journal.askReplay(PID, 6, ALL, ALL);
    journal.expectReplayed(PID, 6, "b-6");
    journal.expectReplayed(PID, 8, "b-8");
    journal.expectRecovered(8);
  }

  @Test
  void an_event_is_serialised_by_its_serializer() throws Exception {
    PersistentRepr named = event(PID, 6, new JournalProbe.Named(journal.probe().getRef()));
    journal.send(atomic(named));
    journal.expectWritten();
    journal.expectSuccess(named);
    journal.askReplay(PID, 6, ALL, ALL);
    journal.expectReplayed(PID, 6, new JournalProbe.Named(journal.probe().getRef()));
    journal.expectRecovered(6);
    assertThat(journal.lines().getLast())
        .startsWith(
            "{\"pid\":\"gmem\",\"nr\":6,\"payload\":{\"serializer\":666,\"manifest\":\"\","
                + "\"event-manifest\":\"\",\"bytes\":\"");
  }

  @Test
  void an_event_with_metadata_is_rejected() throws Exception {
    PersistentRepr with = event(6).withMetadata("more");
    journal.send(atomic(with));
    journal.expectWritten();
    journal.expectRejected(with, UnsupportedOperationException.class);
    assertThat(journal.lines()).hasSize(5);
  }

  @Test
  void an_atomic_write_of_several_events_is_rejected_and_nothing_of_it_is_written()
      throws Exception {
    journal.send(atomic(event(6), event(7)), atomic(event(6)));
    journal.expectWritten();
    for (long number = 6; number <= 7; number++) {
      assertThat(journal.expectRejected(event(number), UnsupportedOperationException.class))
          .hasMessage("an atomic write of 2 events; persist one at a time");
    }
    journal.expectSuccess(event(6));
    assertThat(journal.lines()).hasSize(6);
  }

  @Test
  void an_entry_of_a_world_is_readable_json_and_comes_back() throws Exception {
    PersistentRepr started = event("world", 1, STARTED);
    journal.send(atomic(started));
    journal.expectWritten();
    journal.expectSuccess(started);
    assertThat(journal.lines().getLast())
        .isEqualTo("{\"pid\":\"world\",\"nr\":1,\"entry\":" + EntryJson.write(STARTED) + "}")
        .contains("\"scenario\":\"tdx/größer\"");
    journal.askReplay("world", 1, ALL, ALL);
    journal.expectReplayed("world", 1, STARTED);
    journal.expectRecovered(1);
  }

  @Test
  void the_manifest_of_an_event_adapter_comes_back() {
    PersistentRepr adapted = event(PID, 6, STARTED).withManifest("adapter");
    journal.send(atomic(adapted));
    journal.expectWritten();
    journal.expectSuccess(adapted);
    journal.askReplay(PID, 6, ALL, ALL);
    PersistentRepr replayed =
        (PersistentRepr) journal.probe().expectMsgClass(ReplayedMessage.class).persistent();
    assertThat(replayed.manifest()).isEqualTo("adapter");
    assertThat(replayed.payload()).isEqualTo(STARTED);
  }
}
