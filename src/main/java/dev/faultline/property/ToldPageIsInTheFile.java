package dev.faultline.property;

import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.world.World;
import java.util.Optional;

/**
 * N08 of the protocol, as far as the last put of a folio follows folio-&gt;mapping: a folio whose
 * last put is told is in the page cache (Ackerley Tng on the mapping restricted for pKVM, v5).
 */
public final class ToldPageIsInTheFile implements Property {

  @Override
  public String promise() {
    return "a page whose last put is told has not left the file";
  }

  @Override
  public Optional<String> violation(Memory memory, World world) {
    for (PfnRange frames : world.gmem().callbacks().ranges(PfnRange.ALL)) {
      long attached = world.gmem().attached(frames).stream().mapToLong(IndexRange::pageCount).sum();
      if (attached < frames.pageCount()) {
        return Optional.of(
            "page "
                + world.gmem().indices(frames).start()
                + " has left the file, and its last put will still be told");
      }
    }
    return Optional.empty();
  }
}
