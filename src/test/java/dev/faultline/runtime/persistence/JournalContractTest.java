package dev.faultline.runtime.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorRef;
import akka.actor.ActorSystem;
import akka.actor.ExtendedActorSystem;
import akka.persistence.AtomicWrite;
import akka.persistence.DeleteMessagesFailure;
import akka.persistence.JournalProtocol.DeleteMessagesTo;
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
import dev.faultline.journal.EntryJson;
import dev.faultline.journal.JournalEntry;
import dev.faultline.journal.file.JournalDamaged;
import dev.faultline.journal.file.JournalFailure;
import dev.faultline.journal.file.JournalReader;
import dev.faultline.journal.file.JournalWriter;
import dev.faultline.journal.file.Sync;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import java.io.NotSerializableException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Akka's contract for journal plugins: each requirement of its TCK (JournalSpec of 2.8), and what
 * ours does.
 *
 * <table>
 * <caption>Requirements</caption>
 * <tr><th>JournalSpec: a journal must</th><th>ours</th></tr>
 * <tr><td>replay all messages</td><td>does; but the writer's UUID comes back empty</td></tr>
 * <tr><td>replay using a lower sequence number bound</td><td>does</td></tr>
 * <tr><td>replay using an upper sequence number bound</td><td>does</td></tr>
 * <tr><td>replay using a count limit</td><td>does</td></tr>
 * <tr><td>replay using a lower and upper bound</td><td>does</td></tr>
 * <tr><td>replay using a lower and upper bound and a count limit</td><td>does</td></tr>
 * <tr><td>replay a single message if the bounds are equal</td><td>does</td></tr>
 * <tr><td>replay a single message if the count limit is 1</td><td>does</td></tr>
 * <tr><td>not replay if the count limit is 0</td><td>does not</td></tr>
 * <tr><td>not replay if the lower bound is greater than the upper</td><td>does not</td></tr>
 * <tr><td>not replay if nothing was written yet</td><td>does not, highest number 0</td></tr>
 * <tr><td>not replay permanently deleted messages</td><td>deletion fails as unsupported, and all
 *     is replayed</td></tr>
 * <tr><td>not reset the highest number after deletion</td><td>the same</td></tr>
 * <tr><td>not reset the highest number after cleanup</td><td>the same</td></tr>
 * <tr><th>optionally</th><th></th></tr>
 * <tr><td>reject non-serializable events</td><td>does: the others of a batch are written</td></tr>
 * <tr><td>serialize events</td><td>does</td></tr>
 * <tr><td>return metadata</td><td>rejects an event that has some</td></tr>
 * <tr><td>write several events atomically (persistAll)</td><td>rejects as unsupported, as the
 *     contract asks of a journal that cannot</td></tr>
 * </table>
 *
 * <p>And what the plugin promises beyond: file order, what a line looks like, and that a failure is
 * told at once, with its reason, and is the end.
 */
@Timeout(60)
class JournalContractTest {

  private static final String PID = "gmem";
  private static final String WRITER = "writer-uuid";
  private static final int INSTANCE = 17;
  private static final long ALL = Long.MAX_VALUE;

  @TempDir Path folder;
  private Path file;
  private ActorSystem system;
  private TestKit probe;

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

  @BeforeEach
  void write_five_events() {
    file = folder.resolve("journal.jsonl");
    start("create", "never");
    write(1, 5, PID);
  }

  @AfterEach
  void stop() {
    TestKit.shutdownActorSystem(system);
  }

  // What is sent to a journal, and what comes back.

  private void start(String open, String sync) {
    start(file.toString(), open, sync);
  }

  private void start(String name, String open, String sync) {
    Config config =
        ConfigFactory.parseMap(
                Map.of(
                    "faultline.journal.file", name,
                    "faultline.journal.open", open,
                    "faultline.journal.sync", sync))
            .withFallback(
                ConfigFactory.parseString(
                    """
                    akka.actor.serializers.named = "%s"
                    akka.actor.serialization-bindings { "%s" = named }
                    """
                        .formatted(NamedSerializer.class.getName(), Named.class.getName())))
            .withFallback(ConfigFactory.load());
    system = ActorSystem.create("contract", config);
    probe = new TestKit(system);
  }

