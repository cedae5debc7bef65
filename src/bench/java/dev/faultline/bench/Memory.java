package dev.faultline.bench;

import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.message.View;

/** Guest memory of the sizes that are measured, in pages of 4 KiB. */
final class Memory {

  static final long PAGES_OF_2_MIB = 512;
  static final long PAGES_OF_1_GIB = 512 * PAGES_OF_2_MIB;
  static final long PAGES_OF_64_GIB = 64 * PAGES_OF_1_GIB;

  static final GfnRange ALL_64_GIB = new GfnRange(0, PAGES_OF_64_GIB);

  private Memory() {}

  /** Guest memory in one state. */
  static RangeMap<GfnRange, View> uniform(long pages) {
    return RangeMap.of(new GfnRange(0, pages), View.PRIVATE);
  }

  /** Guest memory in which every other piece is shared. */
  static RangeMap<GfnRange, View> alternating(long pages, long piece) {
    RangeMap<GfnRange, View> map = uniform(pages);
    for (long start = 0; start < pages; start += 2 * piece) {
      map = map.with(new GfnRange(start, start + piece), View.SHARED);
    }
    return map;
  }

  static View other(View view) {
    return view == View.PRIVATE ? View.SHARED : View.PRIVATE;
  }
}
