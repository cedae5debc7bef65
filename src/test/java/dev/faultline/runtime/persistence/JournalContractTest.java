package dev.faultline.runtime.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.Actor;
import akka.actor.ActorRef;
import akka.actor.ActorSystem;
import akka.persistence.AtomicWrite;
import akka.persistence.JournalProtocol;
import akka.persistence.Persistence;
import akka.persistence.PersistentImpl;
import akka.persistence.PersistentRepr;
import akka.testkit.javadsl.TestKit;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.faultline.journal.JournalEntry;
import dev.faultline.journal.file.JournalReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Akka's contract for journal plugins: each requirement of the TCK's JournalSpec (2.8), written
 * again.
 *
 * <ul>
 *   <li>replay all messages, from a lower bound, up to an upper bound, up to a limit, a single one,
 *       a single one by a limit, none from a high lower bound, none of an inverted range, none of
 *       an unknown id: held
 *   <li>not replay permanently deleted messages: deletion is unsupported and fails; all stay
 *   <li>return a highest sequence number, also if nothing is replayed, and 0 for an unknown id:
 *       held
 *   <li>not reset the highest sequence number on deletion: nothing is deleted
 *   <li>serialise events, and reject what cannot be serialised: held
 *   <li>the writer's UUID and the timestamp of a message: not kept (decision 0006)
 *   <li>atomic writes of more than one event: rejected as unsupported
 * </ul>
 */
class JournalContractTest {

  @TempDir Path folder;

  private ActorSystem system;
  private ActorRef journal;
  private TestKit sender;
  private TestKit receiver;

  private Config config(String open) {
    return ConfigFactory.parseMap(
            Map.of(
                "faultline.journal.file",
                folder.resolve("journal.jsonl").toString(),
                "faultline.journal.open",
                open,
                "faultline.journal.sync",
                "each"))
        .withFallback(ConfigFactory.load());
  }

  @BeforeEach
  void start() {
    start("create");
  }

  private void start(String open) {
    system = ActorSystem.create("contract", config(open));
    journal = Persistence.get(system).journalFor("faultline.journal", ConfigFactory.empty());
    sender = new TestKit(system);
    receiver = new TestKit(system);
  }

  @AfterEach
  void stop() {
    TestKit.shutdownActorSystem(system);
  }

  private static PersistentRepr message(String id, long number, Object payload) {
    return new PersistentImpl(
        payload, number, id, "", false, Actor.noSender(), "w", 0, scala.Option.empty());
  }

  private void write(String id, int from, int until) {
    List<AtomicWrite> writes = new ArrayList<>();
    for (int number = from; number <= until; number++) {
      writes.add(AtomicWrite.apply(message(id, number, "a-" + number)));
    }
    send(writes);
    sender.expectMsgClass(JournalProtocol.WriteMessagesSuccessful$.class);
    for (int number = from; number <= until; number++) {
      JournalProtocol.WriteMessageSuccess success =
          sender.expectMsgClass(JournalProtocol.WriteMessageSuccess.class);
      assertThat(success.persistent().sequenceNr()).isEqualTo(number);
      assertThat(success.persistent().payload()).isEqualTo("a-" + number);
    }
  }

  private void send(List<AtomicWrite> writes) {
    Seq<akka.persistence.PersistentEnvelope> envelopes =
        CollectionConverters.asScala(
                writes.stream().map(write -> (akka.persistence.PersistentEnvelope) write).toList())
            .toList();
    journal.tell(new JournalProtocol.WriteMessages(envelopes, sender.getRef(), 1), sender.getRef());
  }

  /** Replays; returns the payloads, after checking numbers and the highest one. */
  private List<Object> replay(String id, long from, long to, long max, long highest) {
    journal.tell(
        new JournalProtocol.ReplayMessages(from, to, max, id, receiver.getRef()),
        receiver.getRef());
    List<Object> payloads = new ArrayList<>();
    while (true) {
      Object answer = receiver.receiveOne(java.time.Duration.ofSeconds(5));
      if (answer instanceof JournalProtocol.ReplayedMessage replayed) {
        assertThat(replayed.persistent().persistenceId()).isEqualTo(id);
        assertThat(replayed.persistent().deleted()).isFalse();
        payloads.add(replayed.persistent().payload());
      } else {
        assertThat(answer).isEqualTo(new JournalProtocol.RecoverySuccess(highest));
        return payloads;
      }
    }
  }

  @Test
  void replays_all_messages() {
    write("p", 1, 5);
    assertThat(replay("p", 1, Long.MAX_VALUE, Long.MAX_VALUE, 5))
        .containsExactly("a-1", "a-2", "a-3", "a-4", "a-5");
  }

  @Test
  void replays_within_bounds_and_up_to_a_limit() {
    write("p", 1, 5);
    assertThat(replay("p", 3, Long.MAX_VALUE, Long.MAX_VALUE, 5))
        .containsExactly("a-3", "a-4", "a-5");
    assertThat(replay("p", 1, 3, Long.MAX_VALUE, 5)).containsExactly("a-1", "a-2", "a-3");
    assertThat(replay("p", 1, Long.MAX_VALUE, 3, 5)).containsExactly("a-1", "a-2", "a-3");
    assertThat(replay("p", 2, 4, Long.MAX_VALUE, 5)).containsExactly("a-2", "a-3", "a-4");
    assertThat(replay("p", 2, 5, 2, 5)).containsExactly("a-2", "a-3");
    assertThat(replay("p", 2, 2, Long.MAX_VALUE, 5)).containsExactly("a-2");
    assertThat(replay("p", 2, 4, 1, 5)).containsExactly("a-2");
  }