  /** Ends the laboratory's process, as far as the journal can tell, and starts another. */
  private void restart(String open) {
    stop();
    start(open, "never");
  }

  private ActorRef journal() {
    return Persistence.get(system).journalFor("faultline.journal", ConfigFactory.empty());
  }

  private static PersistentRepr event(String persistenceId, long number, Object payload) {
    return new PersistentImpl(
        payload, number, persistenceId, "", false, ActorRef.noSender(), WRITER, 0, Option.empty());
  }

  private static PersistentRepr event(long number) {
    return event(PID, number, "a-" + number);
  }

  private static AtomicWrite atomic(PersistentRepr... events) {
    return new AtomicWrite(CollectionConverters.asScala(Arrays.asList(events)).toSeq());
  }

  private void send(AtomicWrite... writes) {
    List<PersistentEnvelope> messages = new ArrayList<>(Arrays.asList(writes));
    journal()
        .tell(
            new WriteMessages(
                CollectionConverters.asScala(messages).toSeq(), probe.getRef(), INSTANCE),
            ActorRef.noSender());
  }

  private void expectWritten() {
    probe.expectMsgClass(WriteMessagesSuccessful$.class);
  }

  private void expectSuccess(PersistentRepr event) {
    probe.expectMsg(new WriteMessageSuccess(event, INSTANCE));
  }

  private <T extends Throwable> T expectRejected(PersistentRepr event, Class<T> cause) {
    WriteMessageRejected rejected = probe.expectMsgClass(WriteMessageRejected.class);
    assertThat(rejected.message()).isEqualTo(event);
    assertThat(rejected.actorInstanceId()).isEqualTo(INSTANCE);
    assertThat(rejected.cause()).isInstanceOf(cause);
    return cause.cast(rejected.cause());
  }

  private void expectFailed(String reason, PersistentRepr... events) {
    WriteMessagesFailed failed = probe.expectMsgClass(WriteMessagesFailed.class);
    assertThat(failed.cause()).isInstanceOf(JournalFailure.class).hasMessage(reason);
    for (PersistentRepr event : events) {
      WriteMessageFailure each = probe.expectMsgClass(WriteMessageFailure.class);
      assertThat(each.message()).isEqualTo(event);
      assertThat(each.cause()).hasMessage(reason);
    }
  }

