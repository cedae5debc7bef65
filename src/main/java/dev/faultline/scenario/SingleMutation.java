package dev.faultline.scenario;

import dev.faultline.protocol.design.Act;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.design.Program;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.design.Stage;
import dev.faultline.scenario.ScenarioLoader.Overrides;
import dev.faultline.scenario.ScenarioLoader.Swap;
import dev.faultline.scenario.yaml.Problems;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * One line of a revision left out, or two neighbouring acts in each other's place: what {@code
 * guards} tries one after the other.
 *
 * @param operation whose line it is
 * @param edit what is changed: one act left out, or one pair swapped
 */
public record SingleMutation(Operation operation, Edit edit) {

  /** What is changed. */
  public sealed interface Edit {

    /** A line is left out: an act, or a lock with both of its ends. */
    record Without(String act) implements Edit {}

    /** Two acts, one right behind the other, change places. */
    record Swapped(String first, String second) implements Edit {}
  }

  /** All of a revision: the lines of each operation in order, then its pairs. */
  public static List<SingleMutation> of(Revision revision) {
    List<SingleMutation> all = new ArrayList<>();
    revision
        .operations()
        .forEach(
            (operation, program) -> {
              List<String> lines = StageEdit.words(program.stages());
              // Of lines with the same name the first is meant, here as in files.
              for (String line : new LinkedHashSet<>(lines)) {
                all.add(new SingleMutation(operation, new Edit.Without(line)));
              }
              List<String> acts = acts(program);
              for (int second = 1; second < acts.size(); second++) {
                String first = acts.get(second - 1);
                if (!first.equals(acts.get(second))) {
                  all.add(new SingleMutation(operation, new Edit.Swapped(first, acts.get(second))));
                }
              }
            });
    return List.copyOf(all);
  }

  /** The acts on the straight way, in order, locks left out. */
  private static List<String> acts(Program program) {
    List<String> acts = new ArrayList<>();
    collect(program.stages(), acts);
    return acts;
  }

  private static void collect(List<Stage> stages, List<String> acts) {
    for (Stage stage : stages) {
      switch (stage) {
        case Stage.Do(Act act, List<Stage> _) -> acts.add(act.word());
        case Stage.Hold hold -> collect(hold.stages(), acts);
      }
    }
  }

  /** As people read it: {@code convert.to-private without unmap-host}. */
  public String name() {
    return switch (edit) {
      case Edit.Without(String act) -> operation.word() + " without " + act;
      case Edit.Swapped(String first, String second) ->
          operation.word() + " with " + second + " before " + first;
    };
  }

  /** The same on the command line, or in the overrides with which a scenario is loaded. */
  public Overrides over(Overrides overrides) {
    return switch (edit) {
      case Edit.Without(String act) -> overrides.edited(List.of(named(act)), List.of());
      case Edit.Swapped(String first, String second) ->
          overrides.edited(List.of(), List.of(new Swap(named(first), named(second))));
    };
  }

  private String named(String act) {
    return operation.word() + ":" + act;
  }

  /**
   * The revision with the change; empty, with problems, if an act would find nothing to work on.
   *
   * @param revision one that this was made of
   */
  public Optional<Revision> of(Revision revision, Problems problems) {
    Overrides overrides = over(Overrides.NONE);
    return ScenarioLoader.edited(revision, overrides.without(), overrides.swaps(), problems);
  }
}
