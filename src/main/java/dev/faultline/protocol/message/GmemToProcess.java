package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.IndexRange;
import java.util.Optional;

/** What the system calls of {@link ProcessToGmem} return, and what the file tells later. */
public sealed interface GmemToProcess extends ToVmm, ToHostIo {

  /**
   * The call returned.
   *
   * @param result Ok; or Failed with the errno that {@link ProcessToGmem} states there, and with
   *     error_offset's page where the revision reports one (v8, patch 13)
   * @param shows what the blocking folio shows, where the revision tells it
   */
  record Returned(Result result, Optional<Shows> shows) implements GmemToProcess {}

  /**
   * What blocked a conversion of this range is gone: sent once, to the caller of the conversion
   * that was refused, where the revision's check-references notifies. Model: no posted series has
   * it; see {@link ProcessToGmem.CancelConversion}.
   */
  record Unblocked(IndexRange range) implements GmemToProcess {}
}