  @Test
  void replays_nothing_where_there_is_nothing() {
    write("p", 1, 5);
    assertThat(replay("p", 2, 4, 0, 5)).isEmpty();
    assertThat(replay("p", 3, 2, Long.MAX_VALUE, 5)).isEmpty();
    assertThat(replay("p", 6, Long.MAX_VALUE, Long.MAX_VALUE, 5)).isEmpty();
    assertThat(replay("unknown", 0, Long.MAX_VALUE, Long.MAX_VALUE, 0)).isEmpty();
  }

  @Test
  void deletion_fails_as_unsupported_and_nothing_is_lost() {
    write("p", 1, 5);
    journal.tell(
        new JournalProtocol.DeleteMessagesTo("p", 3, receiver.getRef()), receiver.getRef());
    akka.persistence.DeleteMessagesFailure failure =
        receiver.expectMsgClass(akka.persistence.DeleteMessagesFailure.class);
    assertThat(failure.cause()).isInstanceOf(UnsupportedOperationException.class);
    assertThat(replay("p", 1, Long.MAX_VALUE, Long.MAX_VALUE, 5)).hasSize(5);
  }

  @Test
  void a_payload_that_cannot_be_serialised_is_rejected_and_the_others_are_written() {
    Object notSerialisable = new Object() {};
    send(
        List.of(
            AtomicWrite.apply(message("p", 1, "b-1")),
            AtomicWrite.apply(message("p", 2, notSerialisable)),
            AtomicWrite.apply(message("p", 3, "b-3"))));
    sender.expectMsgClass(JournalProtocol.WriteMessagesSuccessful$.class);
    sender.expectMsgClass(JournalProtocol.WriteMessageSuccess.class);
    JournalProtocol.WriteMessageRejected rejected =
        sender.expectMsgClass(JournalProtocol.WriteMessageRejected.class);
    assertThat(rejected.message().payload()).isSameAs(notSerialisable);
    sender.expectMsgClass(JournalProtocol.WriteMessageSuccess.class);
    assertThat(replay("p", 1, Long.MAX_VALUE, Long.MAX_VALUE, 3)).containsExactly("b-1", "b-3");
  }

  @Test
  void an_atomic_write_of_two_events_is_rejected_whole() {
    Seq<PersistentRepr> two =
        CollectionConverters.asScala(List.of(message("p", 1, "a"), message("p", 2, "b"))).toList();
    send(List.of(new AtomicWrite(two)));
    sender.expectMsgClass(JournalProtocol.WriteMessagesSuccessful$.class);
    for (int event = 0; event < 2; event++) {
      assertThat(sender.expectMsgClass(JournalProtocol.WriteMessageRejected.class).cause())
          .isInstanceOf(UnsupportedOperationException.class);
    }
    assertThat(replay("p", 1, Long.MAX_VALUE, Long.MAX_VALUE, 0)).isEmpty();
  }

  @Test
  void writes_of_many_ids_are_in_the_file_in_the_order_of_their_calls() throws Exception {
    for (int number = 1; number <= 20; number++) {
      write("first", number, number);
      write("second", number, number);
    }
    List<String> order = new ArrayList<>();
    JournalReader.read(
        folder.resolve("journal.jsonl"),
        line -> order.add(line.object().substring(0, line.object().indexOf(",\"payload\""))));
    assertThat(order).hasSize(40);
    for (int number = 1; number <= 20; number++) {
      assertThat(order.get(2 * number - 2)).isEqualTo("{\"pid\":\"first\",\"nr\":" + number);
      assertThat(order.get(2 * number - 1)).isEqualTo("{\"pid\":\"second\",\"nr\":" + number);
    }
  }

  @Test
  void entries_are_kept_as_readable_json_and_all_is_there_after_a_restart() throws Exception {
    JournalEntry entry = new JournalEntry.WorldEnded(1, 0, true, "as expected");
    send(List.of(AtomicWrite.apply(message("world", 1, entry))));
    sender.expectMsgClass(JournalProtocol.WriteMessagesSuccessful$.class);
    sender.expectMsgClass(JournalProtocol.WriteMessageSuccess.class);
    write("p", 1, 3);
    TestKit.shutdownActorSystem(system);
    List<String> objects = new ArrayList<>();
    JournalReader.read(folder.resolve("journal.jsonl"), line -> objects.add(line.object()));
    assertThat(objects.getFirst())
        .isEqualTo(
            "{\"pid\":\"world\",\"nr\":1,\"entry\":{\"type\":\"WorldEnded\",\"step\":1,\"steps\":0,"
                + "\"asExpected\":true,\"verdict\":\"as expected\"}}");
    start("resume");
    assertThat(replay("world", 1, Long.MAX_VALUE, Long.MAX_VALUE, 1)).containsExactly(entry);
    assertThat(replay("p", 1, Long.MAX_VALUE, Long.MAX_VALUE, 3))
        .containsExactly("a-1", "a-2", "a-3");
  }
}
