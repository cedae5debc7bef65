package dev.faultline.view;

import static dev.faultline.view.VerdictText.count;
import static dev.faultline.view.VerdictText.number;
import static dev.faultline.view.VerdictText.seconds;

import dev.faultline.explore.Sample;
import dev.faultline.explore.Verdict;
import java.util.ArrayList;
import java.util.List;

/** What a sample of walks has shown, in a line that a script can read, and in a table. */
public final class SampleText {

  private SampleText() {}

  /** The line; what a sample finds is there, and what it does not find may be there too. */
  public static String line(Sample sample) {
    String text =
        switch (sample.verdict()) {
          case Verdict.Broken(String property, String _, var trace) ->
              property + found(sample, trace.length());
          case Verdict.Stuck(List<String> waiting, var trace) ->
              "nobody can move; " + waiting.getFirst() + found(sample, trace.length());
          case Verdict.Found(String name, String _, var trace) ->
              name + found(sample, trace.length());
          case Verdict.Sampled sampled -> nothingFound(sampled);
          case Verdict.Holds _, Verdict.Bounded _, Verdict.Vacuous _, Verdict.Never _ ->
              throw new IllegalArgumentException("no verdict of a sample: " + sample.verdict());
        };
    return VerdictText.word(sample.verdict())
        + ": "
        + text
        + "; "
        + sample.strategy().word()
        + ", seed "
        + sample.seed();
  }

  private static String found(Sample sample, int steps) {
    return " after "
        + count(steps, "step", "steps")
        + " (as found in walk "
        + number(sample.foundIn().orElse(0L) + 1)
        + ", seldom the shortest)";
  }

  /** That nothing was found, and on how much. */
  static String nothingFound(Verdict.Sampled sampled) {
    return "nothing found on "
        + count(sampled.walks(), "walk", "walks")
        + " of "
        + count(sampled.steps(), "step", "steps")
        + " through "
        + (sampled.exact() ? "" : "at least ")
        + count(sampled.states(), "state", "states")
        + (sampled.why().equals("walks") ? "" : " (" + sampled.why() + ")");
  }

  /** The lines under it: what was found, what was checked, what is promised, and what it took. */
  public static List<String> table(Sample sample) {
    List<String> lines = new ArrayList<>();
    if (sample.verdict() instanceof Verdict.Broken(String _, String text, var _)) {
      lines.add(text);
    }
    if (sample.verdict() instanceof Verdict.Stuck(List<String> waiting, var _)) {
      lines.addAll(waiting);
    }
    lines.addAll(VerdictText.witnesses(sample.admitted(), sample.seen()));
    sample.missing().forEach(name -> lines.add("not seen on these walks: " + name));
    sample.bound().ifPresent(bound -> lines.add(bound.text(sample.walksByStrategy())));
    lines.add(
        count(sample.properties().size(), "property", "properties")
            + " checked; "
            + count(sample.walks(), "walk", "walks")
            + ", "
            + number(sample.ends())
            + " to an end, "
            + number(sample.cut())
            + " cut at the bound; longest "
            + count(sample.longest(), "step", "steps"));
    lines.add(
        count(sample.threads(), "thread", "threads")
            + ", "
            + count(sample.decisions(), "step", "steps")
            + " decided, "
            + seconds(sample.seconds()));
    List<String> wrapped = new ArrayList<>();
    lines.forEach(line -> wrapped.addAll(VerdictText.wrap(line)));
    return wrapped;
  }
}
