package dev.faultline.property.expression;

import dev.faultline.property.Property;
import dev.faultline.world.Parties;
import dev.faultline.world.Script;
import dev.faultline.world.World;
import java.util.Optional;

/**
 * What a scenario promises of itself. It speaks of the story: of states in which memory has its
 * first view, not of the calls before that bring it there.
 */
public sealed interface Promise {

  /** The name that the scenario gives it; without one, what it says: never "page 0 is private". */
  String name();

  Expression expression();

  /** The line of the scenario's file, from 1. */
  int line();

  /** It is so in every state. */
  record Always(String name, Expression expression, int line) implements Promise {}

  /** It is so in no state. */
  record Never(String name, Expression expression, int line) implements Promise {}

  /** It is so in some state of some run; if a search finds none, it has searched for nothing. */
  record Sometimes(String name, Expression expression, int line) implements Promise {}

  /** It is so in some state of every run that is fair. */
  record Eventually(String name, Expression expression, int line) implements Promise {}

  /** The word of scenarios. */
  default String word() {
    return switch (this) {
      case Always _ -> "always";
      case Never _ -> "never";
      case Sometimes _ -> "sometimes";
      case Eventually _ -> "eventually";
    };
  }

  /** All of it, as the scenario has it: never "page 0 is private". */
  default String text() {
    return word() + " \"" + expression() + "\"";
  }

  /** Whether a state is one of the story, and its expression is so there. */
  default boolean isSeen(World world) {
    return hasBegun(world) && expression().holds(world);
  }

  /** What is checked in each state, for a promise of which a state alone can tell that it broke. */
  default Optional<Property> property() {
    return switch (this) {
      case Always _, Never _ -> Optional.of(new Stated(this));
      case Sometimes _, Eventually _ -> Optional.empty();
    };
  }

  /** Whether memory has its first view: the VMM's script has made the calls for it. */
  static boolean hasBegun(World world) {
    for (Script script : world.setup().scripts()) {
      if (script.party().equals(Parties.VMM)) {
        long calls = script.lines().stream().filter(line -> line.line() == 0).count();
        return calls == 0 || world.scripts().get(Parties.VMM).results().size() >= calls;
      }
    }
    return true;
  }
}
