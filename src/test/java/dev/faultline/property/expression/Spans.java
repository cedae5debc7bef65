package dev.faultline.property.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.scenario.ExpressionText;
import dev.faultline.scenario.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.world.Schedule;
import dev.faultline.world.Step;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The worlds of a run, and after which of its steps an expression is so. */
final class Spans {

  private final Scenario scenario;
  private final List<World> worlds = new ArrayList<>();

  private Spans(Scenario scenario) {
    this.scenario = scenario;
  }

  static Spans of(Scenario scenario) {
    Spans spans = new Spans(scenario);
    Run run = Run.start(scenario, new Schedule.Fifo());
    spans.worlds.add(run.world());
    for (Optional<Step> next = run.next(); next.isPresent(); next = run.next()) {
      run = run.take(next.get()).after();
      spans.worlds.add(run.world());
    }
    return spans;
  }

  static Expression parse(Scenario scenario, String text) {
    return switch (Expression.parse(text, scenario.setup())) {
      case Parsed.Right(Expression expression) -> expression;
      case Parsed.Wrong(Mistake mistake) ->
          throw new AssertionError(ExpressionText.pointed("test", text, mistake));
    };
  }

  World last() {
    return worlds.getLast();
  }

  /** "24..35 96..": so after these steps, 0 being the start; without a second one, to the end. */
  String when(String text) {
    Expression expression = parse(scenario, text);
    StringBuilder spans = new StringBuilder();
    boolean was = false;
    for (int step = 0; step < worlds.size(); step++) {
      boolean is = expression.holds(worlds.get(step));
      if (is && !was) {
        spans.append(spans.isEmpty() ? "" : " ").append(step).append("..");
      } else if (!is && was) {
        spans.append(step - 1);
      }
      was = is;
    }
    return spans.toString();
  }

  /** Whether an expression is so after a step. */
  void says(String text, String when) {
    assertThat(when(text)).as("%s", text).isEqualTo(when);
  }
}
