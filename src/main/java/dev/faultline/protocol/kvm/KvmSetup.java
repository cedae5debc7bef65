package dev.faultline.protocol.kvm;

import dev.faultline.protocol.Chance;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.message.PartyId;
import java.util.List;
import java.util.Optional;

/**
 * What is fixed about a VM for the life of a world.
 *
 * @param vcpus its vCPUs; the n-th is task n + 1 of KVM
 * @param vmm who runs them
 * @param sharesMemory who else runs in the VMM's address space, kvm-&gt;mm
 * @param vmmMemory the address space that slots' user addresses lie in
 * @param anchor the trust anchor
 * @param slots memslots with a gmem binding
 * @param open what may happen besides the usual
 */
public record KvmSetup(
    List<PartyId> vcpus,
    PartyId vmm,
    List<PartyId> sharesMemory,
    PartyId vmmMemory,
    PartyId anchor,
    List<Slot> slots,
    List<Chance> open) {

  public KvmSetup {
    vcpus = List.copyOf(vcpus);
    sharesMemory = List.copyOf(sharesMemory);
    slots = List.copyOf(slots);
    open = List.copyOf(open);
  }

  /**
   * A memslot.
   *
   * @param gfns the guest frames it covers
   * @param gmem the inode behind it
   * @param firstIndex gmem.pgoff
   */
  public record Slot(GfnRange gfns, PartyId gmem, long firstIndex) {

    IndexRange indices(GfnRange range) {
      return new IndexRange(
          range.start() - gfns.start() + firstIndex, range.end() - gfns.start() + firstIndex);
    }

    GfnRange frames(IndexRange range) {
      return new GfnRange(
          range.start() - firstIndex + gfns.start(), range.end() - firstIndex + gfns.start());
    }
  }

  /** The slot that holds the first page of a range. */
  Optional<Slot> slot(GfnRange range) {
    return slots.stream().filter(slot -> slot.gfns().contains(range.start())).findFirst();
  }

  Slot slotOf(PartyId gmem) {
    return slots.stream()
        .filter(slot -> slot.gmem().equals(gmem))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(gmem + " is bound to no slot"));
  }
}
