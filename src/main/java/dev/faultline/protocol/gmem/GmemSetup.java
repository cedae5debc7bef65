package dev.faultline.protocol.gmem;

import dev.faultline.protocol.Chance;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.View;
import java.util.List;

/**
 * What is fixed about an inode for the life of a world.
 *
 * @param pageCount the file's size in 4 KiB pages; it never changes
 * @param firstPfn the frame of its first page; frames of different inodes do not meet
 * @param privateMemory the VM has private memory; otherwise no page can become private
 * @param initialView the attribute of every index at creation
 * @param bindings memslots that are bound to the file
 * @param open what may happen besides the usual
 */
public record GmemSetup(
    long pageCount,
    long firstPfn,
    boolean privateMemory,
    View initialView,
    List<Binding> bindings,
    List<Chance> open) {

  public GmemSetup {
    bindings = List.copyOf(bindings);
    open = List.copyOf(open);
    if (pageCount < 1 || pageCount >= 1L << 40) {
      throw new IllegalArgumentException("a file of " + pageCount + " pages");
    }
  }

  /** All of the file. */
  public IndexRange whole() {
    return new IndexRange(0, pageCount);
  }

  /**
   * A memslot of a VM that shows pages of the file.
   *
   * @param index the part of the file that is bound
   */
  public record Binding(PartyId vm, IndexRange index) {}
}
