package dev.faultline.cli;

import dev.faultline.conform.Bench;
import dev.faultline.conform.Conformance;
import dev.faultline.conform.ConformanceText;
import dev.faultline.conform.ModelFactory;
import dev.faultline.conform.Trace;
import dev.faultline.conform.TraceReader;
import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.design.Revision;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problems;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Holds the model against recorded answers of a real kernel. */
@Command(
    name = "conform",
    description =
        "Put the operations of recorded traces to the model, and compare every field of its answers"
            + " with the kernel's. A line for each trace: operations, agreements, and the first"
            + " disagreement with the model's reason.")
final class ConformCommand implements Callable<Integer> {

  /** How a trace's name begins, and the revision that it was recorded with. */
  private static final Map<String, String> REVISION_OF =
      new TreeMap<>(Map.of("in-place-", "in-place-v8", "linux-7.3-", "linux-7.3"));

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0..*",
      arity = "1..*",
      paramLabel = "TRACE",
      description = "a recorded trace, *.jsonl")
  private List<String> traces = List.of();

  @Option(
      names = "--revision",
      paramLabel = "NAME|FILE",
      description =
          "the revision to compare with; otherwise that of each trace's name: linux-7.3-* is of"
              + " linux-7.3, in-place-* of in-place-v8")
  private @Nullable String revision;

  @Option(names = "--ktap", description = "print KTAP version 1, as the kernel's tests do")
  private boolean ktap;

  /** The modes of KVM_X86_DEFAULT_VM and KVM_X86_SW_PROTECTED_VM. */
  private static final List<String> TYPES = List.of("default", "sw-protected");

  private final ModelFactory models;

  ConformCommand() {
    this(Bench::of);
  }

  ConformCommand(ModelFactory models) {
    this.models = models;
  }

  /** A trace with what it is held against. */
  private record Comparison(Trace trace, Revision revision) {}

  @Override
  public Integer call() {
    Problems problems = new Problems();
    List<Comparison> comparisons = read(problems);
    List<Mode> types = new ArrayList<>();
    for (String type : TYPES) {
      ScenarioLoader.mode(Inputs.library(), type, Position.ofFile("conf/mode"), problems)
          .ifPresent(types::add);
    }
    refuseIfAny(problems);
    List<Conformance.Result> results = new ArrayList<>();
    for (Comparison comparison : comparisons) {
      Conformance.compare(
              comparison.trace(),
              comparison.revision().name(),
              models.of(comparison.revision(), types),
              problems)
          .ifPresent(results::add);
    }
    refuseIfAny(problems);
    PrintWriter out = spec.commandLine().getOut();
    if (ktap) {
      out.print(ConformanceText.ktap(results));
    } else {
      results.forEach(result -> out.println(ConformanceText.line(result)));
    }
    return results.stream().allMatch(Conformance.Result::agrees)
        ? ExitCode.AS_EXPECTED
        : ExitCode.NOT_AS_EXPECTED;
  }

  private List<Comparison> read(Problems problems) {
    List<Comparison> comparisons = new ArrayList<>();
    Map<String, Optional<Revision>> known = new TreeMap<>();
    for (String name : traces) {
      Path file = Inputs.path(spec.commandLine(), name);
      Optional<Trace> trace = TraceReader.read(file, problems);
      Optional<Revision> against =
          revisionName(file, problems)
              .flatMap(
                  word ->
                      known.computeIfAbsent(
                          word,
                          _ ->
                              ScenarioLoader.revision(
                                  Inputs.library(), word, asked(file), problems)));
      if (trace.isPresent() && against.isPresent()) {
        comparisons.add(new Comparison(trace.get(), against.get()));
      }
    }
    return comparisons;
  }

  private Optional<String> revisionName(Path file, Problems problems) {
    if (revision != null) {
      return Optional.of(revision);
    }
    String name = String.valueOf(file.getFileName());
    Optional<String> found =
        REVISION_OF.entrySet().stream()
            .filter(entry -> name.startsWith(entry.getKey()))
            .map(Map.Entry::getValue)
            .findFirst();
    if (found.isEmpty()) {
      problems.add(
          asked(file),
          "no revision: the trace's name begins neither with \"linux-7.3-\" nor with"
              + " \"in-place-\"; name one with --revision");
    }
    return found;
  }

  private Position asked(Path file) {
    return Position.ofFile(revision == null ? file.toString() : "--revision");
  }

  private void refuseIfAny(Problems problems) {
    if (!problems.isEmpty()) {
      throw new Inputs.Bad(spec.commandLine(), problems.render().stripTrailing());
    }
  }
}
