package dev.faultline.view;

import dev.faultline.explore.Report;
import dev.faultline.scenario.End;
import dev.faultline.scenario.Scenario;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** The ways in which a scenario can end, a line each. */
public final class OutcomeTable {

  private OutcomeTable() {}

  /** The table, with its heading. */
  public static List<String> of(Scenario scenario, Report report) {
    SortedMap<String, List<Report.Ending>> byText = new TreeMap<>();
    for (Report.Ending ending : report.endings()) {
      byText.computeIfAbsent(((End) ending.what()).text(), _ -> new ArrayList<>()).add(ending);
    }
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(row("states", "shortest", heading(scenario)));
    byText.forEach(
        (text, endings) -> {
          long states = endings.stream().mapToLong(Report.Ending::states).sum();
          int shortest =
              endings.stream().mapToInt(ending -> ending.trace().length()).min().orElseThrow();
          lines.add(row(VerdictText.number(states), VerdictText.number(shortest), text));
          for (Report.Ending ending : endings) {
            String often = endings.size() == 1 ? "" : VerdictText.number(ending.states()) + ": ";
            lines.add(row("", "", "  " + often + ((End) ending.what()).holders()));
          }
        });
    lines.add("  " + VerdictText.count(byText.size(), "outcome", "outcomes"));
    return lines;
  }

  private static String row(String states, String shortest, String text) {
    return String.format(Locale.ROOT, "  %9s %8s  %s", states, shortest, text);
  }

  /** The names of the lines whose answers stand below, script by script. */
  private static String heading(Scenario scenario) {
    return String.join(
        " | ",
        scenario.setup().scripts().stream()
            .map(
                script ->
                    String.join(
                        ", ",
                        script.lines().stream()
                            .filter(line -> line.line() > 0 && line.action().told().isPresent())
                            .map(line -> line.name())
                            .toList()))
            .filter(names -> !names.isEmpty())
            .toList());
  }
}
