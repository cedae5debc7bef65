package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.GfnRange;

/** An operation that a script lets a vCPU's kernel do. */
public sealed interface ScriptToGuest extends ToGuest {

  /** set_memory_encrypted / set_memory_decrypted without the accept: one MapGPA and its retries. */
  record Convert(GfnRange range, View target) implements ScriptToGuest {}

  /** tdx_accept_memory over a range. */
  record AcceptMemory(GfnRange range) implements ScriptToGuest {}

  /**
   * A load or store by the guest.
   *
   * @param view how the guest addresses it; a guest without a view bit leaves it to KVM
   */
  record Touch(GfnRange range, View view, Access access) implements ScriptToGuest {}
}
