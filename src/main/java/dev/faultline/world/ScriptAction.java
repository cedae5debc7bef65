package dev.faultline.world;

import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import java.util.Optional;

/** What a line of a script does. */
public sealed interface ScriptAction {

  /** The party is told to do something, and the script waits for its answer. */
  record Tell(Message message) implements ScriptAction {}

  /**
   * The party is a thread of the VMM and is in KVM_RUN: its vCPU is told to do something, and the
   * script waits for the vCPU's answer.
   */
  record RunVcpu(PartyId vcpu, Message message) implements ScriptAction {}

  /** Another party's process is killed. */
  record Kill(PartyId victim) implements ScriptAction {}

  /** Nothing: the line only waits. */
  record Wait() implements ScriptAction {}

  /** What someone is told, if anyone is. */
  default Optional<Message> told() {
    return switch (this) {
      case Tell(Message message) -> Optional.of(message);
      case RunVcpu(PartyId _, Message message) -> Optional.of(message);
      case Kill _, Wait _ -> Optional.empty();
    };
  }

  /**
   * Who does it.
   *
   * @param own whose script it is in
   */
  default PartyId doneBy(PartyId own) {
    return switch (this) {
      case RunVcpu(PartyId vcpu, Message _) -> vcpu;
      case Tell _, Kill _, Wait _ -> own;
    };
  }
}
