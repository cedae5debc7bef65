package dev.faultline.protocol.design;

/** The ioctl that converts. */
public enum ConvertCall {
  /** On the VM; by guest physical address. */
  KVM_SET_MEMORY_ATTRIBUTES(Site.KVM),
  /** On the gmem file; by offset. */
  KVM_SET_MEMORY_ATTRIBUTES2(Site.GMEM),
  /**
   * Two of them, one for each target: KVM_GMEM_CONVERT_SHARED and KVM_GMEM_CONVERT_PRIVATE, on the
   * gmem file; by offset.
   */
  KVM_GMEM_CONVERT(Site.GMEM);

  private final Site site;

  ConvertCall(Site site) {
    this.site = site;
  }

  public Site site() {
    return site;
  }
}
