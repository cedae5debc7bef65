package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.PageIndex;
import java.util.Optional;

/**
 * How an operation ended, as the one who asked for it sees it. Reasons in words are not part of it:
 * they belong to the outcome of the step that refused, so that equal situations stay equal.
 */
public sealed interface Result {

  /** It succeeded and returns nothing: 0 of a system call. */
  record Ok() implements Result {}

  /**
   * It read a byte, or was told a number.
   *
   * @param value 0..255
   */
  record Loaded(int value) implements Result {}

  /**
   * It was refused.
   *
   * @param errno what the call returns
   * @param at the page that the call names as the reason, where the call's interface can name one
   */
  record Failed(Errno errno, Optional<PageIndex> at) implements Result {}

  /** The access ended in a signal that kills the process: SIGBUS of a host fault. */
  record Sigbus() implements Result {}

  /** The access ended in a signal that kills the process: SIGSEGV of a page that EL2 keeps. */
  record Sigsegv() implements Result {}

  /** The process died before its operation ended. */
  record Died() implements Result {}

  /**
   * A guest access that never came back: KVM_RUN left with a memory fault exit and the VMM did not
   * run the vCPU again.
   *
   * @param view what the access wished for: KVM_MEMORY_EXIT_FLAG_PRIVATE
   */
  record MemoryFault(View view) implements Result {}

  /**
   * A guest access to what no memslot has: KVM_RUN left with KVM_EXIT_MMIO.
   *
   * @param write it was a store
   */
  record Mmio(boolean write) implements Result {}

  /** The VM is dead: KVM_RUN left for good with this errno. */
  record VmDead(Errno errno) implements Result {}

  static Result ok() {
    return new Ok();
  }

  static Result failed(Errno errno) {
    return new Failed(errno, Optional.empty());
  }
}
