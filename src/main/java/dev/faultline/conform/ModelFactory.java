package dev.faultline.conform;

import dev.faultline.protocol.design.Revision;

/** Makes the model of a revision, in the state before the first operation. */
public interface ModelFactory {
  Model of(Revision revision);
}
