package dev.faultline.scenario;

import dev.faultline.protocol.design.Act;
import dev.faultline.protocol.design.ConvertCall;
import dev.faultline.protocol.design.Lock;
import dev.faultline.protocol.design.LockMode;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.design.Program;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.design.Stage;
import dev.faultline.scenario.LinesYaml.Line;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Nearest;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problem;
import dev.faultline.scenario.yaml.Report;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the lists of a revision's operations: those of its base, those that are new, and edits. */
final class OperationsBuilder {

  private final RevisionYaml.File file;
  private final ConvertCall call;
  private final Strictness strictness;
  private final Report report;
  private final Map<Operation, List<Stage>> stages = new EnumMap<>(Operation.class);

  /** Where an operation is written or changed, for messages about its list as a whole. */
  private final Map<Operation, Position> places = new EnumMap<>(Operation.class);

  OperationsBuilder(
      RevisionYaml.File file,
      Optional<Revision> base,
      ConvertCall call,
      Strictness strictness,
      Report report) {
    this.file = file;
    this.call = call;
    this.strictness = strictness;
    this.report = report;
    base.ifPresent(
        revision ->
            revision
                .operations()
                .forEach((operation, program) -> stages.put(operation, program.stages())));
  }

  /** The lists; what makes no sense in them is a problem. */
  Map<Operation, List<Stage>> build() {
    file.operations().forEach(this::put);
    file.drop().forEach((operation, words) -> words.forEach(word -> drop(operation, word)));
    file.move()
        .forEach(
            (operation, moves) -> moves.forEach((word, where) -> move(operation, word, where)));
    file.swap()
        .forEach(
            (operation, swaps) -> swaps.forEach((word, other) -> swap(operation, word, other)));
    file.change().forEach((operation, lines) -> lines.forEach(line -> change(operation, line)));
    for (Operation operation : needed()) {
      if (!stages.containsKey(operation)) {
        report.problem(RevisionBuilder.missing(operation.word()));
      }
    }
    // Where a line could not be read, what seems to be missing may be what it was to say.
    if (!report.problems().isIn(report.at().file())) {
      stages.forEach(
          (operation, lines) ->
              new OrderRules(
                      operation, places.getOrDefault(operation, report.at()), strictness, report)
                  .check(lines));
    }
    return stages;
  }

  private List<Operation> needed() {
    List<Operation> needed =
        new ArrayList<>(
            List.of(
                Operation.CONVERT_TO_PRIVATE,
                Operation.CONVERT_TO_SHARED,
                Operation.HOST_FAULT,
                Operation.GET_USER_PAGES,
                Operation.GET_USER_PAGES_FAST,
                Operation.GET_PAGE,
                Operation.PUNCH_HOLE,
                Operation.GUEST_FAULT));
    boolean asks =
        stages.values().stream()
            .flatMap(lines -> Program.of(lines).acts().stream())
            .anyMatch(act -> act instanceof Act.AskInode);
    if (asks) {
      needed.add(Operation.AGREE_TO_PRIVATE);
      needed.add(Operation.AGREE_TO_SHARED);
    }
    boolean registers =
        stages.values().stream()
            .flatMap(lines -> Program.of(lines).acts().stream())
            .anyMatch(act -> act instanceof Act.RegisterCallbacks);
    if (registers) {
      needed.add(Operation.LAST_PUT);
    }
    return needed;
  }

  private PlaceRules rules(Operation operation) {
    return new PlaceRules(operation, operation.site(call), strictness, report);
  }

  private void put(Operation operation, List<Line> lines) {
    lines.stream().findFirst().ifPresent(line -> places.put(operation, line.at()));
    stages.put(operation, stages(rules(operation), lines, List.of()));
  }

  private static List<Stage> stages(PlaceRules rules, List<Line> lines, List<Lock> held) {
    List<Stage> stages = new ArrayList<>();
    for (Line line : lines) {
      switch (line) {
        case Line.ActLine(Position at, Act act, List<Line> undo) -> {
          rules.check(at, act, held);
          stages.add(new Stage.Do(act, stages(rules, undo, held)));
        }
        case Line.HoldLine(
                Position at,
                Lock lock,
                LockMode mode,
                List<Line> inner,
                List<Line> undo) -> {
          rules.check(at, lock, held);
          stages.add(
              new Stage.Hold(
                  lock, mode, stages(rules, inner, with(held, lock)), stages(rules, undo, held)));
        }
      }
    }
    return stages;
  }

