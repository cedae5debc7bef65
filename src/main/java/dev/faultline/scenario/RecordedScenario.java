package dev.faultline.scenario;

import dev.faultline.journal.Source;
import dev.faultline.property.EveryRequestIsAnswered;
import dev.faultline.property.Monitor;
import dev.faultline.property.Properties;
import dev.faultline.protocol.Chance;
import dev.faultline.protocol.message.Result;
import dev.faultline.scenario.ScenarioLoader.Swap;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.scenario.yaml.YamlDocument;
import dev.faultline.scenario.yaml.YamlEdit;
import dev.faultline.scenario.yaml.YamlSource;
import dev.faultline.world.Schedule;
import dev.faultline.world.Script;
import dev.faultline.world.Step;
import dev.faultline.world.StepText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A scenario with the steps that were found to lead somewhere, as the text of a file that {@code
 * run} takes: the scenario as its author wrote it, but with the designs that were in force, the
 * steps as its schedule, and what they lead to as its expectation.
 *
 * @param scenario that the steps are of, with the text that it was read from
 * @param overrides that were in force when it was loaded
 * @param steps from the first one; each can be taken after those before it
 * @param loopsFrom for steps that come back to a world: after how many of them it was the same
 * @param found what was looked for and is so after the last of them, as an expression
 * @param origin how they were found, in lines for the head of the file; may be empty
 */
