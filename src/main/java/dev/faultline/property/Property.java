package dev.faultline.property;

import dev.faultline.world.Turn;
import dev.faultline.world.World;
import java.util.Optional;

/** A promise of the protocol. */
public interface Property {

  /** The promise as a name: PrivatePageIsNeverHostMapped. */
  default String name() {
    return getClass().getSimpleName();
  }

  /** The promise as a sentence. */
  String promise();

  /** What the property remembers of a world before its first step. */
  default Memory remember(World start) {
    return Memory.NOTHING;
  }

  /** What it remembers after a turn. */
  default Memory remember(Memory memory, Turn turn, World before, World after) {
    return memory;
  }

  /** Who breaks it, and where, if it is broken. */
  Optional<String> violation(Memory memory, World world);

  /** What a property that looks at more than one state has to remember: a value. */
  interface Memory {

    /** Nothing. */
    Memory NOTHING = new Memory() {};
  }
}
