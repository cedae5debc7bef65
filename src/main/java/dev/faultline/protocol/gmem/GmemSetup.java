package dev.faultline.protocol.gmem;

import dev.faultline.protocol.Chance;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.View;
import java.util.List;
import java.util.Optional;

/**
 * What is fixed about an inode for the life of a world.
 *
 * @param pageCount the file's size in 4 KiB pages; it never changes
 * @param initialView the attribute of every index at creation
 * @param bindings memslots that are bound to the file
 * @param open what may happen besides the usual
 */
public record GmemSetup(
    long pageCount, View initialView, List<Binding> bindings, List<Chance> open) {

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
   * A memslot of a VM: gfns from {@code base} on are indices of the file.
   *
   * @param index the part of the file that is bound
   * @param baseGfn the guest frame of the part's first page
   */
  public record Binding(PartyId vm, IndexRange index, long baseGfn) {

    public GfnRange gfns() {
      return new GfnRange(baseGfn, baseGfn + index.pageCount());
    }

    /** The file's pages behind guest frames of this slot. */
    public Optional<IndexRange> indices(GfnRange range) {
      return range
          .intersect(gfns())
          .map(
              part ->
                  new IndexRange(
                      part.start() - baseGfn + index.start(),
                      part.end() - baseGfn + index.start()));
    }

    /** The guest frames that show pages of the file. */
    public Optional<GfnRange> frames(IndexRange range) {
      return range
          .intersect(index)
          .map(
              part ->
                  new GfnRange(
                      part.start() - index.start() + baseGfn,
                      part.end() - index.start() + baseGfn));
    }
  }
}
