package dev.faultline.view;

import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PageRange;
import dev.faultline.protocol.memory.RangeSet;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Optional;

/**
 * The pages that a message or an event names: whatever ranges are in it. In a world of one slot
 * that begins at 0 the numbers of guest frames, pages of the file and first frames agree.
 */
final class Pages {

  private static final long PAGE = 4096;

  private RangeSet<IndexRange> pages = RangeSet.empty();

  boolean overlap(IndexRange range) {
    return pages.overlaps(range);
  }

  void add(Object value) {
    switch (value) {
      case PageRange<?> range -> pages = pages.with(new IndexRange(range.start(), range.end()));
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
      String name = component.getName();
      if (held instanceof Long number) {
        boolean isStart =
            name.equals("offsetBytes") || name.equals("gpa") || name.equals("address");
        if (isStart) {
          start = number;
        } else if (name.equals("sizeBytes") && start >= 0 && number > 0) {
          addBytes(start, number);
        } else if (name.equals("pageCount") && start >= 0 && number > 0) {
          addBytes(start, number * PAGE);
        } else if (name.equals("end") && start >= 0 && number > start) {
          addBytes(start, number - start);
        }
      } else {
        add(held);
      }
    }
  }

  private void addBytes(long start, long size) {
    GfnRange range = new GfnRange(start / PAGE, Math.max(start / PAGE + 1, (start + size) / PAGE));
    pages = pages.with(new IndexRange(range.start(), range.end()));
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
