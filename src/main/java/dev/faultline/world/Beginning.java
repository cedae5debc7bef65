package dev.faultline.world;

import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.message.PartyId;
import java.util.List;

/**
 * What has been before a world's first step, where a scenario says which pages are there then.
 *
 * @param calls the calls of the VMM that gave memory its first view
 * @param pages what the page cache had after them; no page twice
 */
public record Beginning(List<ScriptLine> calls, List<Present> pages) {

  /** Nothing has been: the file is empty, and the calls are still to be made. */
  public static final Beginning NONE = new Beginning(List.of(), List.of());

  public Beginning {
    calls = List.copyOf(calls);
    pages = List.copyOf(pages);
  }

  /**
   * Pages in the page cache that have been written to.
   *
   * @param pages all of one view
   * @param value the byte in each, 0..255
   * @param mappedBy the address spaces whose page tables have them
   * @param mappedByGuest KVM has them mapped for the guest, by their view
   * @param pinnedBy the host users that have them pinned, each once
   */
  public record Present(
      GfnRange pages,
      int value,
      List<PartyId> mappedBy,
      boolean mappedByGuest,
      List<PartyId> pinnedBy) {

    public Present {
      mappedBy = List.copyOf(mappedBy);
      pinnedBy = List.copyOf(pinnedBy);
    }
  }
}
