package dev.faultline.world;

import dev.faultline.protocol.hostio.HostIoSetup;
import dev.faultline.protocol.message.PartyId;
import java.util.Optional;

/**
 * A host user of guest memory that a scenario names.
 *
 * @param process of which further party's process it is a thread; empty for its own or the VMM's
 */
public record HostUser(PartyId id, HostIoSetup.Kind kind, Optional<PartyId> process) {}
