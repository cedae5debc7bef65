package dev.faultline.property.expression;

import dev.faultline.protocol.LockState;
import dev.faultline.protocol.design.Lock;
import dev.faultline.protocol.design.LockMode;
import dev.faultline.protocol.design.Site;
import dev.faultline.protocol.gmem.Folio;
import dev.faultline.protocol.gmem.GmemState;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.world.Parties;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.List;

/** Who holds the kernel's locks in a world. */
final class Locks {

  private Locks() {}

  /** A task that holds a lock. */
  record Holder(PartyId party, TaskId task, LockMode mode) {}

  /** The parties that have a lock of this kind. */
  static List<PartyId> owners(World world, Lock lock) {
    return lock.site() == Site.KVM ? List.of(Parties.KVM) : Operations.inodes(world);
  }

  /** Who holds a lock of a party. */
  static List<Holder> holders(World world, Lock lock, PartyId owner) {
    return switch (lock) {
      case SLOTS, MMU -> holders(owner, world.kvm().lock(lock));
      case INVALIDATE -> holders(owner, ((GmemState) world.state(owner)).invalidateLock());
      case FOLIO -> holdersOfFolios(world, owner);
    };
  }

  private static List<Holder> holders(PartyId owner, LockState lock) {
    List<Holder> holders = new ArrayList<>();
    lock.exclusive().ifPresent(task -> holders.add(new Holder(owner, task, LockMode.EXCLUSIVE)));
    lock.shared().forEach(task -> holders.add(new Holder(owner, task, LockMode.SHARED)));
    return holders;
  }

  private static List<Holder> holdersOfFolios(World world, PartyId owner) {
    List<Holder> holders = new ArrayList<>();
    IndexRange whole = new IndexRange(0, world.setup().pageCount());
    for (Run<IndexRange, Folio> run : ((GmemState) world.state(owner)).folios(whole)) {
      run.value()
          .lockedBy()
          .ifPresent(task -> holders.add(new Holder(owner, task, LockMode.EXCLUSIVE)));
    }
    return holders;
  }

  /** Whether a task that takes a lock next has to wait for it. */
  static boolean keepsOut(World world, Lock lock, LockMode mode, PartyId owner, TaskId task) {
    return holders(world, lock, owner).stream()
        .filter(holder -> !holder.task().equals(task))
        .anyMatch(holder -> mode == LockMode.EXCLUSIVE || holder.mode() == LockMode.EXCLUSIVE);
  }
}
