package dev.faultline.protocol.gmem;

import dev.faultline.protocol.Chance;
import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.View;
import java.util.List;
import java.util.Optional;

/**
 * What is fixed about an inode for the life of a world.
 *
 * @param pageCount the file's size in 4 KiB pages; it never changes
 * @param firstPfn the frame of its first page; frames of different inodes do not meet
 * @param privateMemory the VM has private memory; otherwise no page can become private
 * @param initialView the attribute of every index at creation
 * @param hostFaults whether host faults are let through before any call
 * @param bindings memslots that are bound to the file
 * @param processes who makes calls on the file, and where each has it mapped
 * @param platform what keeps its pages from the host; empty where nothing does
 * @param open what may happen besides the usual
 */
public record GmemSetup(
    long pageCount,
    long firstPfn,
    boolean privateMemory,
    View initialView,
    boolean hostFaults,
    List<Binding> bindings,
    List<Process> processes,
    Optional<Platform> platform,
    List<Chance> open) {

  public GmemSetup {
    bindings = List.copyOf(bindings);
    processes = List.copyOf(processes);
    open = List.copyOf(open);
    if (pageCount < 1 || pageCount >= 1L << 40) {
      throw new IllegalArgumentException("a file of " + pageCount + " pages");
    }
  }

  /** A file of which no call looks at one process alone. */
  public GmemSetup(
      long pageCount,
      long firstPfn,
      boolean privateMemory,
      View initialView,
      boolean hostFaults,
      List<Binding> bindings,
      List<Chance> open) {
    this(
        pageCount,
        firstPfn,
        privateMemory,
        initialView,
        hostFaults,
        bindings,
        List.of(),
        Optional.empty(),
        open);
  }

  /**
   * What stands between the host and the file's pages.
   *
   * @param anchor whom the kernel tells about them
   * @param mode what that means
   * @param getUserPages what get_user_pages on the file returns, where it is refused
   */
  public record Platform(PartyId anchor, Mode mode, Optional<Errno> getUserPages) {}

  /** The address space of a caller. */
  Optional<PartyId> memoryOf(PartyId caller) {
    return processes.stream()
        .filter(process -> process.caller().equals(caller))
        .map(Process::memory)
        .findFirst();
  }

  /**
   * A thread that makes calls on the file.
   *
   * @param memory its address space
   */
  public record Process(PartyId caller, PartyId memory) {}

  /** All of the file. */
  public IndexRange whole() {
    return new IndexRange(0, pageCount);
  }

  /**
   * A memslot of a VM that shows pages of the file.
   *
   * @param index the part of the file that is bound
   */
  public record Binding(PartyId vm, IndexRange index) {}
}
