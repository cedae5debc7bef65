package dev.faultline.conform;

import java.util.List;

/**
 * A recorded run against a real kernel.
 *
 * @param file as the user named it
 * @param entries the operations, in their order; the n-th is line n of the file
 */
public record Trace(String file, List<Entry> entries) {

  public Trace {
    entries = List.copyOf(entries);
  }

  /**
   * An operation and what the kernel answered.
   *
   * @param text the operation as it was given
   */
  public record Entry(String text, TraceOperation operation, Answer answer) {}
}
