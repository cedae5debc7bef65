package dev.faultline.explore.yardstick;

import dev.faultline.explore.Actor;
import dev.faultline.explore.Moves;
import dev.faultline.explore.Sight;
import dev.faultline.explore.yardstick.Yardstick.Guest;
import dev.faultline.explore.yardstick.Yardstick.Share;
import dev.faultline.explore.yardstick.Yardstick.Vmm;

/**
 * The guest: asks for the other kind of a page, waits, goes on.
 *
 * @param pages it can ask for
 */
record GuestActor(int pages) implements Actor {

  @Override
  public String party() {
    return "guest";
  }

  @Override
  public void act(Sight sight, Moves moves) {
    if (!sight.get(Yardstick.GUEST).waits()) {
      for (int page = 0; page < pages; page++) {
        Share share = sight.look(Yardstick.page(page), Yardstick.Page::share);
        Share other = share == Share.PRIVATE ? Share.SHARED : Share.PRIVATE;
        moves.to("G_Req(" + page + ")").set(Yardstick.GUEST, new Guest(true, page, other));
      }
    } else if (sight.get(Yardstick.VMM) == Vmm.REPLY) {
      Moves.Change done = moves.to("G_Done");
      done.set(Yardstick.GUEST, Yardstick.GUEST.initial());
      done.set(Yardstick.VMM, Vmm.IDLE);
    }
  }
}
