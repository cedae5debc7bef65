package dev.faultline.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs all benchmarks and writes their table, beside what the kernel's own structures take. */
public final class Figures {

  /**
   * A row of the table.
   *
   * @param benchmark the method that measures it
   * @param xarray the kernel's figure for an xarray
   * @param mapleTree the kernel's figure for a maple tree
   */
  private record Row(String operation, String benchmark, String xarray, String mapleTree) {}

  /** The order of the table; the kernel's figures were measured in C, and not by this program. */
  private static final List<Row> ROWS =
      List.of(
          new Row("set all of 64 GiB, one run before", "setWhole", "0.86 s", "39 ns"),
          new Row("set all of 64 GiB, 32,768 runs before", "setWholeOfPieces", "", ""),
          new Row("flip 2 MiB, sequential", "flipSequential", "19-25 us", "0.3-0.7 us"),
          new Row("flip 2 MiB, every second", "flipAlternating", "19-25 us", "0.3-0.7 us"),
          new Row("flip 2 MiB, random", "flipRandom", "19-25 us", "0.3-0.7 us"),
          new Row("look-up, 1 GiB by 2 MiB", "lookUp1GibBy2Mib", "", ""),
          new Row("look-up, 1 GiB by 4 KiB", "lookUp1GibBy4Kib", "", ""),
          new Row("look-up, 64 GiB by 2 MiB", "lookUp64GibBy2Mib", "81 ns", "64 ns"),
          new Row("look-up, 64 GiB by 4 KiB", "lookUp64GibBy4Kib", "", ""));

  private Figures() {}

  /**
   * @param arguments the file to write
   */
  public static void main(String[] arguments) throws IOException, RunnerException {
    Map<String, double[]> measured = measure();
    StringBuilder text = new StringBuilder(heading());
    for (Row row : ROWS) {
      double[] times = measured.get(row.benchmark());
      text.append(
          "| %-37s | %8s | %10s | %7s | %15s |%n"
              .formatted(
                  row.operation(), row.xarray(), row.mapleTree(), median(times), range(times)));
    }
    Files.writeString(Path.of(arguments[0]), text.append(notes()));
  }

  /** The CPU time of each iteration, ascending, by method. */
  private static Map<String, double[]> measure() throws RunnerException {
    Map<String, double[]> measured = new TreeMap<>();
    var options =
        new OptionsBuilder()
            .include(RangeMapBenchmark.class.getName())
            .addProfiler(CpuTime.class)
            .verbosity(VerboseMode.NORMAL)
            .shouldFailOnError(true)
            .build();
    for (RunResult run : new Runner(options).run()) {
      String name = run.getParams().getBenchmark();
      measured.put(
          name.substring(name.lastIndexOf('.') + 1),
          run.getBenchmarkResults().stream()
              .map(BenchmarkResult::getIterationResults)
              .flatMap(iterations -> iterations.stream())
              .mapToDouble(Figures::cpuTime)
              .sorted()
              .toArray());
    }
    return measured;
  }

  private static double cpuTime(IterationResult iteration) {
    return iteration.getSecondaryResults().get(CpuTime.LABEL).getScore();
  }

  private static String median(double[] times) {
    return "%.0f ns".formatted(times[times.length / 2]);
  }

  private static String range(double[] times) {
    return "%.0f-%.0f ns".formatted(times[0], times[times.length - 1]);
  }

  private static String heading() throws IOException {
    return """
    # What the range map costs

    Written by `mvn -q -B -Pbench verify`, which takes about seven minutes and runs no tests.

    %s, %d CPUs, JDK %s, %s.

    | operation                             |   xarray | maple tree |  median | all iterations  |
    |---------------------------------------|---------:|-----------:|--------:|----------------:|
    """
        .formatted(
            processor(),
            Runtime.getRuntime().availableProcessors(),
            Runtime.version().feature(),
            LocalDate.now(ZoneOffset.UTC));
  }

  static String processor() throws IOException {
    Path file = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(file)) {
      return System.getProperty("os.arch");
    }
    try (Stream<String> lines = Files.lines(file, StandardCharsets.UTF_8)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    }
  }

  private static String notes() {
    return """

    The figures of xarray and maple tree are the kernel's own structures, in C, on another day and
    machine of this kind; an xarray of 64 GiB takes 153 MB. Ours are the CPU time of the process,
    garbage collection included, in two forks: time by the clock says more about who else is on the
    machine. Caches are shared with them all the same, so a figure may differ by a third.

    - A flip copies the nodes above it, about 1.2 KB: the map before it stays as it is. That is
      also why it does not get below the kernel's quickest, 0.3 us, once there are many runs.
    - A look-up of 64 GiB by 4 KiB walks 16.8 million runs in 200 MB: it waits for memory.
    - A map that is looked up in was moved together by a garbage collection first.
    """;
  }
}
