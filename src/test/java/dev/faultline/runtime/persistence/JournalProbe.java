package dev.faultline.runtime.persistence;

import static dev.faultline.runtime.persistence.JournalProbe.ALL;
import static dev.faultline.runtime.persistence.JournalProbe.PID;
import static dev.faultline.runtime.persistence.JournalProbe.atomic;
import static dev.faultline.runtime.persistence.JournalProbe.event;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorRef;
import akka.actor.ActorSystem;
import akka.actor.ExtendedActorSystem;
import akka.persistence.AtomicWrite;
import akka.persistence.JournalProtocol.RecoverySuccess;
import akka.persistence.JournalProtocol.ReplayMessages;
import akka.persistence.JournalProtocol.ReplayMessagesFailure;
import akka.persistence.JournalProtocol.ReplayedMessage;
import akka.persistence.JournalProtocol.WriteMessageFailure;
import akka.persistence.JournalProtocol.WriteMessageRejected;
import akka.persistence.JournalProtocol.WriteMessageSuccess;
import akka.persistence.JournalProtocol.WriteMessages;
import akka.persistence.JournalProtocol.WriteMessagesFailed;
import akka.persistence.JournalProtocol.WriteMessagesSuccessful$;
import akka.persistence.Persistence;
import akka.persistence.PersistentEnvelope;
import akka.persistence.PersistentImpl;
import akka.persistence.PersistentRepr;
import akka.serialization.JSerializer;
import akka.serialization.Serialization;
import akka.testkit.javadsl.TestKit;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.faultline.journal.file.JournalFailure;
import dev.faultline.journal.file.JournalReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/** Sends to the plugin what Akka sends to a journal, and expects what comes back. */
final class JournalProbe {

  static final String PID = "gmem";
  static final long ALL = Long.MAX_VALUE;

  private static final String WRITER = "writer-uuid";
  private static final int INSTANCE = 17;

  private final Path file;
  private ActorSystem system;
  private TestKit probe;

  JournalProbe(Path file) {
    this.file = file;
  }

  /** An event that has to be serialised by its own serializer: it names an actor. */
  record Named(ActorRef actor) {}

  /** Nobody knows how to serialise it. */
  record Strange(int number) {}

  /** Writes the path of an actor, as JournalSpec's TestSerializer. */
  static final class NamedSerializer extends JSerializer {

    private final ExtendedActorSystem system;

    public NamedSerializer(ExtendedActorSystem system) {
      this.system = system;
    }

    @Override
    public int identifier() {
      return 666;
    }

    @Override
    public boolean includeManifest() {
      return false;
    }

    @Override
    public byte[] toBinary(Object event) {
      String path = Serialization.serializedActorPath(((Named) event).actor());
      return path.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public Object fromBinaryJava(byte[] bytes, Class<?> manifest) {
      String path = new String(bytes, StandardCharsets.UTF_8);
      return new Named(system.provider().resolveActorRef(path));
    }
  }

  Path file() {
    return file;
  }

  ActorSystem system() {
    return system;
  }

  TestKit probe() {
    return probe;
  }

  void start(String open, String sync) {
    start(file.toString(), open, sync);
  }

  void start(String name, String open, String sync) {
    start(
        settings(name, open, sync)
            .withFallback(
                ConfigFactory.parseString(
                    """
                    akka.actor.serializers.named = "%s"
                    akka.actor.serialization-bindings { "%s" = named }
                    """
                        .formatted(NamedSerializer.class.getName(), Named.class.getName()))));
  }

  /** Resumes in a laboratory that does not know {@link NamedSerializer}. */
  void resumeWithoutSerializer() {
    start(settings(file.toString(), "resume", "never"));
  }

  private static Config settings(String name, String open, String sync) {
    return ConfigFactory.parseMap(
        Map.of(
            "faultline.journal.file", name,
            "faultline.journal.open", open,
            "faultline.journal.sync", sync));
  }

  private void start(Config settings) {
    system = ActorSystem.create("contract", settings.withFallback(ConfigFactory.load()));
    probe = new TestKit(system);
  }

  /** Ends the laboratory's process, as far as the journal can tell, and starts another. */
  void restart(String open) {
    stop();
    start(open, "never");
  }

