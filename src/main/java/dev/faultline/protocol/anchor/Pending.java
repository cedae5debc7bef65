package dev.faultline.protocol.anchor;

import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.Message;

/**
 * A call whose pages have moved, and which is answered once the inodes have taken that.
 *
 * @param caller who is answered
 * @param answer with this
 * @param range the pages it is about
 * @param guards how many words of inodes are still to come
 */
public record Pending(Endpoint caller, Message answer, GfnRange range, int guards) {

  Pending taken() {
    return new Pending(caller, answer, range, guards - 1);
  }
}
