package dev.faultline.explore.yardstick;

import dev.faultline.explore.Actor;
import dev.faultline.explore.Moves;
import dev.faultline.explore.Sight;
import dev.faultline.explore.Slot;
import dev.faultline.explore.yardstick.Yardstick.At;
import dev.faultline.explore.yardstick.Yardstick.Host;
import dev.faultline.explore.yardstick.Yardstick.Lock;
import dev.faultline.explore.yardstick.Yardstick.Page;

/**
 * A thread of the host: faults pages in, takes pins by GUP-fast.
 *
 * @param thread which
 * @param pages there are
 */
record HostActor(int thread, int pages) implements Actor {

  @Override
  public String party() {
    return "host " + thread;
  }

  private Slot<Host> self() {
    return Yardstick.host(thread);
  }

  @Override
  public void act(Sight sight, Moves moves) {
    Host host = sight.get(self());
    switch (host.at()) {
      case IDLE -> begin(sight, moves);
      case FAULT -> {
        Lock lock = sight.get(Yardstick.LOCK);
        Moves.Change end = end(moves, "H_FaultEnd", sight, host, page(sight, host).mapped(true));
        end.set(Yardstick.LOCK, new Lock(lock.writer(), lock.readers() - 1));
      }
      case SIGBUS -> moves.to("H_SigAck(" + thread + ")").set(self(), Host.IDLE);
      case GUP -> {
        if (page(sight, host).pins() < Yardstick.MAX_PINS) {
          Moves.Change take = moves.to("H_GupTake(" + thread + ")");
          take.set(Yardstick.page(host.page()), page(sight, host).pinned(1));
          take.set(self(), new Host(At.CHECK, host.page()));
        } else {
          moves.to("H_GupFull(" + thread + ")").set(self(), Host.IDLE);
        }
      }
      case CHECK -> {
        if (page(sight, host).mapped()) {
          moves.to("H_GupOk(" + thread + ")").set(self(), new Host(At.PINNED, host.page()));
        } else {
          end(moves, "H_GupBack", sight, host, page(sight, host).pinned(-1));
        }
      }
      case PINNED -> end(moves, "H_Unpin", sight, host, page(sight, host).pinned(-1));
    }
  }

  private void begin(Sight sight, Moves moves) {
    for (int page = 0; page < pages; page++) {
      String where = "(" + thread + "," + page + ")";
      if (sight.look(Yardstick.page(page), Page::mapped)) {
        moves.to("H_GupRead" + where).set(self(), new Host(At.GUP, page));
      } else {
        Lock lock = sight.get(Yardstick.LOCK);
        if (!lock.writer() && sight.look(Yardstick.page(page), Page::faultable)) {
          Moves.Change fault = moves.to("H_FaultBegin" + where);
          fault.set(self(), new Host(At.FAULT, page));
          fault.set(Yardstick.LOCK, new Lock(false, lock.readers() + 1));
        } else if (!lock.writer()) {
          moves.to("H_Sigbus" + where).set(self(), new Host(At.SIGBUS, -1));
        }
      }
    }
  }

  private static Page page(Sight sight, Host host) {
    return sight.get(Yardstick.page(host.page()));
  }

  private Moves.Change end(Moves moves, String label, Sight sight, Host host, Page page) {
    Moves.Change change = moves.to(label + "(" + thread + ")");
    change.set(Yardstick.page(host.page()), page);
    change.set(self(), Host.IDLE);
    return change;
  }
}
