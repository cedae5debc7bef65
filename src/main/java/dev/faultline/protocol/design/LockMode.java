package dev.faultline.protocol.design;

/** How a lock is held: by one, or by many readers. */
public enum LockMode {
  SHARED,
  EXCLUSIVE
}
