package dev.faultline.explore.yardstick;

import dev.faultline.explore.Actor;
import dev.faultline.explore.Moves;
import dev.faultline.explore.Sight;
import dev.faultline.explore.yardstick.Yardstick.Answer;
import dev.faultline.explore.yardstick.Yardstick.Bug;
import dev.faultline.explore.yardstick.Yardstick.Guest;
import dev.faultline.explore.yardstick.Yardstick.Kvm;
import dev.faultline.explore.yardstick.Yardstick.Lock;
import dev.faultline.explore.yardstick.Yardstick.Page;
import dev.faultline.explore.yardstick.Yardstick.Share;
import dev.faultline.explore.yardstick.Yardstick.Vmm;

/** A conversion in the kernel, an act at a time. */
record KvmActor(Bug bug) implements Actor {

  @Override
  public String party() {
    return "kvm";
  }

  @Override
  public void act(Sight sight, Moves moves) {
    Kvm at = sight.get(Yardstick.KVM);
    switch (at) {
      case IDLE -> {}
      case ENTER -> enter(sight, moves);
      case LOCKED -> {
        if (sight.look(Yardstick.GUEST, Guest::target) == Share.PRIVATE) {
          change(moves, "K_Clear", sight, page(sight).faultable(false), Kvm.CLEARED);
        } else {
          change(moves, "K_Share", sight, page(sight).with(Share.SHARED), Kvm.SHARED);
        }
      }
      case CLEARED -> {
        if (bug != Bug.CHECK_BEFORE_UNMAP) {
          change(moves, "K_Unmap", sight, page(sight).mapped(false), Kvm.UNMAPPED);
        } else if (page(sight).pins() == 0) {
          moves.to("B1_CheckOk").set(Yardstick.KVM, Kvm.UNMAPPED);
        } else {
          refuse(sight, moves, "B1_CheckBusy");
        }
      }
      case UNMAPPED -> {
        if (bug == Bug.CHECK_BEFORE_UNMAP) {
          Page converted = page(sight).mapped(false).with(Share.PRIVATE);
          answer(change(moves, "B1_UnmapCommit", sight, converted, Kvm.UNLOCK), Answer.OK);
        } else if (page(sight).pins() == 0) {
          answer(
              change(moves, "K_Commit", sight, page(sight).with(Share.PRIVATE), Kvm.UNLOCK),
              Answer.OK);
        } else {
          refuse(sight, moves, "K_Busy");
        }
      }
      case SHARED ->
          answer(
              change(moves, "K_Allow", sight, page(sight).faultable(true), Kvm.UNLOCK), Answer.OK);
      case UNLOCK -> {
        Moves.Change unlock = moves.to("K_Unlock");
        unlock.set(Yardstick.LOCK, new Lock(false, sight.get(Yardstick.LOCK).readers()));
        unlock.set(Yardstick.KVM, Kvm.IDLE);
        unlock.set(Yardstick.VMM, Vmm.RETURNED);
      }
    }
  }

  private void enter(Sight sight, Moves moves) {
    Lock lock = sight.get(Yardstick.LOCK);
    if (bug == Bug.LOCK_IGNORES_READERS ? !lock.writer() : lock.isFree()) {
      Moves.Change locked = moves.to("K_Lock");
      locked.set(Yardstick.LOCK, new Lock(true, lock.readers()));
      locked.set(Yardstick.KVM, Kvm.LOCKED);
    }
  }

  private void refuse(Sight sight, Moves moves, String label) {
    Page page = page(sight);
    boolean forbidden = bug == Bug.REFUSAL_LEAVES_FAULTS_FORBIDDEN;
    answer(
        change(moves, label, sight, forbidden ? page : page.faultable(true), Kvm.UNLOCK),
        Answer.AGAIN);
  }

  private static Page page(Sight sight) {
    return sight.get(Yardstick.page(asked(sight)));
  }

  private static int asked(Sight sight) {
    return sight.look(Yardstick.GUEST, Guest::page);
  }

  private static Moves.Change change(Moves moves, String label, Sight sight, Page page, Kvm next) {
    Moves.Change change = moves.to(label);
    change.set(Yardstick.page(asked(sight)), page);
    change.set(Yardstick.KVM, next);
    return change;
  }

  private static void answer(Moves.Change change, Answer answer) {
    change.set(Yardstick.ANSWER, answer);
  }
}
