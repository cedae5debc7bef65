package dev.faultline.protocol.design;

import dev.faultline.protocol.message.View;
import java.util.List;
import java.util.Optional;

/**
 * How a file stands before any conversion, and which calls bring memory to its first view.
 *
 * @param hostFaults whether the file lets host faults through before any call
 * @param pages what all pages are; without it private where the attributes are the file's, and
 *     shared where they are the VM's
 * @param start the calls that reach the first view, in order
 */
public record FirstState(boolean hostFaults, Optional<View> pages, List<StartCall> start) {

  public FirstState {
    start = List.copyOf(start);
  }
}
