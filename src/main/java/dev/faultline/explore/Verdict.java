package dev.faultline.explore;

import java.util.List;
import java.util.Optional;

/** What a search has shown. */
public sealed interface Verdict {

  /** The way to what was found, if anything was. */
  default Optional<Trace> way() {
    return switch (this) {
      case Broken broken -> Optional.of(broken.trace());
      case Stuck stuck -> Optional.of(stuck.trace());
      case Found found -> Optional.of(found.trace());
      case Never never -> Optional.of(never.lasso().once());
      case Holds _, Bounded _, Sampled _, Vacuous _ -> Optional.empty();
    };
  }

  /** After how many steps the way is in the state that it ends in, if it is a loop from there. */
  default Optional<Long> loopsFrom() {
    return this instanceof Never(Lasso lasso) && lasso.loop().length() > 0
        ? Optional.of((long) lasso.stem().length())
        : Optional.empty();
  }

  /** All states were seen, and each keeps every promise. */
  record Holds() implements Verdict {}

  /**
   * A state breaks a promise, and none is nearer.
   *
   * @param property its name
   * @param text who breaks it, and where
   */
  record Broken(String property, String text, Trace trace) implements Verdict {}

  /**
   * Nobody can move, and somebody waits.
   *
   * @param waiting who waits for what
   */
  record Stuck(List<String> waiting, Trace trace) implements Verdict {
    public Stuck {
      waiting = List.copyOf(waiting);
    }
  }

  /**
   * All states were seen, and there is a fair run on which something never comes about.
   *
   * @param lasso such a run
   */
  record Never(Lasso lasso) implements Verdict {}

  /** A state that was looked for. */
  record Found(String name, String text, Trace trace) implements Verdict {}

  /**
   * Nothing was found, and not all was searched.
   *
   * @param depth all states so many steps from the first one were seen
   * @param unexpanded so many states were seen, and not what they lead to
   * @param why what ended the search
   */
  record Bounded(int depth, long unexpanded, String why) implements Verdict {}

  /**
   * Nothing was found on some walks; nothing is known of what they did not come by.
   *
   * @param walks from the first state
   * @param steps of all walks together
   * @param states distinct ones on these walks; so many at least, if they were not counted to the
   *     end
   * @param exact whether they were counted to the end
   * @param why what ended the sample
   */
  record Sampled(long walks, long steps, long states, boolean exact, String why)
      implements Verdict {}

  /**
   * Nothing breaks, but something that has to be seen was not.
   *
   * @param missing what
   */
  record Vacuous(List<String> missing) implements Verdict {
    public Vacuous {
      missing = List.copyOf(missing);
    }
  }
}
