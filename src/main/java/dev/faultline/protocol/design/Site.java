package dev.faultline.protocol.design;

/** The party in whose state an act works. */
public enum Site {
  GMEM,
  KVM
}
