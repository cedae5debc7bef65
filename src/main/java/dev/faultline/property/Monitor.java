package dev.faultline.property;

import dev.faultline.world.Turn;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which promises hold, as of a step of a run. A value.
 *
 * @param properties what is checked, in the order in which it is reported
 * @param memories what each of them remembers
 * @param broken the properties that are broken, with who and where
 * @param changes what the last step did
 */
public record Monitor(
    List<Property> properties,
    List<Property.Memory> memories,
    SortedMap<String, String> broken,
    List<Change> changes) {

  public Monitor {
    properties = List.copyOf(properties);
    memories = List.copyOf(memories);
    broken = Collections.unmodifiableSortedMap(new TreeMap<>(broken));
    changes = List.copyOf(changes);
  }

  /**
   * A property that broke, or holds again.
   *
   * @param text who breaks it and where, or the promise that holds again
   */
  public record Change(String property, boolean broken, String text) {}

  /** Before the first step; the promises are not checked yet. */
  public static Monitor start(List<Property> properties, World world) {
    return new Monitor(
        properties,
        properties.stream().map(property -> property.remember(world)).toList(),
        new TreeMap<>(),
        List.of());
  }

  /**
   * After a turn: every promise is checked.
   *
   * @param before the world that the turn was decided in
   * @param after the world after it
   */
  public Monitor after(Turn turn, World before, World after) {
    List<Property.Memory> nextMemories = new ArrayList<>();
    TreeMap<String, String> nextBroken = new TreeMap<>();
    List<Change> nextChanges = new ArrayList<>();
    for (int index = 0; index < properties.size(); index++) {
      Property property = properties.get(index);
      Property.Memory memory = property.remember(memories.get(index), turn, before, after);
      nextMemories.add(memory);
      Optional<String> violation = property.violation(memory, after);
      violation.ifPresent(text -> nextBroken.put(property.name(), text));
      boolean was = broken.containsKey(property.name());
      if (violation.isPresent() && !was) {
        nextChanges.add(new Change(property.name(), true, violation.get()));
      } else if (violation.isEmpty() && was) {
        nextChanges.add(new Change(property.name(), false, property.promise()));
      }
    }
    return new Monitor(properties, nextMemories, nextBroken, nextChanges);
  }
}
