package dev.faultline.explore.yardstick;

import dev.faultline.explore.Actor;
import dev.faultline.explore.Moves;
import dev.faultline.explore.Sight;
import dev.faultline.explore.yardstick.Yardstick.Answer;
import dev.faultline.explore.yardstick.Yardstick.Guest;
import dev.faultline.explore.yardstick.Yardstick.Kvm;
import dev.faultline.explore.yardstick.Yardstick.Page;
import dev.faultline.explore.yardstick.Yardstick.Share;
import dev.faultline.explore.yardstick.Yardstick.Vmm;

/** The VMM: unmaps DMA if it likes, calls the ioctl, and retries or fails if it is refused. */
record VmmActor() implements Actor {

  @Override
  public String party() {
    return "vmm";
  }

  @Override
  public void act(Sight sight, Moves moves) {
    switch (sight.get(Yardstick.VMM)) {
      case IDLE -> {
        if (sight.look(Yardstick.GUEST, Guest::waits)) {
          moves.to("V_Take").set(Yardstick.VMM, Vmm.PREPARE);
        }
      }
      case PREPARE -> prepare(sight, moves);
      case RETURNED -> returned(sight, moves);
      case CALL, REPLY -> {}
    }
  }

  private static void prepare(Sight sight, Moves moves) {
    if (sight.look(Yardstick.GUEST, Guest::target) == Share.PRIVATE) {
      int page = sight.look(Yardstick.GUEST, Guest::page);
      if (sight.get(Yardstick.vfio(page))) {
        Page was = sight.get(Yardstick.page(page));
        Moves.Change unpin = moves.to("V_Unpin");
        unpin.set(Yardstick.vfio(page), false);
        unpin.set(Yardstick.page(page), was.pinned(-1));
      }
    }
    if (sight.get(Yardstick.KVM) == Kvm.IDLE) {
      Moves.Change call = moves.to("V_Ioctl");
      call.set(Yardstick.VMM, Vmm.CALL);
      call.set(Yardstick.KVM, Kvm.ENTER);
    }
  }

  private static void returned(Sight sight, Moves moves) {
    switch (sight.get(Yardstick.ANSWER)) {
      case OK -> to(moves, "V_Ok", Vmm.REPLY);
      case AGAIN -> {
        to(moves, "V_Retry", Vmm.PREPARE);
        to(moves, "V_Fail", Vmm.REPLY);
      }
      case NONE -> {}
    }
  }

  private static void to(Moves moves, String label, Vmm vmm) {
    Moves.Change change = moves.to(label);
    change.set(Yardstick.VMM, vmm);
    change.set(Yardstick.ANSWER, Answer.NONE);
  }
}
