package dev.faultline.protocol.message;

import dev.faultline.protocol.memory.GfnRange;
import java.util.Optional;

/**
 * An operation that a script lets a vCPU's kernel do; answered by {@link ToScript.Answered}. A
 * stopped vCPU answers VmDead with EIO; ignored while another operation is under way.
 */
public sealed interface ScriptToGuest extends ToGuest {

  /**
   * set_memory_encrypted / set_memory_decrypted without the accept: one MapGPA and its retries
   * (arch/x86/coco/tdx/tdx.c, tdx_map_gpa), or what the mode's conversion says. EIO if the request
   * fails or the guest's retries without progress are used up; the errno of an instruction that the
   * trust anchor refuses; VmDead if the guest ends itself for it.
   */
  record Convert(GfnRange range, View target) implements ScriptToGuest {}

  /**
   * What the mode asks of a guest for pages that became private: tdx_accept_memory,
   * pvalidate_pages. Ok where it asks for nothing; otherwise the errno of the mode's row, EEXIST if
   * a page is accepted already.
   */
  record AcceptMemory(GfnRange range) implements ScriptToGuest {}

  /**
   * A load or store by the guest.
   *
   * @param view how the guest addresses it; empty for the view that it believes the page has
   */
  record Touch(GfnRange range, Optional<View> view, Access access) implements ScriptToGuest {}
}