  ActorRef plugin() {
    return Persistence.get(system).journalFor("faultline.journal", ConfigFactory.empty());
  }

  static PersistentRepr event(String persistenceId, long number, Object payload) {
    return new PersistentImpl(
        payload, number, persistenceId, "", false, ActorRef.noSender(), WRITER, 0, Option.empty());
  }

  static PersistentRepr event(long number) {
    return event(PID, number, "a-" + number);
  }

  static AtomicWrite atomic(PersistentRepr... events) {
    return new AtomicWrite(CollectionConverters.asScala(Arrays.asList(events)).toSeq());
  }

  void send(AtomicWrite... writes) {
    List<PersistentEnvelope> messages = new ArrayList<>(Arrays.asList(writes));
    plugin()
        .tell(
            new WriteMessages(
                CollectionConverters.asScala(messages).toSeq(), probe.getRef(), INSTANCE),
            ActorRef.noSender());
  }

  void expectWritten() {
    probe.expectMsgClass(WriteMessagesSuccessful$.class);
  }

  void expectSuccess(PersistentRepr event) {
    probe.expectMsg(new WriteMessageSuccess(event, INSTANCE));
  }

  <T extends Throwable> T expectRejected(PersistentRepr event, Class<T> cause) {
    WriteMessageRejected rejected = probe.expectMsgClass(WriteMessageRejected.class);
    assertThat(rejected.message()).isEqualTo(event);
    assertThat(rejected.actorInstanceId()).isEqualTo(INSTANCE);
    assertThat(rejected.cause()).isInstanceOf(cause);
    return cause.cast(rejected.cause());
  }

  void expectFailed(String reason, PersistentRepr... events) {
    WriteMessagesFailed failed = probe.expectMsgClass(WriteMessagesFailed.class);
    assertThat(failed.cause()).isInstanceOf(JournalFailure.class).hasMessage(reason);
    for (PersistentRepr event : events) {
      WriteMessageFailure each = probe.expectMsgClass(WriteMessageFailure.class);
      assertThat(each.message()).isEqualTo(event);
      assertThat(each.cause()).hasMessage(reason);
    }
  }

  void write(int from, int to, String persistenceId) {
    PersistentRepr[] events =
        LongStream.rangeClosed(from, to)
            .mapToObj(number -> event(persistenceId, number, "a-" + number))
            .toArray(PersistentRepr[]::new);
    send(Arrays.stream(events).map(event -> atomic(event)).toArray(AtomicWrite[]::new));
    expectWritten();
    for (PersistentRepr event : events) {
      expectSuccess(event);
    }
  }

  void askReplay(String persistenceId, long from, long to, long max) {
    plugin()
        .tell(
            new ReplayMessages(from, to, max, persistenceId, probe.getRef()), ActorRef.noSender());
  }

  /** What comes back of an event: all but the UUID of its writer. */
  void expectReplayed(String persistenceId, long number, Object payload) {
    PersistentRepr kept = event(persistenceId, number, payload).withTimestamp(0);
    probe.expectMsg(
        new ReplayedMessage(kept.update(number, persistenceId, false, ActorRef.noSender(), "")));
  }

  void expectReplay(long from, long to, long max, long... numbers) {
    askReplay(PID, from, to, max);
    for (long number : numbers) {
      expectReplayed(PID, number, "a-" + number);
    }
    expectRecovered(5);
  }

  /** All events of a persistence id have come, of which this is the highest number. */
  void expectRecovered(long highest) {
    probe.expectMsg(new RecoverySuccess(highest));
  }

  void expectReplayFails(Class<? extends Exception> type, String reason) {
    askReplay(PID, 1, ALL, ALL);
    assertThat(probe.expectMsgClass(ReplayMessagesFailure.class).cause())
        .isInstanceOf(type)
        .hasMessage(reason);
  }

  void stop() {
    TestKit.shutdownActorSystem(system);
  }

  /** The objects of the file's lines. */
  List<String> lines() throws Exception {
    List<String> lines = new ArrayList<>();
    JournalReader.read(file, line -> lines.add(line.object()));
    return lines;
  }
}
