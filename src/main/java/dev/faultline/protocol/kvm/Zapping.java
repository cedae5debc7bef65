package dev.faultline.protocol.kvm;

import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.View;
import java.util.ArrayList;
import java.util.List;

/**
 * Mappings on their way out: they are gone from the MMU, and CPUs or the trust anchor have not let
 * go yet.
 *
 * @param range what is zapped
 * @param kinds which mappings
 * @param left private ranges that the anchor still has, the first is being worked on
 * @param call which of the mode's calls is under way for it, from 0
 * @param asked the call is not answered yet
 * @param retried the call was busy once and is made again with every vCPU out of the guest
 * @param destroyed frames whose content the anchor destroyed
 */
public record Zapping(
    GfnRange range,
    List<View> kinds,
    List<GfnRange> left,
    int call,
    boolean asked,
    boolean retried,
    List<PfnRange> destroyed) {

  public Zapping {
    kinds = List.copyOf(kinds);
    left = List.copyOf(left);
    destroyed = List.copyOf(destroyed);
  }

  Zapping ask(int nextCall) {
    return new Zapping(range, kinds, left, nextCall, true, retried, destroyed);
  }

  Zapping answered() {
    return new Zapping(range, kinds, left, call, false, false, destroyed);
  }

  Zapping busy() {
    return new Zapping(range, kinds, left, call, false, true, destroyed);
  }

  Zapping removed(List<PfnRange> frames) {
    List<PfnRange> all = new ArrayList<>(destroyed);
    all.addAll(frames);
    return new Zapping(range, kinds, left, call, false, false, all);
  }

  Zapping nextRange() {
    return new Zapping(range, kinds, left.subList(1, left.size()), 0, false, false, destroyed);
  }

  /** Whether an access of this view to these frames has to end first. */
  boolean concerns(GfnRange frames, View view) {
    return kinds.contains(view) && range.overlaps(frames);
  }
}
