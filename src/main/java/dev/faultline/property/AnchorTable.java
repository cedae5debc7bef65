package dev.faultline.property;

import dev.faultline.protocol.anchor.AnchorState;
import dev.faultline.protocol.anchor.Entry;
import dev.faultline.protocol.design.Anchor;
import dev.faultline.protocol.design.PageState;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.Run;
import dev.faultline.world.Parties;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What the trust anchor keeps of the pages of a world, as properties ask for it. */
final class AnchorTable {

  private AnchorTable() {}

  static Anchor design(World world) {
    return world.setup().mode().anchor();
  }

  static AnchorState state(World world) {
    return (AnchorState) world.state(Parties.ANCHOR);
  }

  /** Frames that the anchor keeps in some states, with the state. */
  record Kept(PfnRange frames, PageState state) {}

  /**
   * The frames among some that the anchor keeps in a state that shows something. Model: a world has
   * one slot, so index and guest frame agree.
   */
  static List<Kept> kept(World world, PfnRange frames, Predicate<PageState> wanted) {
    List<Kept> kept = new ArrayList<>();
    IndexRange pages = world.gmem().indices(frames);
    for (Run<GfnRange, Entry> run :
        state(world).pages().runs(new GfnRange(pages.start(), pages.end()))) {
      PageState is = design(world).state(run.value().state());
      Optional<PfnRange> same =
          PfnRange.behind(run.range(), run.value().offset()).intersect(frames);
      if (same.isPresent() && wanted.test(is)) {
        kept.add(new Kept(same.get(), is));
      }
    }
    return kept;
  }

  /** Whether a call about some of the frames waits for inodes: its caller is not answered yet. */
  static boolean isPending(World world, PfnRange frames) {
    IndexRange pages = world.gmem().indices(frames);
    return state(world)
        .pending()
        .filter(call -> call.range().overlaps(new GfnRange(pages.start(), pages.end())))
        .isPresent();
  }

  /** The page of the file that frames begin with. */
  static long page(World world, PfnRange frames) {
    return world.gmem().indices(frames).start();
  }
}
