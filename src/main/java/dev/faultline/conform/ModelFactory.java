package dev.faultline.conform;

import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.design.Revision;
import java.util.List;

/** Makes the model of a revision, in the state before the first operation. */
public interface ModelFactory {

  /**
   * @param types the modes of VM types, by number: KVM_X86_DEFAULT_VM, KVM_X86_SW_PROTECTED_VM
   */
  Model of(Revision revision, List<Mode> types);
}
