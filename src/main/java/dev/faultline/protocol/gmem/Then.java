package dev.faultline.protocol.gmem;

import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.Shows;
import java.util.Optional;

/** Where a task goes after an act. */
sealed interface Then {

  Then NEXT = new Next();

  /** To the next instruction. */
  record Next() implements Then {}

  /** The same act once more, as its next step. */
  record Again() implements Then {}

  /** Nowhere, until an answer comes. */
  record Wait() implements Then {}

  /** To another place of the list. */
  record GoTo(int position) implements Then {}

  /** Out, by the way that undoes what was done. */
  record Refuse(Result result, String reason, Optional<Shows> shows) implements Then {}
}
