package dev.faultline.protocol.gmem;

import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.Shows;
import java.util.Optional;

/** Where a task goes after an act. */
sealed interface Flow {

  Flow NEXT = new Next();

  /** To the next instruction. */
  record Next() implements Flow {}

  /** The same act once more, as its next step. */
  record Again() implements Flow {}

  /** Nowhere, until an answer comes. */
  record Wait() implements Flow {}

  /** To another place of the list. */
  record GoTo(int position) implements Flow {}

  /** Out, by the way that undoes what was done. */
  record Refuse(Result result, String reason, Optional<Shows> shows) implements Flow {}
}
