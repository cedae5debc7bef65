package dev.faultline.journal;

import dev.faultline.protocol.Event;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PageIndex;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.world.MessageId;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Samples of whatever an entry of a journal can hold, made from the components of its records: each
 * record once for each sample of each of its components. A type that is in no list here and is
 * neither a record, an enum nor sealed fails, so nothing new is left out in silence.
 */
public final class Samples {

  /** Values that are made by hand: their constructors ask for more than their types say. */
  private static final Map<Type, List<?>> BY_HAND =
      Map.ofEntries(
          Map.entry(long.class, List.of(7L, 0L, Long.MAX_VALUE)),
          Map.entry(int.class, List.of(3, 0)),
          Map.entry(boolean.class, List.of(true, false)),
          Map.entry(String.class, List.of("text", "", "\" \\ \n \u2028 \ud83e\udd80 ..")),
          Map.entry(TaskId.class, List.of(new TaskId(2), TaskId.NONE)),
          Map.entry(PageIndex.class, List.of(new PageIndex(512), new PageIndex(0))),
          Map.entry(GfnRange.class, List.of(new GfnRange(512, 768), new GfnRange(5, 6))),
          Map.entry(IndexRange.class, List.of(new IndexRange(512, 768), new IndexRange(5, 6))),
          Map.entry(PfnRange.class, List.of(new PfnRange(512, 768), new PfnRange(5, 6))),
          Map.entry(MessageId.class, List.of(new MessageId(9, 0))),
          Map.entry(PartyId.class, parties()),
          Map.entry(
              Endpoint.class,
              parties().stream()
                  .flatMap(
                      party ->
                          List.of(Endpoint.of(party), new Endpoint(party, new TaskId(12))).stream())
                  .toList()));

  /** Records that are being made: one within itself is left out. */
  private final Deque<Class<?>> open = new ArrayDeque<>();

  private final Set<Class<?>> met = new LinkedHashSet<>();

  private static List<PartyId> parties() {
    List<PartyId> parties = new ArrayList<>();
    for (PartyKind kind : PartyKind.values()) {
      parties.add(
          switch (kind) {
            case GUEST, VMM, KVM, GMEM, ANCHOR, IOMMU ->
                PartyId.of(kind, kind.name().toLowerCase(Locale.ROOT));
            case HOST_MEMORY -> PartyId.of(kind, "vmm-memory");
            case HOST_IO -> PartyId.of(kind, "nic");
          });
    }
    parties.add(PartyId.of(PartyKind.GUEST, "vcpu-1"));
    return parties;
  }

  /** The records and enums that were met so far. */
  Set<Class<?>> met() {
    return met;
  }

  /** Some values of a type, among them one of every record below it. */
  public List<?> of(Type type) {
    if (BY_HAND.containsKey(type)) {
      return BY_HAND.get(type);
    }
    return switch (type) {
      case ParameterizedType generic when generic.getRawType() == List.class -> lists(generic);
      case ParameterizedType generic when generic.getRawType() == Optional.class ->
          optionals(generic);
      case Class<?> plain when plain == Event.class ->
          EntryJson.EVENTS.stream().flatMap(events -> of(events).stream()).toList();
      case Class<?> plain when plain.isSealed() ->
          Arrays.stream(plain.getPermittedSubclasses()).flatMap(sub -> of(sub).stream()).toList();
      case Class<?> plain when plain.isEnum() -> {
        met.add(plain);
        yield List.of(plain.getEnumConstants());
      }
      case Class<?> plain when plain.isRecord() -> records(plain);
      default -> throw new AssertionError("no samples of " + type + "; say how to make them");
    };
  }

  private List<?> lists(ParameterizedType generic) {
    List<?> elements = of(generic.getActualTypeArguments()[0]);
    List<List<?>> samples = new ArrayList<>();
    elements.forEach(element -> samples.add(List.of(element)));
    if (!elements.isEmpty()) {
      samples.add(List.of(elements.getFirst(), elements.getLast(), elements.getFirst()));
    }
    samples.add(List.of());
    return samples;
  }

  private List<?> optionals(ParameterizedType generic) {
    List<Optional<?>> samples = new ArrayList<>();
    of(generic.getActualTypeArguments()[0]).forEach(value -> samples.add(Optional.of(value)));
    samples.add(Optional.empty());
    return samples;
  }

  private List<?> records(Class<?> type) {
    if (open.contains(type)) {
      return List.of();
    }
    open.push(type);
    met.add(type);
    List<List<?>> choices = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      choices.add(of(component.getGenericType()));
    }
    open.pop();
    if (choices.stream().anyMatch(List::isEmpty)) {
      return List.of();
    }
    List<Object> samples = new ArrayList<>();
    samples.add(make(type, choices.stream().map(List::getFirst).toList()));
    for (int changed = 0; changed < choices.size(); changed++) {
      for (Object choice : choices.get(changed).subList(1, choices.get(changed).size())) {
        List<Object> values = new ArrayList<>(choices.stream().map(List::getFirst).toList());
        values.set(changed, choice);
        samples.add(make(type, values));
      }
    }
    return samples;
  }

  private static Object make(Class<?> type, List<?> values) {
    try {
      Constructor<?> constructor =
          type.getDeclaredConstructor(
              Arrays.stream(type.getRecordComponents())
                  .map(RecordComponent::getType)
                  .toArray(Class<?>[]::new));
      constructor.setAccessible(true);
      return constructor.newInstance(values.toArray());
    } catch (ReflectiveOperationException failure) {
      throw new AssertionError(type + " cannot be made from " + values, failure);
    }
  }
}
