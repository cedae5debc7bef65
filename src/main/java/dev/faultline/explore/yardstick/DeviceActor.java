package dev.faultline.explore.yardstick;

import dev.faultline.explore.Actor;
import dev.faultline.explore.Moves;
import dev.faultline.explore.Sight;
import dev.faultline.explore.yardstick.Yardstick.Lock;
import dev.faultline.explore.yardstick.Yardstick.Page;

/**
 * VFIO: maps and unmaps pages for DMA.
 *
 * @param pages there are
 */
record DeviceActor(int pages) implements Actor {

  @Override
  public String party() {
    return "vfio";
  }

  @Override
  public void act(Sight sight, Moves moves) {
    for (int page = 0; page < pages; page++) {
      Page was = sight.get(Yardstick.page(page));
      if (sight.get(Yardstick.vfio(page))) {
        Moves.Change unmap = moves.to("D_Unmap(" + page + ")");
        unmap.set(Yardstick.vfio(page), false);
        unmap.set(Yardstick.page(page), was.pinned(-1));
      } else if (was.faultable()
          && was.pins() < Yardstick.MAX_PINS
          && !sight.look(Yardstick.LOCK, Lock::writer)) {
        Moves.Change map = moves.to("D_Map(" + page + ")");
        map.set(Yardstick.vfio(page), true);
        map.set(Yardstick.page(page), was.mapped(true).pinned(1));
      }
    }
  }
}
