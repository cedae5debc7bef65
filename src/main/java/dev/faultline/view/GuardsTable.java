package dev.faultline.view;

import dev.faultline.protocol.design.Operation;
import dev.faultline.scenario.Guards.Guarded;
import dev.faultline.scenario.Guards.Notice;
import dev.faultline.scenario.SingleMutation.Edit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which property notices each change of a revision, a line each. */
public final class GuardsTable {

  private GuardsTable() {}

  /** The table, operation by operation, and what it comes to. */
  public static List<String> of(List<Guarded> all) {
    int wide =
        all.stream().mapToInt(each -> what(each.mutation().edit()).length()).max().orElse(0) + 2;
    int said = all.stream().mapToInt(each -> notice(each.notice()).length()).max().orElse(0);
    String row = "%-" + Math.max(30, wide) + "s  %-" + Math.max(14, said) + "s  %9s";
    List<String> lines = new ArrayList<>();
    Optional<Operation> operation = Optional.empty();
    for (Guarded each : all) {
      if (!operation.equals(Optional.of(each.mutation().operation()))) {
        operation = Optional.of(each.mutation().operation());
        lines.add(
            String.format(Locale.ROOT, row, operation.get().word(), "is noticed by", "states"));
      }
      lines.add(
          String.format(
                  Locale.ROOT,
                  row,
                  "  " + what(each.mutation().edit()),
                  notice(each.notice()),
                  VerdictText.number(each.states()))
              .stripTrailing());
    }
    List<String> unnoticed =
        all.stream()
            .filter(each -> each.notice() instanceof Notice.Nothing)
            .map(each -> each.mutation().name())
            .toList();
    lines.add("");
    lines.add(
        unnoticed.isEmpty()
            ? "every change is noticed"
            : VerdictText.count(unnoticed.size(), "change", "changes") + " that nothing notices:");
    unnoticed.forEach(name -> lines.add("  " + name));
    return lines;
  }

  private static String what(Edit edit) {
    return switch (edit) {
      case Edit.Without(String act) -> "without " + act;
      case Edit.Swapped(String first, String second) -> second + " < " + first;
    };
  }

  private static String notice(Notice notice) {
    return switch (notice) {
      case Notice.Property(String name, String _, int steps) ->
          name + (steps > 0 ? " (" + VerdictText.number(steps) + ")" : "");
      case Notice.OtherEnds(String scenario) -> "other ends of " + last(scenario);
      case Notice.Nothing() -> "nothing noticed";
      case Notice.NotKnown(String scenario, String why) ->
          "not all searched: " + last(scenario) + ", " + why;
      case Notice.NoSense() -> "makes no sense";
    };
  }

  private static String last(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }
}