  private void write(int from, int to, String persistenceId) {
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

  private void askReplay(String persistenceId, long from, long to, long max) {
    journal()
        .tell(
            new ReplayMessages(from, to, max, persistenceId, probe.getRef()), ActorRef.noSender());
  }

  /** What comes back of an event: all but the UUID of its writer. */
  private void expectReplayed(String persistenceId, long number, Object payload) {
    PersistentRepr kept = event(persistenceId, number, payload).withTimestamp(0);
    probe.expectMsg(
        new ReplayedMessage(kept.update(number, persistenceId, false, ActorRef.noSender(), "")));
  }

  private void expectReplay(long from, long to, long max, long... numbers) {
    askReplay(PID, from, to, max);
    for (long number : numbers) {
      expectReplayed(PID, number, "a-" + number);
    }
    probe.expectMsg(new RecoverySuccess(5));
  }

  // The TCK.

  @Test
  void all_messages_are_replayed() {
    expectReplay(1, ALL, ALL, 1, 2, 3, 4, 5);
    expectReplay(0, ALL, ALL, 1, 2, 3, 4, 5);
  }

  @Test
  void messages_are_replayed_from_a_lower_bound() {
    expectReplay(3, ALL, ALL, 3, 4, 5);
  }

  @Test
  void nothing_is_replayed_from_a_lower_bound_beyond_the_highest_number() {
    expectReplay(6, ALL, ALL);
  }

  @Test
  void messages_are_replayed_to_an_upper_bound() {
    expectReplay(1, 3, ALL, 1, 2, 3);
  }

  @Test
  void messages_are_replayed_up_to_a_count_limit() {
    expectReplay(1, ALL, 3, 1, 2, 3);
  }

  @Test
  void messages_are_replayed_between_bounds() {
    expectReplay(2, 3, ALL, 2, 3);
  }

  @Test
  void messages_are_replayed_between_bounds_up_to_a_count_limit() {
    expectReplay(2, 5, 2, 2, 3);
  }

  @Test
  void a_single_message_is_replayed_if_the_bounds_are_equal() {
    expectReplay(2, 2, ALL, 2);
  }

  @Test
  void a_single_message_is_replayed_if_the_count_limit_is_one() {
    expectReplay(2, 4, 1, 2);
  }

  @Test
  void nothing_is_replayed_if_the_count_limit_is_zero() {
    expectReplay(2, 4, 0);
  }

  @Test
  void nothing_is_replayed_if_the_lower_bound_is_above_the_upper() {
    expectReplay(3, 2, ALL);
  }

  @Test
  void nothing_is_replayed_of_who_has_written_nothing() {
    askReplay("nobody", 0, ALL, ALL);
    probe.expectMsg(new RecoverySuccess(0));
  }

  @Test
  void deletion_fails_as_unsupported_and_nothing_is_forgotten() {
    for (long to : new long[] {3, ALL}) {
      journal().tell(new DeleteMessagesTo(PID, to, probe.getRef()), ActorRef.noSender());
      DeleteMessagesFailure failure = probe.expectMsgClass(DeleteMessagesFailure.class);
      assertThat(failure.toSequenceNr()).isEqualTo(to);
      assertThat(failure.cause())
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessage("a journal of a world is never deleted from");
      expectReplay(0, ALL, ALL, 1, 2, 3, 4, 5);
    }
  }

  @Test
  void an_event_that_cannot_be_serialised_is_rejected_and_the_others_are_written() {
    PersistentRepr before = event(PID, 6, "b-6");
    PersistentRepr strange = event(PID, 7, new Strange(7));
    PersistentRepr after = event(PID, 8, "b-8");
    send(atomic(before), atomic(strange), atomic(after));
    expectWritten();
    expectSuccess(before);
    assertThat(expectRejected(strange, NotSerializableException.class))
        .hasMessageStartingWith(Strange.class.getName() + ": ");
    expectSuccess(after);

    askReplay(PID, 6, ALL, ALL);
    expectReplayed(PID, 6, "b-6");
    expectReplayed(PID, 8, "b-8");
    probe.expectMsg(new RecoverySuccess(8));
  }

  @Test
  void an_event_is_serialised_by_its_serializer() throws Exception {
    PersistentRepr named = event(PID, 6, new Named(probe.getRef()));
    send(atomic(named));
    expectWritten();
    expectSuccess(named);
    askReplay(PID, 6, ALL, ALL);
    expectReplayed(PID, 6, new Named(probe.getRef()));
    probe.expectMsg(new RecoverySuccess(6));
    assertThat(lines().getLast())
        .startsWith(
            "{\"pid\":\"gmem\",\"nr\":6,\"payload\":{\"serializer\":666,\"manifest\":\"\","
                + "\"event-manifest\":\"\",\"bytes\":\"");
  }

  @Test
  void an_event_with_metadata_is_rejected() throws Exception {
    PersistentRepr with = event(6).withMetadata("more");
    send(atomic(with));
    expectWritten();
    expectRejected(with, UnsupportedOperationException.class);
    assertThat(lines()).hasSize(5);
  }

  @Test
  void an_atomic_write_of_several_events_is_rejected_and_nothing_of_it_is_written()
      throws Exception {
    send(atomic(event(6), event(7)), atomic(event(6)));
    expectWritten();
    for (long number = 6; number <= 7; number++) {
      assertThat(expectRejected(event(number), UnsupportedOperationException.class))
          .hasMessage("an atomic write of 2 events; persist one at a time");
    }
    expectSuccess(event(6));
    assertThat(lines()).hasSize(6);
  }

  // What the plugin promises beyond.

  private List<String> lines() throws Exception {
    List<String> lines = new ArrayList<>();
    JournalReader.read(file, line -> lines.add(line.object()));
    return lines;
  }

  private static final JournalEntry STARTED =
      new JournalEntry.WorldStarted(
          JournalEntry.FORMAT,
          "tdx/größer",
          "fifo",
          1,
          List.of(PartyId.of(PartyKind.GUEST, "guest")),
          List.of());

  private static final JournalEntry ENDED = new JournalEntry.WorldEnded(1, 0, true, "as expected");

  @Test
  void an_entry_of_a_world_is_readable_json_and_comes_back() throws Exception {
    PersistentRepr started = event("world", 1, STARTED);
    send(atomic(started));
    expectWritten();
    expectSuccess(started);
    assertThat(lines().getLast())
        .isEqualTo("{\"pid\":\"world\",\"nr\":1,\"entry\":" + EntryJson.write(STARTED) + "}")
        .contains("\"scenario\":\"tdx/größer\"");
    askReplay("world", 1, ALL, ALL);
    expectReplayed("world", 1, STARTED);
    probe.expectMsg(new RecoverySuccess(1));
  }

  @Test
  void the_manifest_of_an_event_adapter_comes_back() {
    PersistentRepr adapted = event(PID, 6, STARTED).withManifest("adapter");
    send(atomic(adapted));
    expectWritten();
    expectSuccess(adapted);
    askReplay(PID, 6, ALL, ALL);
    PersistentRepr replayed =
        (PersistentRepr) probe.expectMsgClass(ReplayedMessage.class).persistent();
    assertThat(replayed.manifest()).isEqualTo("adapter");
    assertThat(replayed.payload()).isEqualTo(STARTED);
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
    events.forEach(event -> send(atomic(event)));
    for (PersistentRepr event : events) {
      expectWritten();
      expectSuccess(event);
    }
    List<String> found = new ArrayList<>();
    for (String line : lines()) {
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
      send(atomic(events.getLast()));
      if (number % 20 == 0) {
        TestKit reader = new TestKit(system);
        readers.add(reader);
        journal()
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
      expectWritten();
      expectSuccess(event);
    }
  }

  @Test
  void equal_writes_give_equal_bytes() throws Exception {
    byte[] first = Files.readAllBytes(file);
    stop();
    Files.delete(file);
    write_five_events();
    assertThat(Files.readAllBytes(file)).isEqualTo(first);
  }

  @Test
  void a_journal_that_is_resumed_has_what_was_written_and_goes_on() throws Exception {
    write(1, 3, "kvm");
    restart("resume");
    expectReplay(1, ALL, ALL, 1, 2, 3, 4, 5);
    askReplay("kvm", 2, ALL, ALL);
    expectReplayed("kvm", 2, "a-2");
    expectReplayed("kvm", 3, "a-3");
    probe.expectMsg(new RecoverySuccess(3));
    write(6, 7, PID);
    askReplay(PID, 5, ALL, ALL);
    for (int number = 5; number <= 7; number++) {
      expectReplayed(PID, number, "a-" + number);
    }
    probe.expectMsg(new RecoverySuccess(7));
    assertThat(lines()).hasSize(10);
  }

  @Test
  void a_torn_tail_is_cut_when_resuming() throws Exception {
    stop();
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 1));
    start("resume", "never");
    askReplay(PID, 1, ALL, ALL);
    for (int number = 1; number <= 4; number++) {
      expectReplayed(PID, number, "a-" + number);
    }
    probe.expectMsg(new RecoverySuccess(4));
    write(5, 5, PID);
    assertThat(Files.readAllBytes(file)).isEqualTo(whole);
  }

