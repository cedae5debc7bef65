package dev.faultline.runtime.persistence;

import akka.actor.ActorRef;
import akka.dispatch.Futures;
import akka.persistence.AtomicWrite;
import akka.persistence.PersistentImpl;
import akka.persistence.PersistentRepr;
import akka.persistence.journal.japi.AsyncWriteJournal;
import akka.serialization.Serialization;
import akka.serialization.SerializationExtension;
import akka.serialization.Serializer;
import akka.serialization.Serializers;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import dev.faultline.journal.EntryLine;
import dev.faultline.journal.JournalEntry;
import dev.faultline.journal.file.JournalDamaged;
import dev.faultline.journal.file.JournalFailure;
import dev.faultline.journal.file.JournalReader;
import dev.faultline.journal.file.JournalWriter;
import dev.faultline.journal.file.Sync;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.concurrent.Future;

/**
 * Akka Persistence on a journal file.
 *
 * <p>A line is {@code {"pid":"gmem","nr":17,"entry":{...},"sum":"..."}}: persistence id, sequence
 * number, the entry as readable JSON. Any other payload is kept as its serializer's bytes.
 *
 * <p>Writes are in the file in the order of the calls, whatever their persistence ids; each is
 * there before its call returns. The last entry of a run is synced before it is confirmed, unless
 * nothing is to be.
 *
 * <p>Not kept, so that equal runs give equal bytes: the writer's UUID and the timestamp. The file
 * is locked by one process, so there is never a second writer for a replay filter to find. Not
 * supported: an atomic write of more than one event and an event with metadata (rejected), and
 * deletion (failed); a world never asks for them, and a journal that forgets is none.
 *
 * <p>A file that cannot be opened fails each call with the reason, so that whoever recovers hears
 * it at once.
 */
public final class JsonlJournal extends AsyncWriteJournal {

  private static final Logger LOG = LoggerFactory.getLogger(JsonlJournal.class);

  private final Serialization serialization;
  private final Opening opening;
  private long lines;

  /** Read by replays, on other threads than the one that writes. */
  private final Map<String, NavigableMap<Long, Place>> places = new ConcurrentHashMap<>();

  /** Where an entry lies: the line's number from 1, its offset and length in bytes. */
  private record Place(long line, long offset, int length) {}

  /** What came of opening the file. */
  private sealed interface Opening {

    record Opened(Path file, JournalWriter writer) implements Opening {}

    record Failed(Exception why) implements Opening {}
  }

  /**
   * Opens the file.
   *
   * @param config {@code file}; {@code sync}: each, never or a time such as 100ms; {@code open}:
   *     create or resume
   */
  public JsonlJournal(Config config) {
    this.serialization = SerializationExtension.get(context().system());
    this.opening = open(config);
  }

  private Opening open(Config config) {
    try {
      Path file = path(config.getString("file"));
      String when = config.getString("sync");
      Sync sync =
          Sync.parse(when)
              .orElseThrow(
                  () ->
                      new JournalFailure(
                          "faultline.journal.sync is \""
                              + when
                              + "\"; expected each, never, or a time such as 100ms"));
      String how = config.getString("open");
      return new Opening.Opened(
          file,
          switch (how) {
            case "create" -> JournalWriter.create(file, sync);
            case "resume" -> JournalWriter.resume(file, sync, LOG::warn, line -> index(file, line));
            default ->
                throw new JournalFailure(
                    "faultline.journal.open is \"" + how + "\"; expected create or resume");
          });
    } catch (JournalFailure | JournalDamaged | ConfigException why) {
      return new Opening.Failed(why);
    }
  }

  private static Path path(String name) throws JournalFailure {
    if (name.isEmpty()) {
      throw new JournalFailure("faultline.journal.file is empty; name the file of the journal");
    }
    try {
      return Path.of(name);
    } catch (InvalidPathException wrong) {
      throw new JournalFailure("faultline.journal.file is no path: " + wrong.getReason());
    }
  }

  private void index(Path file, JournalReader.Line line) throws JournalDamaged {
    EntryLine.Key key;
    try {
      key = EntryLine.key(line.object());
    } catch (EntryLine.Wrong _) {
      throw new JournalDamaged(file.toString(), line.number(), "no entry with pid and nr");
    }
    lines = line.number();
    if (key.number() <= highest(key.persistenceId())) {
      throw new JournalDamaged(
          file.toString(),
          line.number(),
          "entry "
              + key.number()
              + " of "
              + key.persistenceId()
              + " follows its entry "
              + highest(key.persistenceId()));
    }
    place(key, new Place(line.number(), line.offset(), line.length()));
  }

  private void place(EntryLine.Key key, Place place) {
    places
        .computeIfAbsent(key.persistenceId(), _ -> new ConcurrentSkipListMap<>())
        .put(key.number(), place);
  }

  private NavigableMap<Long, Place> of(String persistenceId) {
    return places.getOrDefault(persistenceId, new ConcurrentSkipListMap<>());
  }

  private long highest(String persistenceId) {
    NavigableMap<Long, Place> known = of(persistenceId);
    return known.isEmpty() ? 0 : known.lastKey();
  }