public record RecordedScenario(
    Scenario scenario,
    ScenarioLoader.Overrides overrides,
    List<Labelled> steps,
    Optional<Long> loopsFrom,
    Optional<String> found,
    String origin) {

  /** Labels begin at this column or before it, if the step is not longer. */
  private static final int LABEL_COLUMN = 48;

  private static final int LINE_WIDTH = 72;

  /** An act that needs no quotes: "convert.to-private:hold invalidate". */
  private static final String PLAIN =
      "[a-z][a-z0-9.-]*( [a-z0-9.-]+)*(:[a-z][a-z0-9.-]*( [a-z0-9.-]+)*)?";

  public RecordedScenario {
    steps = List.copyOf(steps);
  }

  /**
   * A step and what it does, for people.
   *
   * @param label may be empty
   */
  public record Labelled(Step step, String label) {}

  /**
   * The text of the file.
   *
   * @throws IllegalArgumentException if the steps cannot be taken, or the scenario brings no text
   *     along
   * @see RecordedCheck#mistake
   */
  public String text() {
    Run end = end();
    YamlSource source = new YamlSource(scenario.file(), YamlEdit.withBlockRoot(original()));
    YamlEdit edit = YamlEdit.of(source.text());
    ScenarioYaml.File file = file(source);
    designs(edit, file);
    answers(edit, file, end);
    open(edit);
    List.of("expect", "schedule", "seed").forEach(edit::remove);
    List<String> wishes = wishes(end);
    if (!wishes.isEmpty()) {
      edit.append("\nexpect:\n" + String.join("\n", wishes));
    }
    String steps = this.steps.isEmpty() ? " []" : "\n" + String.join("\n", schedule());
    edit.append("\nschedule:" + steps);
    return head() + edit.text();
  }

  /** The scenario's own text, with the designs that were in force. */
  String designed() {
    YamlSource source = new YamlSource(scenario.file(), YamlEdit.withBlockRoot(original()));
    YamlEdit edit = YamlEdit.of(source.text());
    designs(edit, file(source));
    return edit.text();
  }

  private Run end() {
    Run run =
        Run.start(scenario, new Schedule.Recorded(steps.stream().map(Labelled::step).toList()));
    for (Optional<Step> next = run.next(); next.isPresent(); next = run.next()) {
      run = run.take(next.get()).after();
    }
    if (!run.isRecordedEnd()) {
      throw new IllegalArgumentException("step " + (run.agenda().step() + 1) + " cannot be taken");
    }
    return run;
  }

  private String original() {
    return scenario.sources().stream()
        .filter(source -> source.kind() == Source.Kind.SCENARIO)
        .map(Source::text)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(scenario.name() + " has no text"));
  }

  private String head() {
    StringBuilder head = new StringBuilder();
    origin.lines().forEach(line -> head.append(("# " + line).stripTrailing()).append('\n'));
    return origin.isBlank() ? "" : head.append('\n').toString();
  }

  // Designs.

  /**
   * Says what was in force. A design that comes with faultline stays a name; one that was read from
   * elsewhere, or changed on the fly, is written down: the first source of a kind is what it was.
   */
  private void designs(YamlEdit edit, ScenarioYaml.File file) {
    design(edit, Source.Kind.MODE, overrides.mode(), file.mode(), "story");
    design(edit, Source.Kind.REVISION, overrides.revision(), file.revision(), "mode");
    String behind = edit.has("revision") ? "revision" : "mode";
    changes(edit, file.changes(), behind);
    design(edit, Source.Kind.VMM, overrides.vmm(), file.vmm(), behind);
    design(edit, Source.Kind.GUEST, overrides.guest(), file.guest(), behind);
  }

  private void design(
      YamlEdit edit,
      Source.Kind kind,
      Optional<String> override,
      Located<DesignName> written,
      String behind) {
    Source source =
        scenario.sources().stream()
            .filter(each -> each.kind() == kind)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("the scenario has no text of " + kind));
    // A revision that is not named is that of the first mutation, and there may be others now.
    boolean asWritten =
        override.isEmpty()
            && (kind != Source.Kind.REVISION || edit.has("revision") || mutations().isEmpty())
            && switch (written.value()) {
              case DesignName.Named(String name) -> name.equals(source.name());
              case DesignName.Own(String name) -> name.equals(source.name());
            };
    boolean known = Library.isShipped(source);
    boolean own = written.value() instanceof DesignName.Own;
    if (asWritten && (known || own)) {
      return;
    }
    edit.set(Library.place(kind), known ? source.name() : "\n" + indented(source), behind);
  }

  /** A design's text, as it stands under its key. */
  private static String indented(Source design) {
    return stripped(design).replaceAll("(?m)^(?=.)", "  ");
  }

  private static String stripped(Source design) {
    return design.text().replaceAll("(?m)^(---|\\.\\.\\.)[ \r]*$", "").stripIndent().strip();
  }

  private List<Source> mutations() {
    return scenario.sources().stream()
        .filter(source -> source.kind() == Source.Kind.MUTATION)
        .toList();
  }

  /** What was changed of the revision, by the scenario and by the overrides. */
  private void changes(YamlEdit edit, ScenarioYaml.Changes written, String behind) {
    List<String> without =
        Stream.concat(written.without().stream().map(Located::value), overrides.without().stream())
            .toList();
    List<Swap> swaps =
        Stream.concat(
                written.swaps().stream()
                    .map(pair -> new Swap(pair.first().value(), pair.second().value())),
                overrides.swaps().stream())
            .toList();
    List<Source> mutations = mutations();
    // The last one was made of the lines that were left out or swapped.
    boolean onTheFly = !without.isEmpty() || !swaps.isEmpty();
    List<Source> files = mutations.subList(0, mutations.size() - (onTheFly ? 1 : 0));
    boolean asWritten = overrides.mutations().isEmpty();
    for (int index = 0; index < written.mutations().size(); index++) {
      boolean own = written.mutations().get(index).value() instanceof DesignName.Own;
      asWritten &= own || Library.isShipped(files.get(index));
    }
    if (!asWritten) {
      edit.set("mutations", "\n" + String.join("\n", items(files)), behind);
    }
    if (!overrides.without().isEmpty()) {
      edit.set("without", listed(without), behind);
    }
    if (!overrides.swaps().isEmpty()) {
      List<String> pairs =
          swaps.stream().map(swap -> listed(List.of(swap.first(), swap.second()))).toList();
      edit.set("swap", "[" + String.join(", ", pairs) + "]", behind);
    }
  }

  private static List<String> items(List<Source> mutations) {
    return mutations.stream()
        .map(
            source ->
                "  - "
                    + (Library.isShipped(source)
                        ? source.name()
                        : stripped(source).replaceAll("\n(?=.)", "\n    ")))
        .toList();
  }

  /** A list of names of acts. */
  private static String listed(List<String> acts) {
    return acts.stream()
        .map(act -> act.matches(PLAIN) ? act : quoted(act))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  private static String quoted(String text) {
    String line = text.strip().replaceAll("\\s+", " ");
    return '"' + line.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private void open(YamlEdit edit) {
    List<Chance> open = scenario.setup().open();
    if (!open.isEmpty()) {
      String words = String.join(", ", open.stream().map(Chance::word).toList());
      edit.set("open", "[" + words + "]", "memory");
    }
  }

  // Answers of lines.

  /** A line that ended otherwise than expected is to end so; what cannot come is not expected. */
  private void answers(YamlEdit edit, ScenarioYaml.File file, Run end) {
    Map<String, Result> results = results(end);
    lines(file)
        .forEach(
            (name, line) -> {
              Optional<Located<Expected>> wanted =
                  line.expect().or(() -> Verbs.inner(line.action().value()));
              if (wanted.isEmpty()) {
                return;
              }
              Position at = wanted.get().at();
              Optional<Result> result = Optional.ofNullable(results.get(name));
              if (result.isPresent() && !wanted.get().value().admits(result.get())) {
                edit.replace(at, Expected.Answer.of(result.get()).word());
              } else if (!isPossible(line, wanted.get())) {
                result.ifPresentOrElse(
                    is -> edit.replace(at, Expected.Answer.of(is).word()),
                    () -> edit.removeEntry(at));
              }
            });
  }

  /** An answer that the scenario expects may be none of the revision that was in force. */
  private boolean isPossible(ScriptYaml.Line line, Located<Expected> wanted) {
    Problems problems = new Problems();
    new Answers(scenario.setup().revision(), problems).check(line.action().value(), wanted);
    return problems.isEmpty();
  }

  private static Map<String, Result> results(Run end) {
    Map<String, Result> results = new TreeMap<>();
    for (Script script : end.scenario().setup().scripts()) {
      List<Result> ended = end.world().scripts().get(script.party()).results();
      for (int index = 0; index < ended.size(); index++) {
        results.put(script.lines().get(index).name(), ended.get(index));
      }
    }
    return results;
  }

  private static ScenarioYaml.File file(YamlSource source) {
    Problems problems = new Problems();
    return YamlDocument.parse(source, problems)
        .flatMap(tree -> ScenarioYaml.FILE.decode(tree, problems))
        .orElseThrow(() -> new IllegalArgumentException(problems.render()));
  }

  /** The lines as they are written, by their names. */
  private static Map<String, ScriptYaml.Line> lines(ScenarioYaml.File file) {
    Map<String, ScriptYaml.Line> lines = new LinkedHashMap<>();
    file.scripts()
        .forEach(
            (party, script) -> {
              for (int number = 1; number <= script.size(); number++) {
                ScriptYaml.Line line = script.get(number - 1);
                lines.put(ScriptBuilder.name(party.value(), number, line), line);
              }
            });
    return lines;
  }

  // What comes of the steps.

  private List<String> wishes(Run end) {
    List<String> wishes = new ArrayList<>();
    Map<String, String> sentences = sentences();
    end.firstBroken()
        .forEach(
            (property, step) -> {
              String broken =
                  step == steps.size()
                      ? property
                      : "{property: " + property + ", at-step: " + step + "}";
              comment(wishes, sentences.get(property));
              wishes.add("  - breaks: " + broken);
            });
    List<String> unanswered = EveryRequestIsAnswered.unanswered(end.world());
    if (!unanswered.isEmpty() && (end.isAtRest() || loopsFrom.isPresent())) {
      unanswered.forEach(text -> comment(wishes, text));
      wishes.add(loopsFrom.isPresent() ? "  - breaks: " + Properties.EVENTUALLY : "  - stuck");
    }
    if (end.isAtRest() || loopsFrom.isPresent()) {
      end.notReached().forEach(promise -> wishes.add("  - breaks: " + promise.name()));
    }
    found.ifPresent(text -> wishes.add("  - found: " + quoted(text)));
    loopsFrom.ifPresent(step -> wishes.add("  - loops-from: " + step));
    return wishes;
  }

  /** Who breaks each property first, and where. */
  private Map<String, String> sentences() {
    Map<String, String> sentences = new TreeMap<>();
    Run run = Run.start(scenario, new Schedule.Fifo());
    for (Labelled step : steps) {
      run = run.take(step.step()).after();
      for (Monitor.Change change : run.monitor().changes()) {
        if (change.broken()) {
          sentences.putIfAbsent(change.property(), change.text());
        }
      }
    }
    return sentences;
  }

  private static void comment(List<String> lines, String text) {
    StringBuilder line = new StringBuilder("  #");
    for (String word : text.split("\\s+")) {
      if (line.length() + 1 + word.length() > LINE_WIDTH && line.length() > 3) {
        lines.add(line.toString());
        line = new StringBuilder("  #");
      }
      line.append(' ').append(word);
    }
    lines.add(line.toString());
  }

  private List<String> schedule() {
    List<String> texts = steps.stream().map(step -> "  - " + StepText.of(step.step())).toList();
    int width =
        texts.stream().mapToInt(String::length).filter(it -> it < LABEL_COLUMN).max().orElse(0);
    List<String> lines = new ArrayList<>();
    for (int index = 0; index < steps.size(); index++) {
      String label = (index + 1) + " " + steps.get(index).label().replaceAll("\\s+", " ");
      String text = texts.get(index);
      lines.add((text + " ".repeat(Math.max(0, width - text.length())) + "   # " + label).strip());
    }
    lines.replaceAll(line -> "  " + line);
    return lines;
  }
}
