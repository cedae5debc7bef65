package dev.faultline.protocol.vmm;

import dev.faultline.protocol.design.VmmProfile.VmmAct;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.View;
import java.util.List;
import java.util.Optional;

/** Something that a thread of the VMM is at. */
public sealed interface VmmTask {

  /** Where a conversion stands. */
  enum Phase {
    /** The profile's steps. */
    STEPS,
    /** The profile's steps to unblock it. */
    FIX,
    /** A timer, before the call is made again. */
    PAUSE,
    /** Until the kernel tells that what blocked is gone. */
    NOTIFICATION,
    /** Giving up; the kernel is told. */
    CANCEL
  }

  /**
   * A conversion.
   *
   * @param steps what is to be done, in order
   * @param phase where it stands
   * @param at the step of the phase that is under way
   * @param outstanding answers that the step still waits for
   * @param retries how often the call was made again, as far as it matters
   * @param gaveBack fixing gave something back
   * @param notified the kernel said that what blocked is gone
   * @param failure how the call failed last
   */
  record Conversion(
      Origin origin,
      GfnRange range,
      View target,
      List<VmmAct> steps,
      Phase phase,
      int at,
      int outstanding,
      int retries,
      boolean gaveBack,
      boolean notified,
      Optional<Result> failure)
      implements VmmTask {

    public Conversion {
      steps = List.copyOf(steps);
    }

    static Conversion start(Origin origin, GfnRange range, View target, List<VmmAct> steps) {
      return new Conversion(
          origin, range, target, steps, Phase.STEPS, 0, 0, 0, false, false, Optional.empty());
    }

    Conversion at(Phase next, int position) {
      return new Conversion(
          origin, range, target, steps, next, position, 0, retries, gaveBack, notified, failure);
    }

    Conversion outstanding(int answers) {
      return new Conversion(
          origin, range, target, steps, phase, at, answers, retries, gaveBack, notified, failure);
    }

    Conversion again(int position, int mostRetries) {
      return new Conversion(
          origin,
          range,
          target,
          steps,
          Phase.STEPS,
          position,
          0,
          Math.min(retries + 1, mostRetries),
          false,
          false,
          failure);
    }

    Conversion gaveSomethingBack() {
      return new Conversion(
          origin, range, target, steps, phase, at, outstanding, retries, true, notified, failure);
    }

    Conversion heard() {
      return new Conversion(
          origin, range, target, steps, phase, at, outstanding, retries, gaveBack, true, failure);
    }

    Conversion failed(Result result) {
      return new Conversion(
          origin,
          range,
          target,
          steps,
          phase,
          at,
          outstanding,
          retries,
          gaveBack,
          notified,
          Optional.of(result));
    }
  }

  /** One conversion call for the script; written down if it succeeds and is aligned. */
  record Call(long offsetBytes, long sizeBytes, View target) implements VmmTask {}

  /** Any other call for the script: its answer is the script's. */
  record Simple() implements VmmTask {}

  /**
   * A device's mapping is made or removed.
   *
   * @param device who asked
   * @param mapping made; otherwise removed
   */
  record Dma(Endpoint device, GfnRange range, boolean mapping) implements VmmTask {}
}
