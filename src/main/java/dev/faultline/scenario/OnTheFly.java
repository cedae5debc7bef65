package dev.faultline.scenario;

import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.design.Revision;
import dev.faultline.scenario.ScenarioLoader.Swap;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Nearest;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problem;
import dev.faultline.scenario.yaml.Problems;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes the text of a mutation of what the command line says, {@code --without 'ACT'} and {@code
 * --swap 'A' 'B'}, and of the same keys of a scenario. An act is named as in a revision file, with
 * its operation before it ({@code convert.to-private:unmap-host}) or without: then it is meant in
 * every operation that has it.
 */
final class OnTheFly {

  /** The name that such a mutation goes by in a journal. */
  static final String NAME = "on-the-fly";

  /** The name of its text in messages. */
  static final String FILE = NAME + ".yaml";

  private final Revision revision;
  private final Problems problems;
  private final Map<Operation, List<Located<String>>> drops = new TreeMap<>();
  private final Map<Operation, List<Located<Swap>>> swaps = new TreeMap<>();

  private OnTheFly(Revision revision, Problems problems) {
    this.revision = revision;
    this.problems = problems;
  }

  /** Two acts that change places, as they are named. */
  record Pair(Located<String> first, Located<String> second) {

    static Pair of(Swap swap) {
      Position at =
          Position.ofFile(
              "--swap " + Problem.quoted(swap.first()) + " " + Problem.quoted(swap.second()));
      return new Pair(new Located<>(swap.first(), at), new Located<>(swap.second(), at));
    }
  }

  /** An act that the command line leaves out. */
  static Located<String> without(String act) {
    return new Located<>(act, Position.ofFile("--without " + Problem.quoted(act)));
  }

  /**
   * A mutation that was made.
   *
   * @param asked where each of its lines was asked for, by its number; from 1
   */
  record Made(String text, Map<Integer, Position> asked) {
    Made {
      asked = Collections.unmodifiableMap(new TreeMap<>(asked));
    }

    /** The place of a problem with it: where its line was asked for. */
    Position place(Position at) {
      return at.file().equals(FILE) ? asked.getOrDefault(at.line(), at) : at;
    }
  }

  /** An act as it is named, and the operations that are meant. */
  private record Named(List<Operation> operations, String act) {}

  /** The text; empty, with problems, if a name means nothing. */
  static Optional<Made> of(
      Revision revision, List<Located<String>> without, List<Pair> swaps, Problems problems) {
    int before = problems.count();
    OnTheFly made = new OnTheFly(revision, problems);
    without.forEach(made::drop);
    swaps.forEach(made::swap);
    return problems.count() == before ? Optional.of(made.made()) : Optional.empty();
  }

  private void drop(Located<String> text) {
    named(text)
        .ifPresent(
            named ->
                named
                    .operations()
                    .forEach(
                        operation ->
                            drops
                                .computeIfAbsent(operation, _ -> new ArrayList<>())
                                .add(new Located<>(named.act(), text.at()))));
  }

  private void swap(Pair pair) {
    Position at = pair.first().at();
    Optional<Named> first = named(pair.first());
    Optional<Named> second = named(pair.second());
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
      List<Located<Swap>> before = swaps.getOrDefault(operation, List.of());
      String moved = first.get().act();
      if (before.stream().anyMatch(other -> other.value().first().equals(moved))) {
        problems.add(
            at,
            Problem.quoted(moved)
                + " is to change places twice in "
                + operation.word()
                + "; name it first once");
      }
      swaps
          .computeIfAbsent(operation, _ -> new ArrayList<>())
          .add(new Located<>(new Swap(first.get().act(), second.get().act()), at));
    }
  }

  private static String words(List<Operation> operations) {
    return String.join(", ", operations.stream().map(Operation::word).toList());
  }

  /** What a name means: an act, or a lock such as "hold invalidate". */
  private Optional<Named> named(Located<String> asked) {
    return named(asked.at(), asked.value());
  }

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

  private Made made() {
    Map<Integer, Position> asked = new TreeMap<>();
    List<String> lines = new ArrayList<>();
    lines.add("name: " + NAME);
    lines.add("source: what is left out or changes places on the fly");
    lines.add("guards: nothing that is known");
    lines.add("based-on: " + revision.name());
    if (!drops.isEmpty()) {
      lines.add("drop:");
    }
    drops.forEach(
        (operation, acts) -> {
          lines.add("  " + operation.word() + ":");
          for (Located<String> act : acts) {
            lines.add("    - " + act.value());
            asked.put(lines.size(), act.at());
          }
        });
    if (!swaps.isEmpty()) {
      lines.add("swap:");
    }
    swaps.forEach(
        (operation, pairs) -> {
          lines.add("  " + operation.word() + ":");
          for (Located<Swap> pair : pairs) {
            lines.add("    " + pair.value().first() + ": " + pair.value().second());
            asked.put(lines.size(), pair.at());
          }
        });
    return new Made(String.join("\n", lines) + "\n", asked);
  }
}
