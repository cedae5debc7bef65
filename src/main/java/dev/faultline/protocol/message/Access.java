package dev.faultline.protocol.message;

/** What a CPU or a device does to the bytes of a page. */
public sealed interface Access {

  /** Reads the page's byte. */
  record Load() implements Access {}

  /**
   * Writes the page's byte.
   *
   * @param value 0..255. Model: a page has one byte, so two stores to one page meet.
   */
  record Store(int value) implements Access {
    public Store {
      if (value < 0 || value > 255) {
        throw new IllegalArgumentException("a page's byte is 0..255, not " + value);
      }
    }
  }

  /**
   * The guest tells the trust anchor something about pages of its: TDG.MEM.PAGE.ACCEPT, PVALIDATE,
   * a hypercall to EL2.
   *
   * @param instruction its name in the mode's file
   * @param content what it does to their bytes
   */
  record Instruct(String instruction, Content content) implements Access {}
}
