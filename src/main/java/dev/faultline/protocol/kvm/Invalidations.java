package dev.faultline.protocol.kvm;

import dev.faultline.protocol.memory.GfnRange;
import java.util.Optional;

/**
 * kvm-&gt;mmu_invalidate_in_progress and its range.
 *
 * @param count how many are under way
 * @param hull from their lowest start to their highest end; kept until the last one ends
 */
public record Invalidations(int count, Optional<GfnRange> hull) {

  static final Invalidations NONE = new Invalidations(0, Optional.empty());

  Invalidations begin(GfnRange range) {
    return new Invalidations(
        count + 1, Optional.of(hull.map(known -> known.hull(range)).orElse(range)));
  }

  /**
   * One of them ended.
   *
   * @throws IllegalStateException if none was under way: kvm_mmu_invalidate_end has a KVM_BUG_ON
   */
  Invalidations end() {
    if (count == 0) {
      throw new IllegalStateException("an invalidation ends that has not begun");
    }
    return count == 1 ? NONE : new Invalidations(count - 1, hull);
  }

  boolean covers(GfnRange range) {
    return hull.isPresent() && hull.get().overlaps(range);
  }
}
