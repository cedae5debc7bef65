package dev.faultline.cli;

import dev.faultline.scenario.ScenarioLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The options with which a command takes other designs than a scenario names, or changed ones, or
 * lets more happen.
 */
final class DesignOptions {

  @Option(names = "--mode", paramLabel = "NAME", description = "instead of the scenario's")
  private @Nullable String mode;

  @Option(names = "--revision", paramLabel = "NAME", description = "instead of the scenario's")
  private @Nullable String revision;

  @Option(names = "--vmm", paramLabel = "NAME", description = "instead of the scenario's")
  private @Nullable String vmm;

  @Option(names = "--guest", paramLabel = "NAME", description = "instead of the scenario's")
  private @Nullable String guest;

  @Option(
      names = "--mutation",
      paramLabel = "NAME|FILE",
      description = "with a known bug: the revision that it is based on, and its change")
  private List<String> mutations = List.of();

  @Option(
      names = "--without",
      paramLabel = "ACT",
      description = "leave an act out: ACT or OPERATION:ACT, as in the revision's file")
  private List<String> without = List.of();

  @Option(
      names = "--swap",
      arity = "2",
      paramLabel = "ACT",
      description = "let two acts of one operation change places")
  private List<String> swaps = List.of();

  @Mixin private OpenOption open = new OpenOption();

  /** What may happen besides, as the command line says it; empty if it says nothing. */
  String open() {
    return open.text();
  }

  /** What they say; where none is given, all is as the scenario says. */
  ScenarioLoader.Overrides overrides() {
    List<ScenarioLoader.Swap> pairs = new ArrayList<>();
    for (int first = 0; first + 1 < swaps.size(); first += 2) {
      pairs.add(new ScenarioLoader.Swap(swaps.get(first), swaps.get(first + 1)));
    }
    return new ScenarioLoader.Overrides(
        Optional.ofNullable(mode),
        Optional.ofNullable(revision),
        Optional.ofNullable(vmm),
        Optional.ofNullable(guest),
        mutations,
        without,
        pairs,
        open.chances());
  }
}
