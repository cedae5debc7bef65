package dev.faultline.protocol.kvm;

import dev.faultline.protocol.Chance;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.PartyId;
import java.util.List;
import java.util.Optional;

/**
 * What is fixed about a VM for the life of a world.
 *
 * @param vcpus its vCPUs; the n-th is task n + 1 of KVM
 * @param vmm who runs them
 * @param sharesMemory who else runs in the VMM's address space, kvm-&gt;mm
 * @param anchor the trust anchor
 * @param slots its memslots; they do not overlap
 * @param inodes the inodes that its pages can come from
 * @param open what may happen besides the usual
 */
public record KvmSetup(
    List<PartyId> vcpus,
    PartyId vmm,
    List<PartyId> sharesMemory,
    PartyId anchor,
    List<Slot> slots,
    List<Inode> inodes,
    List<Chance> open) {

  public KvmSetup {
    vcpus = List.copyOf(vcpus);
    sharesMemory = List.copyOf(sharesMemory);
    slots = List.copyOf(slots);
    inodes = List.copyOf(inodes);
    open = List.copyOf(open);
  }

  /**
   * A memslot (struct kvm_memory_slot).
   *
   * @param id its number for the VMM
   * @param gfns the guest frames it covers
   * @param file the gmem file that is bound, if one is
   * @param memory the address space that its user address lies in
   * @param userPage where in that address space, in pages
   * @param readOnly KVM_MEM_READONLY: the guest's stores go to the VMM
   */
  public record Slot(
      int id,
      GfnRange gfns,
      Optional<Bound> file,
      PartyId memory,
      long userPage,
      boolean readOnly) {

    /** The file's inode, as long as the file is open. */
    Optional<PartyId> gmem() {
      return file.filter(Bound::open).map(Bound::gmem);
    }

    /** Whether an inode's file is bound to it and open. */
    public boolean shows(PartyId inode) {
      return gmem().equals(Optional.of(inode));
    }

    /** The slot once its file is closed. */
    public Slot withoutFile() {
      return new Slot(
          id,
          gfns,
          file.map(bound -> new Bound(bound.gmem(), bound.firstIndex(), bound.only(), false)),
          memory,
          userPage,
          readOnly);
    }

    /** Whether it shows some page of a file that another shows too. */
    public boolean sharesFile(Slot other) {
      return gmem().isPresent()
          && gmem().equals(other.gmem())
          && indices(gfns).overlaps(other.indices(other.gfns));
    }

    IndexRange indices(GfnRange range) {
      long first = file.orElseThrow().firstIndex();
      return new IndexRange(
          range.start() - gfns.start() + first, range.end() - gfns.start() + first);
    }

    GfnRange frames(IndexRange range) {
      long first = file.orElseThrow().firstIndex();
      return new GfnRange(range.start() - first + gfns.start(), range.end() - first + gfns.start());
    }

    /** The pages of the address space behind guest frames of this slot. */
    GfnRange user(GfnRange range) {
      return range.to(
          range.start() - gfns.start() + userPage, range.end() - gfns.start() + userPage);
    }

    /** The guest frames of this slot that show pages of its address space. */
    Optional<GfnRange> ofUser(GfnRange pages) {
      return pages
          .intersect(user(gfns))
          .map(
              part ->
                  part.to(
                      part.start() - userPage + gfns.start(),
                      part.end() - userPage + gfns.start()));
    }
  }

  /**
   * slot-&gt;gmem.
   *
   * @param firstIndex gmem.pgoff
   * @param only KVM_MEMSLOT_GMEM_ONLY: the file can be mapped, so shared pages are its too
   * @param open the file is not closed yet
   */
  public record Bound(PartyId gmem, long firstIndex, boolean only, boolean open) {}

  /** An inode and its frames: a folio knows its mapping. */
  public record Inode(PartyId gmem, PfnRange frames) {}

  /** The slot that holds the first page of a range. */
  Optional<Slot> slot(GfnRange range) {
    return slots.stream().filter(slot -> slot.gfns().contains(range.start())).findFirst();
  }

  /** The slots that an inode is bound to, in order. */
  List<Slot> slotsOf(PartyId gmem) {
    return slots.stream().filter(slot -> slot.gmem().equals(Optional.of(gmem))).toList();
  }

  /** The slot that an inode's pages are shown in. */
  Optional<Slot> slotOf(PartyId gmem, IndexRange pages) {
    return slotsOf(gmem).stream()
        .filter(slot -> slot.indices(slot.gfns()).contains(pages))
        .findFirst();
  }

  /** The inode that frames belong to. */
  PartyId owner(PfnRange frames) {
    return inodes.stream()
        .filter(inode -> inode.frames().contains(frames))
        .map(Inode::gmem)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no inode has frames " + frames));
  }
}
