package dev.faultline.property.expression;

import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Sets of pages as lists of ranges, in order, that neither overlap nor touch: what is short-lived
 * and mostly of one page is not worth a tree.
 */
final class Ranges {

  private Ranges() {}

  /** The pages of a range that are not in a set. */
  static List<IndexRange> rest(IndexRange range, List<IndexRange> set) {
    List<IndexRange> rest = new ArrayList<>();
    long next = range.start();
    for (IndexRange part : set) {
      if (next < part.start()) {
        rest.add(new IndexRange(next, part.start()));
      }
      next = part.end();
    }
    if (next < range.end()) {
      rest.add(new IndexRange(next, range.end()));
    }
    return rest;
  }

  /** One set of ranges in any order, that may overlap. */
  static List<IndexRange> union(List<IndexRange> ranges) {
    if (ranges.size() < 2) {
      return ranges;
    }
    List<IndexRange> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparingLong(IndexRange::start));
    List<IndexRange> union = new ArrayList<>();
    for (IndexRange range : sorted) {
      if (!union.isEmpty() && range.start() <= union.getLast().end()) {
        union.set(union.size() - 1, union.getLast().hull(range));
      } else {
        union.add(range);
      }
    }
    return union;
  }

  /** Model: a world has one slot that begins at 0, so index and guest frame agree. */
  static GfnRange frames(IndexRange range) {
    return new GfnRange(range.start(), range.end());
  }

  /** The pages of the file behind guest frames. */
  static IndexRange indices(GfnRange range) {
    return new IndexRange(range.start(), range.end());
  }
}
