package dev.faultline.journal;

/**
 * A file that a run was made from, whole, so that a journal can be mailed alone.
 *
 * @param kind what it is: scenario, mode, revision, vmm, guest
 * @param name the name by which it was found
 * @param sha256 of the text in UTF-8, hex
 * @param text the file
 */
public record Source(Kind kind, String name, String sha256, String text) {

  /** The kinds of files. */
  public enum Kind {
    SCENARIO,
    MODE,
    REVISION,
    VMM,
    GUEST
  }
}
