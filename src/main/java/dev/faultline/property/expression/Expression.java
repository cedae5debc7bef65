package dev.faultline.property.expression;

import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.world.World;
import dev.faultline.world.WorldSetup;
import java.util.Optional;

/**
 * Something that a person says of a world, in words: "page 0 is private and mapped by app".
 *
 * @param text as it was written
 * @param condition what it means
 */
public record Expression(String text, Condition condition) {

  /** What can be said, on one screen. */
  public static final String HELP =
      """
      An EXPRESSION says something of a state. It has and, or, not, ( ) as usual.

      page 0, page 2 MiB, pages 0..3 (0 to 3), pages 2 MiB..4 MiB (not the one at 4),
      any page, no page, all pages, any page of 0..3; behind them "of shmem" where
      shared memory is a file of its own
        is private | shared               by the attributes that the revision goes by
        is private for gmem | kvm | vmm | guest
                                          by the inode's attributes, by the VM's, by
                                          the VMM's map, in the belief of a vCPU
        is accepted | pending | blocked   in the trust anchor's table
        is accepted by guest              as the guest believes
        is mapped [by app]                in a host page table, of that process
        is guest-mapped [as private | as shared]
        is pinned [by nic]                by a pin that may reach the bytes
        is dma-mapped [by nic]            in the IOMMU
        is cached | uptodate | locked     in the page cache; zeroed or written; its
                                          folio lock is held
        is faultable | detached           open to host faults; an old frame of it left
                                          the file while it was referenced
        holds 7                           the byte that its next reader finds
        has pins > 0                      pins, references (neither pin nor mapping),
                                          mapcount, refcount; = != < <= > >=
      What follows after and, or is of the same page: any page is pinned and private.

      take-back = EAGAIN at page 512      how a line of a script ended: ok, a value,
                                          SIGBUS, died, memory-fault, vm-dead, MMIO,
                                          or an errno, with the page that it names
      touch != ok, read > 6               it has ended, and so
      take-back started | ended | is under way | was refused [with EAGAIN]
      guest ended                         all lines of a party's script have
      app is dead, kvm is dead, guest is stopped
      gmem refused, a call was refused    at some time before
      gmem refuses [EAGAIN], a call is refused [with EAGAIN], a conversion is refused
      [with EAGAIN]                       now: the no is on its way to the caller
      gmem holds invalidate [exclusive | shared]
      invalidate is free | held [exclusive | shared] [by convert.to-private]
      host-fault is under way | at get-folio
      convert.to-private waits for invalidate | holds invalidate [exclusive | shared]
                                          operations, acts and locks as in
                                          conf/revision; also a conversion (agree.*,
                                          too), a fault, an operation
      A name that is also one of these words: line NAME, party NAME, lock NAME.
      """;

  /** Reads a text. Names are looked up in the setup: an expression is about worlds of that one. */
  public static Parsed parse(String text, WorldSetup setup) {
    try {
      return new Parsed.Right(new Expression(text.strip(), Parser.parse(text, setup)));
    } catch (Wrong wrong) {
      return new Parsed.Wrong(wrong.mistake());
    }
  }

  /** Whether it is so in a world of the setup that it was read for. */
  public boolean holds(World world) {
    return condition.holds(world);
  }

  /** The first pages that show that it is so, or that it is not, if it is about pages. */
  Optional<IndexRange> witness(World world, boolean so) {
    return condition.witness(world, so);
  }

  @Override
  public String toString() {
    return text;
  }
}