  @Override
  public void postStop() {
    switch (opening) {
      case Opening.Opened(Path _, JournalWriter writer) -> {
        try {
          writer.close();
        } catch (JournalFailure failure) {
          LOG.error(failure.getMessage());
        }
      }
      case Opening.Failed _ -> {}
    }
  }

  // Writing.

  @Override
  public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(
      Iterable<AtomicWrite> messages) {
    return switch (opening) {
      case Opening.Failed(Exception why) -> Futures.failed(why);
      case Opening.Opened(Path _, JournalWriter writer) -> {
        List<Optional<Exception>> results = new ArrayList<>();
        try {
          for (AtomicWrite message : messages) {
            results.add(write(writer, message));
          }
          yield Futures.successful(results);
        } catch (JournalFailure failure) {
          yield Futures.failed(failure);
        }
      }
    };
  }

  /** Writes one event, or says why it is rejected. */
  private Optional<Exception> write(JournalWriter writer, AtomicWrite message)
      throws JournalFailure {
    if (message.payload().size() > 1) {
      return Optional.of(
          new UnsupportedOperationException(
              "an atomic write of " + message.payload().size() + " events; persist one at a time"));
    }
    PersistentRepr event = message.payload().head();
    String object;
    try {
      object = object(event);
    } catch (UnsupportedOperationException | NotSerializableException rejected) {
      return Optional.of(rejected);
    }
    JournalWriter.Place written = writer.append(object);
    if (event.payload() instanceof JournalEntry.WorldEnded) {
      writer.sync();
    }
    lines++;
    place(
        new EntryLine.Key(event.persistenceId(), event.sequenceNr()),
        new Place(lines, written.offset(), written.length()));
    return Optional.empty();
  }

  private String object(PersistentRepr event) throws NotSerializableException {
    if (event.metadata().isDefined()) {
      throw new UnsupportedOperationException("an event with metadata");
    }
    if (event.payload() instanceof JournalEntry entry && event.manifest().isEmpty()) {
      return EntryLine.of(event.persistenceId(), event.sequenceNr(), entry);
    }
    return EntryLine.of(event.persistenceId(), event.sequenceNr(), serialized(event));
  }

  private EntryLine.Serialized serialized(PersistentRepr event) throws NotSerializableException {
    Object payload = event.payload();
    try {
      Serializer serializer = serialization.findSerializerFor(payload);
      String manifest = Serializers.manifestFor(serializer, payload);
      byte[] bytes = serialization.serialize(payload).get();
      return new EntryLine.Serialized(serializer.identifier(), manifest, event.manifest(), bytes);
    } catch (Exception cause) {
      // Whatever a serializer throws: nothing was written, and the event is to blame.
      NotSerializableException rejected =
          new NotSerializableException(payload.getClass().getName() + ": " + cause.getMessage());
      rejected.initCause(cause);
      throw rejected;
    }
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
    return switch (opening) {
      case Opening.Failed(Exception why) -> Futures.failed(why);
      case Opening.Opened(Path file, JournalWriter _) -> {
        var wanted = of(persistenceId).subMap(fromSequenceNr, true, toSequenceNr, true);
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
          long left = max;
          for (Map.Entry<Long, Place> each : wanted.entrySet()) {
            if (left <= 0) {
              break;
            }
            replay.accept(
                event(file, in, new EntryLine.Key(persistenceId, each.getKey()), each.getValue()));
            left--;
          }
          yield Futures.successful(null);
        } catch (IOException | JournalDamaged failure) {
          yield Futures.failed(failure);
        }
      }
    };
  }

  private PersistentRepr event(Path file, RandomAccessFile in, EntryLine.Key key, Place place)
      throws IOException, JournalDamaged {
    byte[] bytes = new byte[place.length()];
    in.seek(place.offset());
    in.readFully(bytes);
    try {
      return switch (EntryLine.read(new String(bytes, StandardCharsets.UTF_8)).content()) {
        case EntryLine.Content.Entry(JournalEntry entry) -> event(key, entry, "");
        case EntryLine.Content.Other(EntryLine.Serialized payload) ->
            event(key, deserialized(payload), payload.eventManifest());
      };
    } catch (IOException wrong) {
      throw new JournalDamaged(
          file.toString(), place.line(), "cannot be replayed: " + wrong.getMessage());
    }
  }

  private Object deserialized(EntryLine.Serialized payload) throws IOException {
    try {
      return serialization
          .deserialize(payload.bytes(), payload.serializer(), payload.manifest())
          .get();
    } catch (Exception cause) {
      // Whatever a serializer throws; the line is told.
      throw new IOException(String.valueOf(cause.getMessage()), cause);
    }
  }

  private static PersistentRepr event(EntryLine.Key key, Object payload, String manifest) {
    return new PersistentImpl(
        payload,
        key.number(),
        key.persistenceId(),
        manifest,
        false,
        ActorRef.noSender(),
        "",
        0,
        Option.empty());
  }

  @Override
  public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
    return switch (opening) {
      case Opening.Failed(Exception why) -> Futures.failed(why);
      case Opening.Opened _ -> Futures.successful(highest(persistenceId));
    };
  }
}
