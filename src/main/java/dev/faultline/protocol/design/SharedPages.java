package dev.faultline.protocol.design;

/** Where KVM finds the shared pages of a memslot that has a gmem file. */
public enum SharedPages {
  /** In the file. */
  INODE,
  /** At the slot's user address, whatever is mapped there. */
  USERSPACE,
  /** In the file if it can be mapped (KVM_MEMSLOT_GMEM_ONLY), otherwise at the user address. */
  SLOT
}
