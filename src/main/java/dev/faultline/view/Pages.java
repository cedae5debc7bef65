package dev.faultline.view;

import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.memory.PageIndex;
import dev.faultline.protocol.memory.PageRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.RangeSet;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;

/**
 * The pages that a step names in its message, its events or its sends. In a world of one slot that
 * begins at 0, guest frames and pages of the file have the same numbers.
 */
final class Pages {

  private final long pageCount;
  private RangeSet<IndexRange> named = RangeSet.empty();

  private Pages(long pageCount) {
    this.pageCount = pageCount;
  }

  /** The pages that a step names. */
  static RangeSet<IndexRange> named(StepTaken entry, long pageCount) {
    Pages pages = new Pages(pageCount);
    pages.add(entry.message());
    for (Event event : entry.events()) {
      // How a task stands names all that it was started for, whatever this step is about.
      if (!(event instanceof Event.Progress)) {
        pages.add(event);
      }
    }
    entry.sends().forEach(send -> pages.add(send.message()));
    return pages.named;
  }

  /** The pages that frames are or were behind. */
  static IndexRange of(PfnRange frames, long pageCount) {
    long base = frames.start() - frames.start() % pageCount;
    return new IndexRange(frames.start() - base, frames.end() - base);
  }

  /** The pages that bytes fall into; none where the numbers of a call make no range. */
  static Optional<IndexRange> ofBytes(long start, long size) {
    boolean isRange = start >= 0 && size > 0 && start <= Long.MAX_VALUE - size;
    return isRange
        ? Optional.of(new IndexRange(start / Page.BYTES, (start + size - 1) / Page.BYTES + 1))
        : Optional.empty();
  }

  // Whatever ranges are in a value: a switch over all messages and events would name them again.
  private void add(Object value) {
    switch (value) {
      case PfnRange frames -> named = named.with(of(frames, pageCount));
      case PageRange<?> range -> named = named.with(new IndexRange(range.start(), range.end()));
      case PageIndex page -> named = named.with(IndexRange.of(page, 1));
      case List<?> list -> list.forEach(this::add);
      case Optional<?> optional -> optional.ifPresent(this::add);
      case Record record -> components(record);
      default -> {}
    }
  }

  private void components(Record record) {
    long start = -1;
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Object held = get(component, record);
      if (!(held instanceof Long number)) {
        add(held);
        continue;
      }
      switch (component.getName()) {
        case "offsetBytes", "gpa", "address" -> start = number;
        case "sizeBytes" -> addBytes(start, number);
        case "pageCount" ->
            addBytes(start, number <= Long.MAX_VALUE / Page.BYTES ? number * Page.BYTES : 0);
        case "end" -> addBytes(start, number - start);
        default -> {}
      }
    }
  }

  private void addBytes(long start, long size) {
    ofBytes(start, size).ifPresent(range -> named = named.with(range));
  }

  private static Object get(RecordComponent component, Record record) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException("a record without its accessor", impossible);
    }
  }
}
