package dev.faultline.journal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.Outcome;
import dev.faultline.protocol.anchor.AnchorEvent;
import dev.faultline.protocol.gmem.GmemEvent;
import dev.faultline.protocol.gmem.Work;
import dev.faultline.protocol.guest.GuestEvent;
import dev.faultline.protocol.hostio.HostIoEvent;
import dev.faultline.protocol.hostmemory.HostMemoryEvent;
import dev.faultline.protocol.iommu.IommuEvent;
import dev.faultline.protocol.iommu.IommuTask;
import dev.faultline.protocol.kvm.KvmEvent;
import dev.faultline.protocol.kvm.KvmWork;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PageIndex;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.vmm.Origin;
import dev.faultline.protocol.vmm.VmmEvent;
import dev.faultline.protocol.vmm.VmmTask;
import dev.faultline.world.MessageId;
import dev.faultline.world.Parties;
import dev.faultline.world.Step;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The JSON of journal entries. Sub-types are an explicit list, read off the sealed hierarchies of
 * the core, which carries no annotation; there is never default typing.
 */
public final class EntryJson {

  /** The polymorphic roots of what an entry can hold, each closed. */
  private static final List<Class<?>> ROOTS =
      List.of(
          JournalEntry.class,
          Step.class,
          Message.class,
          Outcome.class,
          Access.class,
          Result.class,
          Work.class,
          Work.Then.class,
          KvmWork.class,
          VmmTask.class,
          Origin.class,
          IommuTask.class,
          Event.class);

  /** The events of each party; together they are all events. */
  static final List<Class<?>> EVENTS =
      List.of(
          AnchorEvent.class,
          GmemEvent.class,
          GuestEvent.class,
          HostIoEvent.class,
          HostMemoryEvent.class,
          IommuEvent.class,
          KvmEvent.class,
          VmmEvent.class);

  private static final ObjectWriter WRITER;
  private static final ObjectReader READER;

  static {
    ObjectMapper mapper = mapper();
    WRITER = mapper.writerFor(JournalEntry.class);
    READER = mapper.readerFor(JournalEntry.class);
  }

  private EntryJson() {}

  /** The sub-type's name is in the member "type". */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  private interface Typed {}

