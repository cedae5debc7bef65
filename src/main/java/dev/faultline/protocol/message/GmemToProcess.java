package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.IndexRange;
import java.util.Optional;

/** What the system calls of {@link ProcessToGmem} return, and what the file tells later. */
public sealed interface GmemToProcess extends ToVmm, ToHostIo {

  /**
   * The call returned.
   *
   * @param result Ok, or Failed with error_offset's page where the revision reports one
   * @param shows what the blocking folio shows, where the revision tells it
   */
  record Returned(Result result, Optional<Shows> shows) implements GmemToProcess {}

  /** What blocked a conversion of this range is gone. Model: see CancelConversion. */
  record Unblocked(IndexRange range) implements GmemToProcess {}
}
