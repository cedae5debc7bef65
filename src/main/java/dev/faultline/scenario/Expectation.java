package dev.faultline.scenario;

import dev.faultline.property.expression.Expression;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.View;
import java.util.List;
import java.util.Optional;

/** What a scenario expects of the run as a whole. */
public sealed interface Expectation {

  /** The line of the scenario's file, from 1. */
  int line();

  /**
   * At some step a party refuses.
   *
   * @param at the page that the refusal names, as a guest frame
   * @param heldBy who has that page pinned, or mapped, at that step
   */
  record Refused(PartyId by, Errno errno, Optional<Long> at, Optional<PartyId> heldBy, int line)
      implements Expectation {}

  /** At the end, ranges have these views. */
  record Finally(List<Wanted> views, int line) implements Expectation {
    public Finally {
      views = List.copyOf(views);
    }
  }

  /** A range and its view. */
  record Wanted(GfnRange range, View view) {}

  /**
   * A promise breaks: the scenario is a bad one.
   *
   * @param atStep the step that breaks it; where a recorded schedule says nothing, its last one
   */
  record Breaks(String property, Optional<Long> atStep, int line) implements Expectation {}

  /** At the end nobody can move, and somebody waits. */
  record Stuck(int line) implements Expectation {}

  /** After the last step of the recorded schedule, an expression is so. */
  record Found(Expression expression, int line) implements Expectation {}

  /**
   * After the last step the world is what it was before: the run can go on like this for ever.
   *
   * @param step after which the world was the same; 0 before the first
   */
  record LoopsFrom(long step, int line) implements Expectation {}
}