  /** The mapper, for whoever embeds entries elsewhere. */
  public static ObjectMapper mapper() {
    JsonMapper.Builder builder =
        JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(values())
            .serializationInclusion(JsonInclude.Include.NON_ABSENT)
            .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                LogicalType.Textual,
                text -> {
                  text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
                  text.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
                  text.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
                });
    for (Class<?> root : ROOTS) {
      builder.addMixIn(root, Typed.class);
    }
    for (Class<?> leaf : leaves()) {
      builder.registerSubtypes(new NamedType(leaf, name(leaf)));
    }
    return builder.build();
  }

  /** An entry as one line, without a line feed. */
  public static String write(JournalEntry entry) {
    try {
      return WRITER.writeValueAsString(entry);
    } catch (JsonProcessingException bug) {
      throw new IllegalStateException("an entry that cannot be written: " + entry, bug);
    }
  }

  /**
   * The entry of a line.
   *
   * @throws JsonProcessingException if it is none
   */
  public static JournalEntry read(String json) throws JsonProcessingException {
    return READER.readValue(json);
  }

  /** All records that an entry can hold at a place where there is a choice. */
  static List<Class<?>> leaves() {
    List<Class<?>> leaves = new ArrayList<>();
    for (Class<?> root : ROOTS) {
      if (root != Event.class) {
        collect(root, leaves);
      }
    }
    EVENTS.forEach(events -> collect(events, leaves));
    return leaves;
  }

  private static void collect(Class<?> type, List<Class<?>> leaves) {
    if (!type.isSealed()) {
      if (!leaves.contains(type)) {
        leaves.add(type);
      }
      return;
    }
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      collect(permitted, leaves);
    }
  }

  /** "gmem.TaskStarted" for events, "ProcessToGmem.PunchHole" for messages, otherwise "Deliver". */
  static String name(Class<?> leaf) {
    Class<?> enclosing = leaf.getEnclosingClass();
    if (enclosing == null) {
      return leaf.getSimpleName();
    }
    if (Event.class.isAssignableFrom(leaf)) {
      String party = leaf.getPackageName();
      return party.substring(party.lastIndexOf('.') + 1) + "." + leaf.getSimpleName();
    }
    return Message.class.isAssignableFrom(leaf)
        ? enclosing.getSimpleName() + "." + leaf.getSimpleName()
        : leaf.getSimpleName();
  }

  // Values that are written as one word.

  private static SimpleModule values() {
    SimpleModule module = new SimpleModule("faultline-values");
    text(module, PartyId.class, EntryJson::text, EntryJson::party);
    text(module, Endpoint.class, EntryJson::text, EntryJson::endpoint);
    text(module, MessageId.class, MessageId::toString, EntryJson::messageId);
    text(module, GfnRange.class, GfnRange::toString, word -> range(word, GfnRange::new));
    text(module, IndexRange.class, IndexRange::toString, word -> range(word, IndexRange::new));
    text(module, PfnRange.class, PfnRange::toString, word -> range(word, PfnRange::new));
    number(module, TaskId.class, TaskId::number, number -> new TaskId(Math.toIntExact(number)));
    number(module, PageIndex.class, PageIndex::number, PageIndex::new);
    return module;
  }

  /** The kind of a party is told by its name, but for further vCPUs. */
  private static String text(PartyId party) {
    boolean furtherVcpu = party.kind() == PartyKind.GUEST && !party.name().equals("guest");
    String text = furtherVcpu ? "vcpu/" + party.name() : party.name();
    if (text.indexOf('#') >= 0 || !party(text).equals(party)) {
      throw new IllegalArgumentException(
          "\"" + text + "\" does not tell that it is of the kind " + party.kind());
    }
    return text;
  }

  static PartyId party(String text) {
    if (text.startsWith("vcpu/")) {
      return PartyId.of(PartyKind.GUEST, text.substring(5));
    }
    if (text.equals(Parties.SHMEM.name())) {
      return Parties.SHMEM;
    }
    for (PartyKind kind :
        List.of(
            PartyKind.GUEST,
            PartyKind.VMM,
            PartyKind.KVM,
            PartyKind.GMEM,
            PartyKind.ANCHOR,
            PartyKind.IOMMU)) {
      if (text.equals(kind.name().toLowerCase(Locale.ROOT))) {
        return PartyId.of(kind, text);
      }
    }
    return PartyId.of(text.endsWith("-memory") ? PartyKind.HOST_MEMORY : PartyKind.HOST_IO, text);
  }

  private static String text(Endpoint endpoint) {
    return endpoint.task().equals(TaskId.NONE)
        ? text(endpoint.party())
        : text(endpoint.party()) + "#" + endpoint.task();
  }

  private static Endpoint endpoint(String text) {
    int hash = text.indexOf('#');
    return hash < 0
        ? Endpoint.of(party(text))
        : new Endpoint(
            party(text.substring(0, hash)), new TaskId(Integer.parseInt(text.substring(hash + 1))));
  }

  private static MessageId messageId(String text) {
    int dot = text.indexOf('.');
    return new MessageId(
        Long.parseLong(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1)));
  }

  private static <R> R range(String text, BiFunction<Long, Long, R> make) {
    int dots = text.indexOf("..");
    long first = Long.parseLong(dots < 0 ? text : text.substring(0, dots));
    long last = dots < 0 ? first : Long.parseLong(text.substring(dots + 2));
    return make.apply(first, last + 1);
  }

  private static <T> void text(
      SimpleModule module, Class<T> type, Function<T, String> write, Function<String, T> read) {
    module.addSerializer(
        type,
        new StdScalarSerializer<>(type) {
          private static final long serialVersionUID = 1;

          @Override
          public void serialize(T value, JsonGenerator out, SerializerProvider provider)
              throws IOException {
            out.writeString(write.apply(value));
          }
        });
    module.addDeserializer(
        type,
        new StdScalarDeserializer<>(type) {
          private static final long serialVersionUID = 1;

          @Override
          public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
            if (!in.hasToken(JsonToken.VALUE_STRING)) {
              return type.cast(context.handleUnexpectedToken(type, in));
            }
            String word = in.getText();
            try {
              T value = read.apply(word);
              if (write.apply(value).equals(word)) {
                return value;
              }
            } catch (RuntimeException wrong) {
              throw context.weirdStringException(word, type, String.valueOf(wrong.getMessage()));
            }
            throw context.weirdStringException(word, type, "is not how it is written");
          }
        });
  }

  private static <T> void number(
      SimpleModule module, Class<T> type, Function<T, Number> write, Function<Long, T> read) {
    module.addSerializer(
        type,
        new StdScalarSerializer<>(type) {
          private static final long serialVersionUID = 1;

          @Override
          public void serialize(T value, JsonGenerator out, SerializerProvider provider)
              throws IOException {
            out.writeNumber(write.apply(value).longValue());
          }
        });
    module.addDeserializer(
        type,
        new StdScalarDeserializer<>(type) {
          private static final long serialVersionUID = 1;

          @Override
          public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
            if (!in.hasToken(JsonToken.VALUE_NUMBER_INT)) {
              return type.cast(context.handleUnexpectedToken(type, in));
            }
            long number = in.getLongValue();
            try {
              return read.apply(number);
            } catch (RuntimeException wrong) {
              throw context.weirdNumberException(number, type, String.valueOf(wrong.getMessage()));
            }
          }
        });
  }
}
