package dev.faultline.world;

import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import java.util.Optional;

/** The only ways in which a world changes. */
public sealed interface Step {

  /** Which way of a choice it takes; 0 where there is none. */
  default int alternative() {
    return 0;
  }

  /**
   * The oldest message of a channel arrives.
   *
   * @param alternative which one, where the receiver's decision is a choice; otherwise 0
   */
  record Deliver(Channel channel, int alternative) implements Step {}

  /** A task that can move takes its next step. */
  record Advance(PartyId party, TaskId task, int alternative) implements Step {}

  /** A party's script starts its next operation. */
  record Tick(PartyId party) implements Step {}

  /**
   * A process dies.
   *
   * @param victim who dies
   * @param by whose script says so; empty where a scenario leaves it open that processes die
   */
  record Kill(PartyId victim, Optional<PartyId> by) implements Step {}
}
