package dev.faultline.protocol.design;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a page can be for the trust anchor: a row of a mode's {@code states}.
 *
 * @param name as in the mode's file
 * @param says how it is told of a page: "accepted"
 * @param ofGuest the page is the guest's: it must not be handed to the page allocator like this
 * @param lent the guest lets the host use it all the same
 * @param secret what the guest keeps in it must never reach the host
 * @param guest what an access of the guest gets
 * @param host what an access of the host gets; a use that is not named passes
 */
public record PageState(
    String name,
    String says,
    boolean ofGuest,
    boolean lent,
    boolean secret,
    GuestAnswer guest,
    Map<HostUse, HostAnswer> host) {

  /** The name of what the anchor does not know: a page of the host, like any other. */
  public static final String ABSENT = "absent";

  static final PageState HOSTS =
      new PageState(
          ABSENT,
          "the host's",
          false,
          false,
          false,
          new GuestAnswer.Faults(),
          Collections.emptyMap());

  public PageState {
    Map<HostUse, HostAnswer> copy = new EnumMap<>(HostUse.class);
    copy.putAll(host);
    host = Collections.unmodifiableMap(copy);
  }

  public HostAnswer host(HostUse use) {
    HostAnswer answer = host.get(use);
    return answer == null ? new HostAnswer.Passes() : answer;
  }

  /** Whether the host finds this state as it finds another. */
  boolean isForHostAs(PageState other) {
    return host.equals(other.host);
  }
}
