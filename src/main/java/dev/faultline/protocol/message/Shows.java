package dev.faultline.protocol.message;

/**
 * What a folio shows to whoever looks at it: enough to say that it is in use, never who uses it.
 *
 * @param mapped folio_mapped(): some host page table has it
 * @param maybeDmaPinned folio_maybe_dma_pinned()
 * @param referenced the count is above what page cache, mappings and pins explain
 */
public record Shows(boolean mapped, boolean maybeDmaPinned, boolean referenced) {}
