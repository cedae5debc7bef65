package dev.faultline.protocol.design;

import java.util.Locale;

/** The kernel's locks that an operation can hold, outermost first. */
public enum Lock {
  /** kvm-&gt;slots_lock: changes of memslots and of the VM's attributes. Exclusive only. */
  SLOTS(Site.KVM, true),
  /** The inode's mapping-&gt;invalidate_lock (rwsem). */
  INVALIDATE(Site.GMEM, false),
  /**
   * The locks of all folios that are present in the operation's range. Exclusive only. Model: taken
   * together, once none is held; the kernel takes and lets go of one after the other.
   */
  FOLIO(Site.GMEM, true),
  /** kvm-&gt;mmu_lock (rwlock): exclusive to zap, shared to install. */
  MMU(Site.KVM, false);

  private final Site site;
  private final boolean exclusiveOnly;

  Lock(Site site, boolean exclusiveOnly) {
    this.site = site;
    this.exclusiveOnly = exclusiveOnly;
  }

  public Site site() {
    return site;
  }

  public boolean exclusiveOnly() {
    return exclusiveOnly;
  }

  /** The word of revision files and of reasons. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
