package dev.faultline.property;

import dev.faultline.protocol.design.Act;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.design.Site;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.View;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.List;

/** What is private, by the attributes that the world's revision goes by. */
public final class Views {

  private Views() {}

  /** The private pages of a range. Model: a world has one slot, so index and guest frame agree. */
  public static List<IndexRange> privates(World world, IndexRange range) {
    return switch (world.setup().revision().attributes()) {
      case Site.GMEM ->
          world.gmem().attributes().runs(range).stream()
              .filter(run -> run.value() == View.PRIVATE)
              .map(Run::range)
              .toList();
      case Site.KVM ->
          world.kvm().privateAttribute().ranges(new GfnRange(range.start(), range.end())).stream()
              .map(frames -> new IndexRange(frames.start(), frames.end()))
              .toList();
    };
  }

  /**
   * The pages of a range that the host must not reach. Where the VM's attributes and the inode's
   * faultability both have a say, a conversion to shared allows faults before it stores the
   * attribute (RFC v1, patch 29), so a page is closed only if both close it.
   */
  static List<IndexRange> closedToHost(World world, IndexRange range) {
    List<IndexRange> privates = privates(world, range);
    boolean both =
        world.setup().revision().attributes() == Site.KVM
            && world.setup().revision().program(Operation.HOST_FAULT).acts().stream()
                .anyMatch(act -> act instanceof Act.RefuseForbidden);
    if (!both) {
      return privates;
    }
    List<IndexRange> closed = new ArrayList<>();
    for (IndexRange part : privates) {
      closed.addAll(world.gmem().faultable().gaps(part));
    }
    return closed;
  }

  /** Whether a page, counted from 0, is private by the attribute that the revision asks. */
  public static boolean isPrivate(World world, long page) {
    return !privates(world, new IndexRange(page, page + 1)).isEmpty();
  }
}
