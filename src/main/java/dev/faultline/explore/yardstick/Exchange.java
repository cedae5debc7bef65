package dev.faultline.explore.yardstick;

import dev.faultline.explore.Slot;
import dev.faultline.explore.Symmetry;
import dev.faultline.explore.yardstick.Yardstick.Guest;
import dev.faultline.explore.yardstick.Yardstick.Host;
import java.util.List;

/**
 * Pages and threads in another order.
 *
 * @param pageTo what becomes of each page
 * @param threadTo what becomes of each thread
 */
record Exchange(List<Integer> pageTo, List<Integer> threadTo) implements Symmetry {

  @Override
  public Slot<?> slot(Slot<?> slot) {
    return switch (slot.family()) {
      case "page" -> Yardstick.page(pageTo.get((Integer) slot.key()));
      case "vfio" -> Yardstick.vfio(pageTo.get((Integer) slot.key()));
      case "host" -> Yardstick.host(threadTo.get((Integer) slot.key()));
      default -> slot;
    };
  }

  @Override
  public Object value(Slot<?> slot, Object value) {
    return switch (value) {
      case Guest(boolean waits, int page, var target) -> new Guest(waits, to(page), target);
      case Host(var at, int page) -> new Host(at, to(page));
      default -> value;
    };
  }

  private int to(int page) {
    return page < 0 ? page : pageTo.get(page);
  }
}
