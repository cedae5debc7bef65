package dev.faultline.world;

import dev.faultline.protocol.Decision;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import java.util.Optional;

/**
 * What a step comes to: who decides, and what.
 *
 * @param party who decides
 * @param message what it is told, where the step is a delivery or a tick
 */
public record Turn(Step step, PartyId party, Optional<Message> message, Decision<?> decision) {}
