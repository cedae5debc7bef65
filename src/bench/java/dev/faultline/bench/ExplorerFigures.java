package dev.faultline.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Runs the explorer on the yardstick and on some worlds, each search in a process of its own, in
 * turns with SPIN, and writes a table.
 */
public final class ExplorerFigures {

  private static final int[][] SIZES = {{2, 3}, {3, 2}, {3, 3}};

  /** Worlds, with all states kept: no reduction. */
  private static final List<String> WORLDS =
      List.of(
          "sw-protected/good-punch-meets-load-and-conversion",
          "tdx/good-o-direct-in-flight",
          "two-pages.yaml");

  private final Path resources;
  private final int rounds;
  private final boolean spin;
  private final StringBuilder text = new StringBuilder();

  private ExplorerFigures(Path resources, int rounds) throws IOException {
    this.resources = resources;
    this.rounds = rounds;
    this.spin = Spin.isInstalled();
  }

  /**
   * @param arguments the file to write, the folder of models and scenarios, how often all is run
   */
  public static void main(String[] arguments) throws IOException {
    ExplorerFigures figures =
        new ExplorerFigures(Path.of(arguments[1]), Integer.parseInt(arguments[2]));
    figures.heading();
    figures.yardstick();
    figures.counterexamples();
    figures.worlds();
    Files.writeString(Path.of(arguments[0]), figures.text);
  }

  private interface Search {
    Figure run() throws IOException;
  }

  /** The median of all rounds of some searches that take turns. */
  private List<Figure> medians(List<Search> searches) throws IOException {
    List<List<Figure>> all = new ArrayList<>();
    searches.forEach(_ -> all.add(new ArrayList<>()));
    for (int round = 0; round < rounds; round++) {
      for (int search = 0; search < searches.size(); search++) {
        all.get(search).add(searches.get(search).run());
      }
    }
    return all.stream()
        .map(
            each ->
                each.stream()
                    .sorted(Comparator.comparingDouble(Figure::wall))
                    .toList()
                    .get(rounds / 2))
        .toList();
  }

  private static Figure explore(List<String> options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xss4m"));
    command.addAll(List.of("-classpath", System.getProperty("java.class.path")));
    command.addAll(List.of("dev.faultline.cli.Main", "explore", "--json"));
    command.addAll(options);
    Path folder = Files.createTempDirectory("explore");
    command.addAll(List.of("--counterexample", folder.toString()));
    Forked.Ended ended = Forked.run(Path.of(""), command);
    Forked.delete(folder);
    // 1: what was looked for was found.
    if (ended.exitCode() > 1) {
      throw new IOException(command + " ended with " + ended.exitCode() + ": " + ended.text());
    }
    return new Figure(
        (long) ended.number("\"states\":([0-9]+)"),
        ended.number("\"seconds\":([0-9.]+)"),
        ended.seconds(),
        ended.number("\"bytesPerState\":([0-9.]+)"));
  }

  private Figure yardstick(int pages, int threads, int bug, int workers) throws IOException {
    return explore(
        List.of(
            "--yardstick",
            pages + "," + threads + (bug == 0 ? "" : "," + bug),
            "--workers",
            "" + workers));
  }

  private void row(String pattern, Object... values) {
    text.append(String.format(Locale.ROOT, pattern, values)).append('\n');
  }

  private void heading() throws IOException {
    row("# What a search costs\n");
    row("Written by `mvn -q -B -Pbench verify`, which runs no tests.\n");
    row(
        "%s, %d CPUs, JDK %s, %s. Median of %d rounds, in which all take turns; %s.\n",
        Figures.processor(),
        Runtime.getRuntime().availableProcessors(),
        Runtime.version().feature(),
        LocalDate.now(ZoneOffset.UTC),
        rounds,
        spin ? "SPIN breadth first, one core, no reduction, `gcc -O2`" : "SPIN is not installed");
  }

  private void yardstick() throws IOException {
    row("## The yardstick, all states\n");
    row("| pages, threads | states | by | states/s | seconds | with start | bytes a state |");
    row("|---|--:|---|--:|--:|--:|--:|");
    for (int[] size : SIZES) {
      List<String> names = new ArrayList<>(List.of("1 worker", "2 workers"));
      List<Search> searches = new ArrayList<>();
      searches.add(() -> yardstick(size[0], size[1], 0, 1));
      searches.add(() -> yardstick(size[0], size[1], 0, 2));
      if (spin) {
        names.add("SPIN");
        searches.add(() -> Spin.search(resources, size[0], size[1], 0));
      }
      List<Figure> medians = medians(searches);
      for (int each = 0; each < medians.size(); each++) {
        Figure figure = medians.get(each);
        row(
            "| %d, %d | %,d | %s | %,.0f | %.2f | %.2f | %.1f |",
            size[0],
            size[1],
            figure.states(),
            names.get(each),
            figure.statesPerSecond(),
            figure.seconds(),
            figure.wall(),
            figure.bytesPerState());
      }
      if (!spin) {
        row("| %d, %d | | SPIN | not installed | | | |", size[0], size[1]);
      }
    }
    row("");
  }

  private void counterexamples() throws IOException {
    row("## The yardstick's bugs, until the counterexample is told\n");
    row("| bug | states seen | seconds, with start | SPIN |");
    row("|---|--:|--:|--:|");
    for (int bug = 1; bug <= 3; bug++) {
      int which = bug;
      List<Search> searches = new ArrayList<>();
      searches.add(() -> yardstick(3, 3, which, 1));
      if (spin) {
        searches.add(() -> Spin.search(resources, 3, 3, which));
      }
      List<Figure> medians = medians(searches);
      row(
          "| %d, of 3 pages and 3 threads | %,d | %.2f | %s |",
          bug,
          medians.getFirst().states(),
          medians.getFirst().wall(),
          spin ? String.format(Locale.ROOT, "%.2f", medians.get(1).wall()) : "not installed");
    }
    row("");
  }

  private void worlds() throws IOException {
    row("## Worlds, all states and all properties\n");
    row("| scenario | states | by | states/s | seconds | bytes a state |");
    row("|---|--:|---|--:|--:|--:|");
    for (String world : WORLDS) {
      String name = world.endsWith(".yaml") ? resources.resolve(world).toString() : world;
      List<Search> searches = new ArrayList<>();
      for (int workers = 1; workers <= 2; workers++) {
        String count = "" + workers;
        searches.add(() -> explore(List.of(name, "--reduce", "none", "--workers", count)));
      }
      List<Figure> medians = medians(searches);
      for (int each = 0; each < medians.size(); each++) {
        Figure figure = medians.get(each);
        row(
            "| %s | %,d | %s | %,.0f | %.2f | %.1f |",
            world,
            figure.states(),
            each == 0 ? "1 worker" : "2 workers",
            figure.statesPerSecond(),
            figure.seconds(),
            figure.bytesPerState());
      }
    }
    row("\n`two-pages.yaml` is in `src/bench/resources`: it is larger than what is shipped.");
    row("A search of some hundred states is the start of a JVM, and no speed.");
  }
}
