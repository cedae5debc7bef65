package dev.faultline.protocol.design;

import dev.faultline.protocol.memory.Errno;

/** What hardware or hypervisor makes of an access of the host to a page. */
public sealed interface HostAnswer {

  /** Nothing stands in its way. */
  record Passes() implements HostAnswer {}

  /** It reads ciphertext. */
  record Garbage() implements HostAnswer {}

  /** A thread gets SIGBUS: SNP's RMP violation of a user access (do_user_addr_fault). */
  record Sigbus() implements HostAnswer {}

  /** A thread gets SIGSEGV: pKVM's host stage 2 abort at EL0 (host_inject_mem_abort). */
  record Sigsegv() implements HostAnswer {}

  /**
   * It fails.
   *
   * @param errno what the exception table of the kernel makes of it (copy_from_user), or the
   *     device's transaction ends with
   */
  record Fails(Errno errno) implements HostAnswer {}

  /**
   * The kernel asks for the page back by the mode's {@link Moment#KERNEL_ACCESS} and tries again
   * (pKVM: __pkvm_host_force_reclaim_page_guest).
   */
  record Reclaims() implements HostAnswer {}
}
