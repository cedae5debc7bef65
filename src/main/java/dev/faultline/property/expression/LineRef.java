package dev.faultline.property.expression;

import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.Result;
import dev.faultline.world.ScriptState;
import dev.faultline.world.World;
import java.util.Objects;
import java.util.Optional;

/**
 * A line of a script.
 *
 * @param index its place in the party's script, from 0
 */
record LineRef(PartyId party, int index, String name) {

  private ScriptState script(World world) {
    return Objects.requireNonNull(world.scripts().get(party));
  }

  /** How it ended, if it has. */
  Optional<Result> result(World world) {
    ScriptState script = script(world);
    return index < script.results().size()
        ? Optional.of(script.results().get(index))
        : Optional.empty();
  }

  boolean isUnderWay(World world) {
    ScriptState script = script(world);
    return script.running() && script.at() == index;
  }
}
