package dev.faultline.explore.world;

import dev.faultline.protocol.message.PartyId;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Parties under other names, wherever a value names them: in records, lists and optional values.
 * Values by page name no host user that can be exchanged, and stay as they are.
 *
 * @param names what becomes of a party; others keep their names
 */
record Renaming(SortedMap<PartyId, PartyId> names) {

  PartyId of(PartyId party) {
    return names.getOrDefault(party, party);
  }

  /** A value with other names in it; itself if there are none. */
  Object of(Object value) {
    return switch (value) {
      case PartyId party -> of(party);
      case Record kept -> ofRecord(kept);
      case List<?> list -> {
        List<Object> renamed = new ArrayList<>();
        list.forEach(each -> renamed.add(of(each)));
        yield renamed.equals(list) ? list : List.copyOf(renamed);
      }
      case Optional<?> maybe -> maybe.map(this::of);
      default -> value;
    };
  }

  private Object ofRecord(Record value) {
    RecordComponent[] components = value.getClass().getRecordComponents();
    Object[] renamed = new Object[components.length];
    Class<?>[] types = new Class<?>[components.length];
    boolean changed = false;
    try {
      for (int index = 0; index < components.length; index++) {
        components[index].getAccessor().setAccessible(true);
        Object before = components[index].getAccessor().invoke(value);
        renamed[index] = of(before);
        types[index] = components[index].getType();
        changed |= !renamed[index].equals(before);
      }
      if (!changed) {
        return value;
      }
      Constructor<?> constructor = value.getClass().getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(renamed);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException("a record that cannot be made anew: " + value, impossible);
    }
  }
}
