package dev.faultline.cli;

import dev.faultline.protocol.Chance;
import dev.faultline.scenario.yaml.Nearest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The option with which a command leaves more open than a scenario does. */
final class OpenOption {

  @Spec(Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--open",
      paramLabel = "CHANCE",
      split = ",",
      completionCandidates = Words.class,
      description = "may happen too: ${COMPLETION-CANDIDATES}")
  private List<String> words = List.of();

  /** As a command line says it; empty if it is not given. */
  String text() {
    return words.isEmpty() ? "" : " --open " + String.join(",", words);
  }

  /** The words that it takes, in the order of chances. */
  static final class Words implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return known().iterator();
    }
  }

  private static List<String> known() {
    return Arrays.stream(Chance.values()).map(Chance::word).toList();
  }

  /** What it says, each once. */
  List<Chance> chances() {
    List<Chance> chances = new ArrayList<>();
    for (String word : words) {
      Optional<Chance> chance =
          Arrays.stream(Chance.values()).filter(each -> each.word().equals(word)).findFirst();
      chances.add(
          chance.orElseThrow(
              () ->
                  new Inputs.Bad(
                      spec.commandLine(),
                      "--open "
                          + word
                          + ": unknown chance \""
                          + word
                          + "\""
                          + Nearest.hint(word, known()))));
    }
    return chances.stream().distinct().toList();
  }
}
