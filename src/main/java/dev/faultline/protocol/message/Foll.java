package dev.faultline.protocol.message;

/** How get_user_pages holds a page (FOLL_GET and FOLL_PIN of linux/mm_types.h). */
public enum Foll {
  /** A plain reference, as KVM's faults take it (hva_to_pfn); put by put_page. */
  GET,
  /** A pin for a transfer, as O_DIRECT takes it; given back by unpin_user_pages. */
  PIN,
  /** FOLL_PIN with FOLL_LONGTERM: VFIO and registered buffers of io_uring. */
  LONGTERM
}
