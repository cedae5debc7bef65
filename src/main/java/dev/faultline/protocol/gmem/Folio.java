package dev.faultline.protocol.gmem;

import dev.faultline.protocol.message.TaskId;
import java.util.Optional;

/**
 * What struct folio shows of one page of the file. Runs of pages that show the same are one entry.
 *
 * @param generation 0 for the first frame at this index; a frame that was punched out while it was
 *     referenced keeps its number, and its successor takes the lowest free one
 * @param uptodate zeroed or written since it was allocated
 * @param pins references that get_user_pages took with FOLL_PIN. Model: a pin counts 1; an order-0
 *     folio counts GUP_PIN_COUNTING_BIAS, 1024, for each, and looks pinned with as many plain
 *     references
 * @param references other references beyond those of page cache and mappings: faults under way
 * @param lockedBy the task that holds the folio lock
 */
public record Folio(
    int generation, boolean uptodate, int pins, int references, Optional<TaskId> lockedBy) {

  public Folio {
    if (pins < 0 || references < 0) {
      throw new IllegalStateException("a folio's count fell below zero");
    }
  }

  static Folio fresh(int generation) {
    return new Folio(generation, false, 0, 0, Optional.empty());
  }

  Folio withUptodate(boolean value) {
    return new Folio(generation, value, pins, references, lockedBy);
  }

  Folio pinned(int by) {
    return new Folio(generation, uptodate, pins + by, references, lockedBy);
  }

  Folio referenced(int by) {
    return new Folio(generation, uptodate, pins, references + by, lockedBy);
  }

  Folio locked(Optional<TaskId> by) {
    return new Folio(generation, uptodate, pins, references, by);
  }

  /** References that neither the page cache nor a page table accounts for. */
  public int extra() {
    return pins + references;
  }
}
