package dev.faultline.protocol.memory;

import java.util.Optional;

/**
 * A range of pages, never empty.
 *
 * @param <R> the kind of frame number
 */
public sealed interface PageRange<R extends PageRange<R>> permits GfnRange, IndexRange, PfnRange {

  /** The first page. */
  long start();

  /** The page behind the last. */
  long end();

  /** A range of the same kind. */
  R to(long start, long end);

  default long pageCount() {
    return end() - start();
  }

  default boolean contains(long page) {
    return start() <= page && page < end();
  }

  default boolean contains(R other) {
    return start() <= other.start() && other.end() <= end();
  }

  default boolean overlaps(R other) {
    return start() < other.end() && other.start() < end();
  }

  default Optional<R> intersect(R other) {
    return overlaps(other)
        ? Optional.of(to(Math.max(start(), other.start()), Math.min(end(), other.end())))
        : Optional.empty();
  }

  /** The smallest range that holds both. */
  default R hull(R other) {
    return to(Math.min(start(), other.start()), Math.max(end(), other.end()));
  }

  /** "512..767", or "512" for a single page. */
  default String text() {
    return FrameNumbers.text(start(), end());
  }
}
