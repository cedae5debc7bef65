package dev.faultline.scenario;

import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.design.Revision;
import dev.faultline.scenario.ScenarioLoader.Swap;
import dev.faultline.scenario.yaml.Nearest;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problem;
import dev.faultline.scenario.yaml.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes the text of a mutation of what the command line says: {@code --without 'ACT'} and {@code
 * --swap 'A' 'B'}. An act is named as in a revision file, with its operation before it ({@code
 * convert.to-private:unmap-host}) or without: then it is meant in every operation that has it.
 */
final class OnTheFly {

  /** The name that such a mutation goes by in a journal. */
  static final String NAME = "on-the-fly";

  private final Revision revision;
  private final Problems problems;
  private final Map<Operation, List<String>> drops = new TreeMap<>();
  private final Map<Operation, List<Swap>> swaps = new TreeMap<>();

  private OnTheFly(Revision revision, Problems problems) {
    this.revision = revision;
    this.problems = problems;
  }

  /** An act as it is named, and the operations that are meant. */
  private record Named(List<Operation> operations, String act) {}

  /** The text; empty, with problems, if a name means nothing. */
  static Optional<String> text(
      Revision revision, List<String> without, List<Swap> swaps, Problems problems) {
    int before = problems.count();
    OnTheFly made = new OnTheFly(revision, problems);
    without.forEach(made::drop);
    swaps.forEach(made::swap);
    return problems.count() == before ? Optional.of(made.text()) : Optional.empty();
  }

  private void drop(String text) {
    Position at = Position.ofFile("--without " + Problem.quoted(text));
    named(at, text)
        .ifPresent(
            named ->
                named
                    .operations()
                    .forEach(
                        operation ->
                            drops
                                .computeIfAbsent(operation, _ -> new ArrayList<>())
                                .add(named.act())));
  }

  private void swap(Swap swap) {
    Position at =
        Position.ofFile(
            "--swap " + Problem.quoted(swap.first()) + " " + Problem.quoted(swap.second()));
    Optional<Named> first = named(at, swap.first());
    Optional<Named> second = named(at, swap.second());
    if (first.isEmpty() || second.isEmpty()) {
      return;
    }
    List<Operation> both =
        first.get().operations().stream().filter(second.get().operations()::contains).toList();
    if (both.isEmpty()) {
      problems.add(
          at,
          "no operation has both; "
              + Problem.quoted(first.get().act())
              + " is in "
              + words(first.get().operations())
              + ", "
              + Problem.quoted(second.get().act())
              + " in "
              + words(second.get().operations()));
    }
    for (Operation operation : both) {
      swaps
          .computeIfAbsent(operation, _ -> new ArrayList<>())
          .add(new Swap(first.get().act(), second.get().act()));
    }
  }

  private static String words(List<Operation> operations) {
    return String.join(", ", operations.stream().map(Operation::word).toList());
  }

  /** What a name means: an act, or a lock such as "hold invalidate". */
  private Optional<Named> named(Position at, String text) {
    int colon = text.indexOf(':');
    String act = text.substring(colon + 1).strip();
    List<Operation> asked = List.copyOf(revision.operations().keySet());
    if (colon >= 0) {
      String word = text.substring(0, colon).strip();
      asked = asked.stream().filter(operation -> operation.word().equals(word)).toList();
      if (asked.isEmpty()) {
        List<String> known = revision.operations().keySet().stream().map(Operation::word).toList();
        problems.add(
            at,
            revision.name()
                + " has no operation "
                + Problem.quoted(word)
                + Nearest.hint(word, known));
        return Optional.empty();
      }
    }
    TreeSet<String> known = new TreeSet<>();
    List<Operation> found = new ArrayList<>();
    for (Operation operation : asked) {
      List<String> words = StageEdit.words(revision.program(operation).stages());
      known.addAll(words);
      if (words.contains(act)) {
        found.add(operation);
      }
    }
    if (found.isEmpty()) {
      problems.add(
          at,
          "no act "
              + Problem.quoted(act)
              + " in "
              + (colon >= 0 ? words(asked) : revision.name())
              + Nearest.hint(act, known));
      return Optional.empty();
    }
    return Optional.of(new Named(found, act));
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    text.append("name: ").append(NAME).append('\n');
    text.append("source: the command line\n");
    text.append("guards: nothing that is known\n");
    text.append("based-on: ").append(revision.name()).append('\n');
    if (!drops.isEmpty()) {
      text.append("drop:\n");
      drops.forEach(
          (operation, acts) ->
              text.append("  ")
                  .append(operation.word())
                  .append(": [")
                  .append(String.join(", ", acts))
                  .append("]\n"));
    }
    if (!swaps.isEmpty()) {
      text.append("swap:\n");
      swaps.forEach(
          (operation, pairs) -> {
            text.append("  ").append(operation.word()).append(":\n");
            pairs.forEach(
                pair ->
                    text.append("    ")
                        .append(pair.first())
                        .append(": ")
                        .append(pair.second())
                        .append('\n'));
          });
    }
    return text.toString();
  }
}
