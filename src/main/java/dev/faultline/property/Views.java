package dev.faultline.property;

import dev.faultline.protocol.design.Site;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.View;
import dev.faultline.world.World;
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

  public static boolean isPrivate(World world, long page) {
    return !privates(world, new IndexRange(page, page + 1)).isEmpty();
  }
}
