package dev.faultline.world;

import dev.faultline.protocol.hostio.HostIoSetup;
import dev.faultline.protocol.message.PartyId;
import java.util.Optional;

/**
 * A host user of guest memory that a scenario names.
 *
 * @param process of which further party's process it is a thread; empty for its own or the VMM's
 * @param catchesSigbus a SIGBUS ends its operation and not its process
 */
public record HostUser(
    PartyId id, HostIoSetup.Kind kind, Optional<PartyId> process, boolean catchesSigbus) {

  /** One whose process dies of SIGBUS. */
  public HostUser(PartyId id, HostIoSetup.Kind kind, Optional<PartyId> process) {
    this(id, kind, process, false);
  }
}