  private static List<Lock> with(List<Lock> held, Lock lock) {
    List<Lock> all = new ArrayList<>(held);
    all.add(lock);
    return all;
  }

  // Differences.

  private void drop(Located<Operation> operation, Located<String> word) {
    List<Stage> lines = lines(operation);
    if (known(lines, operation.value(), word)) {
      edited(operation.value(), word.at(), StageEdit.drop(lines, word.value()));
    }
  }

  private void move(Located<Operation> operation, Located<String> word, Located<String> where) {
    List<Stage> lines = lines(operation);
    boolean before = where.value().startsWith("before ");
    if (!before && !where.value().startsWith("after ")) {
      report.problem(
          where.at(), "expected before or after an act, found " + Problem.quoted(where.value()));
      return;
    }
    Located<String> anchor =
        new Located<>(where.value().substring(before ? 7 : 6).strip(), where.at());
    if (known(lines, operation.value(), word) & known(lines, operation.value(), anchor)) {
      if (!StageEdit.words(StageEdit.takeOut(lines, word.value())).contains(anchor.value())) {
        report.problem(
            where.at(),
            Problem.quoted(word.value())
                + " cannot stand "
                + where.value()
                + ", which moves with it; name a line that stays");
        return;
      }
      edited(
          operation.value(),
          word.at(),
          StageEdit.move(lines, word.value(), anchor.value(), before));
    }
  }

  private void swap(Located<Operation> operation, Located<String> word, Located<String> other) {
    List<Stage> lines = lines(operation);
    if (known(lines, operation.value(), word) & known(lines, operation.value(), other)) {
      if (StageEdit.isWithin(lines, word.value(), other.value())) {
        report.problem(
            other.at(),
            Problem.quoted(word.value())
                + " and "
                + Problem.quoted(other.value())
                + " cannot change places: one is under the other; name two lines side by side");
        return;
      }
      edited(operation.value(), word.at(), StageEdit.swap(lines, word.value(), other.value()));
    }
  }

  private void change(Located<Operation> operation, Line line) {
    if (!(line instanceof Line.ActLine(Position at, Act act, List<Line> undo))) {
      report.problem(line.at(), "only an act is changed; drop and move are for locks");
      return;
    }
    List<Stage> lines = lines(operation);
    if (known(lines, operation.value(), new Located<>(act.word(), at))) {
      List<Stage> ways = stages(rules(operation.value()), undo, List.of());
      edited(operation.value(), at, StageEdit.change(lines, act, ways));
    }
  }

  private void edited(Operation operation, Position at, List<Stage> lines) {
    places.put(operation, at);
    stages.put(operation, lines);
    checkPlaces(rules(operation), at, lines, List.of());
  }

  /** Checks again what an edit may have put under other locks. */
  private static void checkPlaces(
      PlaceRules rules, Position at, List<Stage> stages, List<Lock> held) {
    for (Stage stage : stages) {
      switch (stage) {
        case Stage.Do step -> rules.check(at, step.act(), held);
        case Stage.Hold hold -> {
          rules.check(at, hold.lock(), held);
          checkPlaces(rules, at, hold.stages(), with(held, hold.lock()));
        }
      }
      checkPlaces(rules, at, stage.undo(), held);
    }
  }

  private List<Stage> lines(Located<Operation> operation) {
    List<Stage> lines = stages.get(operation.value());
    if (lines == null) {
      report.problem(operation.at(), "the base has no " + operation.value().word());
      return List.of();
    }
    return lines;
  }

  private boolean known(List<Stage> lines, Operation operation, Located<String> word) {
    List<String> words = StageEdit.words(lines);
    if (!words.contains(word.value())) {
      report.problem(
          word.at(),
          "no "
              + Problem.quoted(word.value())
              + " in "
              + operation.word()
              + Nearest.hint(word.value(), words));
      return false;
    }
    return true;
  }
}
