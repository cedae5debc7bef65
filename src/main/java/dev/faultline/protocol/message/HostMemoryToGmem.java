package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.IndexRange;

/**
 * What falls on a gmem file out of an address space. The inode answers the caller itself.
 *
 * <p>Model: the address space does not hold mmap_lock until the answer; nothing that changes
 * mappings can come in between.
 */
public sealed interface HostMemoryToGmem extends ToGmem {

  /** A load or store at a page of the file. */
  record Touch(PartyId memory, IndexRange range, Access access, Endpoint caller)
      implements HostMemoryToGmem {}

  /** Remove the page table entries that this address space has for the range. */
  record Zap(PartyId memory, IndexRange range, Endpoint caller) implements HostMemoryToGmem {}

  /** get_user_pages on the file's pages through this address space. */
  record GetUserPages(PartyId memory, IndexRange range, boolean fast, Foll foll, Endpoint caller)
      implements HostMemoryToGmem {}

  /** The address space is gone: all its page table entries for the file go. */
  record ExitMmap(PartyId memory) implements HostMemoryToGmem {}
}
