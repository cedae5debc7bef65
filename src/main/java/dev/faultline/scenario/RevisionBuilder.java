package dev.faultline.scenario;

import dev.faultline.protocol.design.ConvertCall;
import dev.faultline.protocol.design.FirstState;
import dev.faultline.protocol.design.GmemFlags;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.design.Program;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.design.Site;
import dev.faultline.protocol.design.Stage;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.scenario.yaml.Report;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes a revision of its file and of the one that it builds on. */
final class RevisionBuilder {

  private final RevisionYaml.File file;
  private final Optional<Revision> base;
  private final Report report;
  private final Strictness strictness;

  RevisionBuilder(
      RevisionYaml.File file, Optional<Revision> base, Strictness strictness, Problems problems) {
    this.file = file;
    this.base = base;
    this.strictness = strictness;
    this.report = new Report(file.at(), problems);
  }

  /** The revision; empty, with problems, if it makes no sense. */
  Optional<Revision> build() {
    int before = report.problems().count();
    Optional<Site> attributes = file.attributes().or(() -> base.map(Revision::attributes));
    Optional<ConvertCall> call = file.call().or(() -> base.map(Revision::call));
    Optional<Errno> blocked = file.blocked().or(() -> base.map(Revision::blocked));
    Optional<FirstState> first = first();
    require(attributes, "attributes");
    require(call, "convert.call");
    require(blocked, "convert.blocked");
    require(first, "start");
    if (report.problems().count() > before) {
      return Optional.empty();
    }
    Map<Operation, List<Stage>> lists =
        new OperationsBuilder(file, base, call.get(), strictness, report).build();
    if (report.problems().count() > before) {
      return Optional.empty();
    }
    Map<Operation, Program> programs = new EnumMap<>(Operation.class);
    lists.forEach((operation, lines) -> programs.put(operation, Program.of(lines)));
    return Optional.of(
        new Revision(
            file.name(),
            file.source(),
            attributes.get(),
            call.get(),
            file.checks().or(() -> base.map(Revision::checks)).orElse(List.of()),
            blocked.get(),
            first.get(),
            firstByMode(first.get()),
            file.breaks().or(() -> base.map(Revision::breaks)).orElse(List.of()),
            file.gmemFlags()
                .or(() -> base.map(Revision::gmemFlags))
                .orElse(new GmemFlags(List.of(), List.of())),
            file.extensions().or(() -> base.map(Revision::extensions)).orElse(List.of()),
            programs));
  }

  /** How a file stands at first; empty if nobody says by which calls the first view is reached. */
  private Optional<FirstState> first() {
    return base.map(Revision::first)
        .or(() -> file.first().start().map(calls -> new FirstState(true, Optional.empty(), calls)))
        .map(file.first()::over);
  }

  private Map<String, FirstState> firstByMode(FirstState first) {
    Map<String, FirstState> byMode = new TreeMap<>();
    base.ifPresent(revision -> byMode.putAll(revision.firstByMode()));
    file.firstByMode()
        .forEach((mode, own) -> byMode.put(mode, own.over(byMode.getOrDefault(mode, first))));
    return byMode;
  }

  private void require(Optional<?> value, String key) {
    if (value.isEmpty()) {
      report.problem(missing(key));
    }
  }

  /** What is told about a key that is neither in the file nor in what it builds on. */
  static String missing(String key) {
    return "a revision needs the key \"" + key + "\", or a base that has it";
  }
}
