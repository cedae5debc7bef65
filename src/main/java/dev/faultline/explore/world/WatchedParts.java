package dev.faultline.explore.world;

import dev.faultline.explore.Sight;
import dev.faultline.explore.Slot;
import dev.faultline.protocol.Family;
import dev.faultline.protocol.Part;
import dev.faultline.protocol.Parts;
import dev.faultline.protocol.message.PartyId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Parts that are read through a sight, with what a decision has changed in them so far.
 *
 * @param slots where parts stand
 * @param owner whose they are; empty for what is between the parties
 */
record WatchedParts(
    Sight sight, PartSlots slots, Optional<PartyId> owner, SortedMap<Part<?>, Object> changed)
    implements Parts {

  WatchedParts {
    changed = Collections.unmodifiableSortedMap(changed);
  }

  static WatchedParts of(Sight sight, PartSlots slots, Optional<PartyId> owner) {
    return new WatchedParts(sight, slots, owner, new TreeMap<>());
  }

  private <T> Slot<T> slot(Part<T> part) {
    return slots.of(owner, part);
  }

  @Override
  @SuppressWarnings("unchecked") // with() is the only way in, and it takes a T for a Part<T>
  public <T> T get(Part<T> part) {
    Object now = changed.get(part);
    return now == null ? sight.get(slot(part)) : (T) now;
  }

  @Override
  @SuppressWarnings("unchecked") // as in get()
  public <T, P> P look(Part<T> part, Function<? super T, P> look) {
    Object now = changed.get(part);
    return now == null ? sight.look(slot(part), look) : look.apply((T) now);
  }

  @Override
  public <T> Parts with(Part<T> part, T value) {
    if (get(part).equals(value)) {
      return this;
    }
    TreeMap<Part<?>, Object> more = new TreeMap<>(changed);
    more.put(part, value);
    return new WatchedParts(sight, slots, owner, more);
  }

  @Override
  public <K> List<K> keys(Family<K, ?> family, Predicate<? super K> of) {
    TreeMap<Part<?>, K> candidates = new TreeMap<>();
    for (Slot<?> slot : sight.known(new PartSlots.Group(owner, family))) {
      add(candidates, family, ((PartSlots.Place) slot.key()).part());
    }
    changed.keySet().forEach(part -> add(candidates, family, part));
    List<K> keys = new ArrayList<>();
    candidates.forEach(
        (part, key) -> {
          if (of.test(key) && isSet(part)) {
            keys.add(key);
          }
        });
    return keys;
  }

  @Override
  public boolean hasAny(Family<?, ?> family) {
    // The first one that is there is enough, and then no other has been looked at.
    for (Part<?> part : changed.keySet()) {
      if (part.family() == family && isSet(part)) {
        return true;
      }
    }
    for (Slot<?> slot : sight.known(new PartSlots.Group(owner, family))) {
      if (isSet(((PartSlots.Place) slot.key()).part())) {
        return true;
      }
    }
    return false;
  }

  @SuppressWarnings("unchecked") // Family.of is the only way to a part, and it takes a K
  private static <K> void add(TreeMap<Part<?>, K> candidates, Family<K, ?> family, Part<?> part) {
    if (part.family() == family) {
      candidates.put(part, (K) part.key());
    }
  }

  private <T> boolean isSet(Part<T> part) {
    T initial = part.initial();
    return look(part, value -> !value.equals(initial));
  }
}
