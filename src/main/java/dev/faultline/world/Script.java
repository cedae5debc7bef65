package dev.faultline.world;

import dev.faultline.protocol.message.PartyId;
import java.util.List;

/** What a party does of its own, line after line. Scripts of different parties run side by side. */
public record Script(PartyId party, List<ScriptLine> lines) {

  public Script {
    lines = List.copyOf(lines);
  }
}
