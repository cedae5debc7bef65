package dev.faultline.protocol.design;

import java.util.List;

/** The operations of the kernel that a revision describes as a list of acts. */
public enum Operation {
  /** The conversion call, shared to private; its site is that of the revision's call. */
  CONVERT_TO_PRIVATE("convert.to-private"),
  /** The conversion call, private to shared. */
  CONVERT_TO_SHARED("convert.to-shared"),
  /** What the inode does when KVM asks it to agree to private (RFC v1, patch 29). */
  AGREE_TO_PRIVATE("agree.to-private"),
  /** What the inode does when KVM asks it to agree to shared. */
  AGREE_TO_SHARED("agree.to-shared"),
  /** Giving up a blocked conversion. */
  CANCEL_CONVERSION("cancel-conversion"),
  /** A fault of a host process on a mapping of the file (kvm_gmem_fault). */
  HOST_FAULT("host-fault"),
  /** get_user_pages on a mapping of the file, under the locks. */
  GET_USER_PAGES("get-user-pages"),
  /** get_user_pages_fast on a mapping of the file, falling back to the slow way. */
  GET_USER_PAGES_FAST("get-user-pages-fast"),
  /** kvm_gmem_get_pfn. */
  GET_PAGE("get-page"),
  /** kvm_gmem_punch_hole. */
  PUNCH_HOLE("punch-hole"),
  /** fallocate of the file's pages (kvm_gmem_allocate). */
  ALLOCATE("allocate"),
  /** A question of a process whether a page may be mapped (thread of RFC v1, patch 26). */
  QUERY_MAPPABLE("query-mappable"),
  /**
   * What the last put of a folio does that has a callback (kvm_gmem_handle_folio_put). Whoever puts
   * it does it, until it is deferred.
   */
  LAST_PUT("last-put"),
  /** A guest fault in KVM's MMU (kvm_tdp_page_fault). */
  GUEST_FAULT("guest-fault");

  private final String word;

  Operation(String word) {
    this.word = word;
  }

  /**
   * The party that does it.
   *
   * @param call the revision's conversion call
   */
  public Site site(ConvertCall call) {
    return switch (this) {
      case CONVERT_TO_PRIVATE, CONVERT_TO_SHARED -> call.site();
      case GUEST_FAULT -> Site.KVM;
      case AGREE_TO_PRIVATE,
          AGREE_TO_SHARED,
          CANCEL_CONVERSION,
          HOST_FAULT,
          GET_USER_PAGES,
          GET_USER_PAGES_FAST,
          GET_PAGE,
          PUNCH_HOLE,
          ALLOCATE,
          QUERY_MAPPABLE,
          LAST_PUT ->
          Site.GMEM;
    };
  }

  /** The moments at which {@link Act.TellAnchor} stands in its list. */
  public List<Moment> moments() {
    return switch (this) {
      case CONVERT_TO_PRIVATE, AGREE_TO_PRIVATE -> List.of(Moment.TO_PRIVATE);
      case CONVERT_TO_SHARED, AGREE_TO_SHARED -> List.of(Moment.TO_SHARED);
      case HOST_FAULT -> List.of(Moment.HOST_FAULT);
      case GET_PAGE -> List.of(Moment.GET_PRIVATE, Moment.GET_SHARED);
      case PUNCH_HOLE -> List.of(Moment.FREE);
      case CANCEL_CONVERSION,
          GET_USER_PAGES,
          GET_USER_PAGES_FAST,
          ALLOCATE,
          QUERY_MAPPABLE,
          LAST_PUT,
          GUEST_FAULT ->
          List.of();
    };
  }

  /** The key of revision files. */
  public String word() {
    return word;
  }
}
