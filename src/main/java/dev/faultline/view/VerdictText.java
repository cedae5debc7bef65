package dev.faultline.view;

import dev.faultline.explore.Report;
import dev.faultline.explore.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** What an exploration has shown, in a line that a script can read, and in a table. */
public final class VerdictText {

  /** A kind of part with more values than these makes a search slow. */
  private static final int MANY_VALUES = 1_000;

  private static final int WIDTH = 72;

  private VerdictText() {}

  /** The word with which the line begins. */
  public static String word(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Holds() -> "holds";
      case Verdict.Broken _ -> "broken";
      case Verdict.Stuck _ -> "stuck";
      case Verdict.Never _ -> "broken";
      case Verdict.Found _ -> "found";
      case Verdict.Bounded _ -> "bounded";
      case Verdict.Sampled _ -> "sampled";
      case Verdict.Vacuous _ -> "vacuous";
    };
  }

  /** The line. */
  public static String line(Report report) {
    String text =
        switch (report.verdict()) {
          case Verdict.Holds() ->
              count(report.properties().size() - report.admitted().size(), "property", "properties")
                  + " in all "
                  + count(report.states(), "state", "states")
                  + " (exhaustive), "
                  + count(report.levels(), "level", "levels")
                  + ", "
                  + seconds(report.seconds());
          case Verdict.Broken(String property, String _, var trace) ->
              property + " after " + count(trace.length(), "step", "steps") + " (shortest)";
          case Verdict.Stuck(List<String> waiting, var trace) ->
              "after "
                  + count(trace.length(), "step", "steps")
                  + " nobody can move; "
                  + waiting.getFirst();
          case Verdict.Never(var lasso) ->
              lasso.property()
                  + " after "
                  + count(lasso.stem().length(), "step", "steps")
                  + (lasso.loop().moves().isEmpty()
                      ? ", where nobody has to move"
                      : " and a loop of " + number(lasso.loop().length()) + " for ever");
          case Verdict.Found(String name, String _, var trace) ->
              name + " after " + count(trace.length(), "step", "steps") + " (shortest)";
          case Verdict.Bounded(int depth, long unexpanded, String why) ->
              "nothing found to depth "
                  + number(depth)
                  + "; "
                  + count(unexpanded, "state", "states")
                  + " not expanded ("
                  + why
                  + ")";
          case Verdict.Sampled sampled -> SampleText.nothingFound(sampled);
          case Verdict.Vacuous(List<String> missing) ->
              missing.stream().map(each -> '"' + each + '"').collect(Collectors.joining(", "))
                  + (missing.size() == 1 ? " was" : " were")
                  + " never seen in all "
                  + count(report.states(), "state", "states");
        };
    return word(report.verdict()) + ": " + text;
  }

  /** The lines under it: what was found, what was checked, and what it took. */
  public static List<String> table(Report report) {
    List<String> lines = new ArrayList<>();
    switch (report.verdict()) {
      case Verdict.Broken(String _, String text, var _) -> lines.add(text);
      case Verdict.Stuck(List<String> waiting, var _) -> lines.addAll(waiting);
      case Verdict.Never(var lasso) -> lines.addAll(lasso.waiting());
      case Verdict.Holds _,
          Verdict.Found _,
          Verdict.Bounded _,
          Verdict.Sampled _,
          Verdict.Vacuous _ -> {}
    }
    lines.addAll(witnesses(report.admitted(), report.seen()));
    lines.add(
        count(report.states(), "state", "states")
            + ", "
            + count(report.transitions(), "transition", "transitions")
            + ", "
            + count(report.levels(), "level", "levels")
            + ", "
            + count(report.endStates(), "end", "ends")
            + ", "
            + seconds(report.seconds()));
    lines.addAll(effort(report));
    List<String> wrapped = new ArrayList<>();
    for (String line : lines) {
      wrapped.addAll(wrap(line));
    }
    return wrapped;
  }

  /** What breaks and was said to, and what had to be seen and was. */
  static List<String> witnesses(
      Map<String, Report.Witness> admitted, Map<String, Report.Witness> seen) {
    List<String> lines = new ArrayList<>();
    admitted.forEach(
        (property, witness) ->
            lines.add(
                property
                    + " breaks after "
                    + count(witness.trace().length(), "step", "steps")
                    + ", as was said: "
                    + witness.text()));
    seen.forEach(
        (name, witness) ->
            lines.add("seen: " + name + " (step " + number(witness.trace().length()) + ")"));
    return lines;
  }

  /** Where the time goes. */
  private static List<String> effort(Report report) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%s bits and %.1f bytes a state; %s decided, %s remembered",
            number(report.bits()),
            report.bytesPerState(),
            count(report.decisions(), "step", "steps"),
            number(Math.max(0, report.transitions() - report.decisions()))));
    String most =
        report.families().entrySet().stream()
            .sorted(
                Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                    .thenComparing(Map.Entry.comparingByKey()))
            .limit(4)
            .map(family -> family.getKey() + " " + number(family.getValue()))
            .collect(Collectors.joining(", "));
    lines.add("values of a part, most: " + most);
    report
        .families()
        .forEach(
            (family, values) -> {
              if (values > MANY_VALUES) {
                lines.add(
                    "slow: "
                        + family
                        + " has "
                        + number(values)
                        + " values; what changes by itself is better a part of its own");
              }
            });
    return lines;
  }

  static List<String> wrap(String text) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    String indent = "  ";
    while (indent.length() + rest.length() > WIDTH) {
      int at = rest.lastIndexOf(' ', WIDTH - indent.length());
      if (at <= 0) {
        break;
      }
      lines.add(indent + rest.substring(0, at));
      rest = rest.substring(at + 1);
      indent = "    ";
    }
    lines.add(indent + rest);
    return lines;
  }

  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String count(long number, String one, String more) {
    return number(number) + " " + (number == 1 ? one : more);
  }

  static String seconds(double seconds) {
    return String.format(Locale.ROOT, seconds < 10 ? "%.2f s" : "%.1f s", seconds);
  }
}
