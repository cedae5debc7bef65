package dev.faultline.protocol.design;

import java.util.Locale;

/** When the kernel gives the trust anchor an instruction. */
public enum Moment {
  /**
   * A guest fault installs a mapping whose accesses the anchor checks (TDX:
   * tdx_sept_set_private_spte; pKVM: pkvm_pgtable_stage2_map).
   */
  MAP,
  /** Such a mapping is zapped (TDX: tdx_sept_remove_private_spte); one after the other. */
  UNMAP,
  /** tell-anchor in get-page, of a private page (kvm_arch_gmem_make_private). */
  GET_PRIVATE,
  /** tell-anchor in get-page, of a shared page. */
  GET_SHARED,
  /** tell-anchor in host-fault. */
  HOST_FAULT,
  /** tell-anchor in a conversion to private. */
  TO_PRIVATE,
  /** tell-anchor in a conversion to shared (v8, patch 15: the hook that makes a page shared). */
  TO_SHARED,
  /** tell-anchor where pages leave the page cache (kvm_arch_gmem_reclaim). */
  FREE,
  /** The kernel met a page that is not the host's, where the mode says that it reclaims. */
  KERNEL_ACCESS;

  /** The key of mode files. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