  // Failures.

  private void expectReplayFails(Class<? extends Exception> type, String reason) {
    askReplay(PID, 1, ALL, ALL);
    assertThat(probe.expectMsgClass(ReplayMessagesFailure.class).cause())
        .isInstanceOf(type)
        .hasMessage(reason);
  }

  @Test
  void a_file_that_is_there_already_fails_every_call_at_once() {
    restart("create");
    String reason = file + " is there already; run never appends: name another, or --resume it";
    expectReplayFails(JournalFailure.class, reason);
    send(atomic(event(6)));
    expectFailed(reason, event(6));
  }

  @Test
  void a_file_that_another_writes_fails_every_call_at_once() {
    ActorSystem holder = system;
    start("resume", "never");
    expectReplayFails(
        JournalFailure.class,
        file
            + " is being written by process "
            + ProcessHandle.current().pid()
            + ", which is this one");
    TestKit.shutdownActorSystem(holder);
  }

  @Test
  void a_damaged_file_fails_every_call_at_once() throws Exception {
    stop();
    byte[] bytes = Files.readAllBytes(file);
    bytes[10] ^= 1;
    Files.write(file, bytes);
    start("resume", "never");
    expectReplayFails(
        JournalDamaged.class,
        file
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
    stop();
    byte[] before = Files.readAllBytes(file);
    for (Map.Entry<String, String> each : wrong.entrySet()) {
      Files.write(file, before);
      appendLine(each.getKey());
      start("resume", "never");
      expectReplayFails(JournalDamaged.class, file + ":6: " + each.getValue());
      stop();
    }
    for (String member : List.of("\"entry\":{\"type\":\"Strange\"}", "\"entry\":7", "\"x\":{}")) {
      Files.write(file, before);
      appendLine("{\"pid\":\"gmem\",\"nr\":6," + member + "}");
      start("resume", "never");
      askReplay(PID, 6, ALL, ALL);
      assertThat(probe.expectMsgClass(ReplayMessagesFailure.class).cause())
          .isInstanceOf(JournalDamaged.class)
          .hasMessageStartingWith(file + ":6: cannot be replayed: ");
      stop();
    }
  }

  private void appendLine(String object) throws Exception {
    try (JournalWriter writer =
        JournalWriter.resume(file, new Sync.Never(), warning -> {}, line -> {})) {
      writer.append(object);
    }
  }

  @Test
  void settings_that_make_no_sense_fail_every_call_at_once() {
    restart("append");
    expectReplayFails(
        JournalFailure.class, "faultline.journal.open is \"append\"; expected create or resume");
    stop();
    start("resume", "sometimes");
    expectReplayFails(
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
      stop();
      start(each.getKey(), "create", "never");
      expectReplayFails(JournalFailure.class, each.getValue());
      send(atomic(event(1)));
      expectFailed(each.getValue(), event(1));
    }
  }

  @Test
  void after_the_first_failure_everything_fails_and_nothing_is_written() throws Exception {
    stop();
    System.setProperty("faultline.journal.fail-sync", "2");
    try {
      start("resume", "each");
      write(6, 6, PID);
      String reason = file + ":7: sync: EIO, input/output error";
      send(atomic(event(7)), atomic(event(8)));
      expectFailed(reason, event(7), event(8));
      for (int attempt = 0; attempt < 20; attempt++) {
        send(atomic(event(9)));
        expectFailed(reason, event(9));
      }
    } finally {
      System.clearProperty("faultline.journal.fail-sync");
    }
    assertThat(lines()).as("the seventh was written, but nobody was told so").hasSize(7);
    restart("resume");
    askReplay(PID, 7, ALL, ALL);
    expectReplayed(PID, 7, "a-7");
    probe.expectMsg(new RecoverySuccess(7));
  }

  @Test
  void the_end_of_a_run_is_on_the_disk_before_it_is_confirmed() {
    stop();
    System.setProperty("faultline.journal.fail-sync", "1");
    try {
      start("resume", "1000000ms");
      write(1, 1, "world");
      PersistentRepr end = event("world", 2, ENDED);
      send(atomic(end));
      expectFailed(file + ":7: sync: EIO, input/output error", end);
    } finally {
      System.clearProperty("faultline.journal.fail-sync");
    }
  }

  @Test
  void a_line_whose_payload_nobody_can_read_is_named() throws Exception {
    PersistentRepr named = event(PID, 6, new Named(probe.getRef()));
    send(atomic(named));
    expectWritten();
    expectSuccess(named);
    stop();
    system =
        ActorSystem.create(
            "contract",
            ConfigFactory.parseMap(
                    Map.of(
                        "faultline.journal.file",
                        file.toString(),
                        "faultline.journal.open",
                        "resume"))
                .withFallback(ConfigFactory.load()));
    probe = new TestKit(system);
    askReplay(PID, 6, ALL, ALL);
    assertThat(probe.expectMsgClass(ReplayMessagesFailure.class).cause())
        .isInstanceOf(JournalDamaged.class)
        .hasMessageStartingWith(file + ":6: cannot be replayed: ")
        .hasMessageContaining("666");
  }
}
