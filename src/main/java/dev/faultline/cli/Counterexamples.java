package dev.faultline.cli;

import dev.faultline.explore.Trace;
import dev.faultline.explore.Verdict;
import dev.faultline.scenario.RecordedCheck;
import dev.faultline.scenario.RecordedScenario;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.view.StepLabels;
import dev.faultline.world.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A folder for what explorations find: each a scenario with its steps, in a file of its own.
 *
 * @param folder made when the first is written
 */
record Counterexamples(Path folder) {

  /** Writes the steps that lead to what a verdict says; they are read and run again before. */
  Path write(
      Scenario scenario,
      ScenarioLoader.Overrides overrides,
      Verdict verdict,
      Trace trace,
      String line) {
    List<Step> steps = trace.moves().stream().map(move -> (Step) move.label()).toList();
    Optional<String> found =
        verdict instanceof Verdict.Found(String name, var _, var _)
            ? Optional.of(name)
            : Optional.empty();
    String origin = "Found by: faultline explore " + scenario.name() + "\n" + line;
    RecordedScenario recorded =
        new RecordedScenario(
            scenario,
            overrides,
            StepLabels.of(scenario, steps),
            verdict.loopsFrom(),
            found,
            origin);
    String text = recorded.text();
    new RecordedCheck(recorded, Inputs.library())
        .mistake(text, verdict)
        .ifPresent(
            mistake -> {
              throw new IllegalStateException(mistake + "\n" + text);
            });
    return write(scenario, text);
  }

  /** Writes a text into the first free file of the scenario's name. */
  Path write(Scenario scenario, String text) {
    String name =
        scenario
            .name()
            .substring(scenario.name().lastIndexOf('/') + 1)
            .replaceFirst("\\.yaml$", "");
    try {
      Files.createDirectories(folder);
      for (int number = 1; ; number++) {
        Path file = folder.resolve(String.format(Locale.ROOT, "%s-%d.yaml", name, number));
        try {
          return Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException _) {
          // The next number.
        }
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
