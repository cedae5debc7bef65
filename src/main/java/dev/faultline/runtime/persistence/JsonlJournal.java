package dev.faultline.runtime.persistence;

import akka.actor.ActorSystem;
import akka.dispatch.Futures;
import akka.persistence.AtomicWrite;
import akka.persistence.PersistentImpl;
import akka.persistence.PersistentRepr;
import akka.persistence.journal.japi.AsyncWriteJournal;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.Serializers;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import dev.faultline.journal.EntryJson;
import dev.faultline.journal.JournalEntry;
import dev.faultline.journal.file.JournalDamaged;
import dev.faultline.journal.file.JournalFailure;
import dev.faultline.journal.file.JournalReader;
import dev.faultline.journal.file.JournalWriter;
import dev.faultline.journal.file.Sync;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.concurrent.Future;

/**
 * Akka Persistence on a journal file.
 *
 * <p>A line is {@code {"pid":"gmem","nr":17,"entry":{...},"sum":"..."}}: persistence id, sequence
 * number, the entry as readable JSON. Any other payload is kept as its serializer's bytes.
 *
 * <p>Not kept, so that equal runs give equal bytes: the writer's UUID and the timestamp. The file
 * is locked by one process, so there is never a second writer for a replay filter to find. Not
 * supported: an atomic write of more than one event (rejected) and deletion (failed); a world never
 * asks for either, and a journal that forgets is none.
 */
public final class JsonlJournal extends AsyncWriteJournal {

  private static final Logger LOG = LoggerFactory.getLogger(JsonlJournal.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final Serialization serialization;
  private final JournalWriter writer;
  private final Map<String, List<Place>> places = new TreeMap<>();

  /** Where the entry with a sequence number lies. */
  private record Place(long number, long offset, int length) {}

  /**
   * Opens the file.
   *
   * @param config {@code file}; {@code sync}: each, never or a time such as 100ms; {@code open}:
   *     create or resume
   */
  public JsonlJournal(Config config) throws IOException, JournalDamaged {
    ActorSystem system = context().system();
    this.serialization = SerializationExtension.get(system);
    this.file = Path.of(config.getString("file"));
    Sync sync =
        Sync.parse(config.getString("sync"))
            .orElseThrow(() -> new IllegalArgumentException("sync " + config.getString("sync")));
    if (config.getString("open").equals("resume")) {
      this.writer = JournalWriter.resume(file, sync, LOG::warn, this::index);
    } else {
      this.writer = JournalWriter.create(file, sync);
    }
  }

  private void index(JournalReader.Line line) throws JournalDamaged {
    try {
      JsonNode object = JSON.readTree(line.object());
      place(
          object.get("pid").asText(),
          new Place(object.get("nr").asLong(), line.offset(), line.length()));
    } catch (JsonProcessingException | NullPointerException _) {
      throw new JournalDamaged(file.toString(), line.number(), "no entry with pid and nr");
    }
  }

  private void place(String persistenceId, Place place) {
    places.computeIfAbsent(persistenceId, id -> new ArrayList<>()).add(place);
  }

  @Override
  public void postStop() {
    try {
      writer.close();
    } catch (JournalFailure failure) {
      LOG.error(failure.getMessage());
    }
  }

  // Writing.

  @Override
  public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(
      Iterable<AtomicWrite> messages) {
    List<Optional<Exception>> results = new ArrayList<>();
    try {
      for (AtomicWrite write : messages) {
        results.add(write(write));
      }
    } catch (JournalFailure failure) {
      return Futures.failed(failure);
    }
    return Futures.successful(results);
  }

  /** Writes one event; a payload that cannot be serialised, or a second event, is rejected. */
  private Optional<Exception> write(AtomicWrite write) throws JournalFailure {
    if (write.payload().size() > 1) {
      return Optional.of(
          new UnsupportedOperationException("an atomic write of more than one event"));
    }
    PersistentRepr repr = write.payload().head();
    String object;
    try {
      object = object(repr);
    } catch (Exception rejected) {
      return Optional.of(rejected);
    }
    JournalWriter.Place at = writer.append(object);
    place(repr.persistenceId(), new Place(repr.sequenceNr(), at.offset(), at.length()));
    return Optional.empty();
  }

  private String object(PersistentRepr repr) throws JsonProcessingException {
    if (repr.payload() instanceof JournalEntry entry && repr.manifest().isEmpty()) {
      return EntryLine.of(repr.persistenceId(), repr.sequenceNr(), entry);
    }
    String head = EntryLine.head(repr.persistenceId(), repr.sequenceNr());
    Object payload = repr.payload();
    var serializer = serialization.findSerializerFor(payload);
    ObjectNode other = JSON.createObjectNode();
    other.put("serializer", serializer.identifier());
    other.put("manifest", Serializers.manifestFor(serializer, payload));
    other.put("event-manifest", repr.manifest());
    other.put("bytes", serializer.toBinary(payload));
    return head + ",\"payload\":" + JSON.writeValueAsString(other) + "}";
  }

  @Override
  public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
    return Futures.failed(
        new UnsupportedOperationException("a journal of a world is never deleted from"));
  }

  // Reading.

  @Override
  public Future<Void> doAsyncReplayMessages(
      String persistenceId,
      long fromSequenceNr,
      long toSequenceNr,
      long max,
      Consumer<PersistentRepr> replay) {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long left = max;
      for (Place place : places.getOrDefault(persistenceId, List.of())) {
        if (left > 0 && place.number() >= fromSequenceNr && place.number() <= toSequenceNr) {
          replay.accept(read(in, persistenceId, place));
          left--;
        }
      }
      return Futures.successful(null);
    } catch (Exception failure) {
      return Futures.failed(failure);
    }
  }

  private PersistentRepr read(RandomAccessFile in, String persistenceId, Place place)
      throws IOException {
    byte[] bytes = new byte[place.length()];
    in.seek(place.offset());
    in.readFully(bytes);
    JsonNode object = JSON.readTree(new String(bytes, StandardCharsets.UTF_8));
    JsonNode entry = object.get("entry");
    Object payload;
    String manifest = "";
    if (entry != null) {
      payload = EntryJson.read(entry.toString());
    } else {
      JsonNode other = object.get("payload");
      manifest = other.get("event-manifest").asText();
      payload =
          serialization
              .deserialize(
                  other.get("bytes").binaryValue(),
                  other.get("serializer").asInt(),
                  other.get("manifest").asText())
              .get();
    }
    return new PersistentImpl(
        payload,
        place.number(),
        persistenceId,
        manifest,
        false,
        akka.actor.ActorRef.noSender(),
        "",
        0,
        scala.Option.empty());
  }

  @Override
  public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
    List<Place> known = places.getOrDefault(persistenceId, List.of());
    return Futures.successful(known.isEmpty() ? 0L : known.getLast().number());
  }
}
