package dev.faultline.scenario;

import dev.faultline.property.expression.Expression;
import dev.faultline.property.expression.Mistake;
import dev.faultline.property.expression.Parsed;
import dev.faultline.property.expression.Promise;
import dev.faultline.scenario.PromiseYaml.Written;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.scenario.yaml.ScalarPlaces;
import dev.faultline.scenario.yaml.YamlSource;
import dev.faultline.world.WorldSetup;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Reads the expressions of what a scenario promises. */
final class PromiseBuilder {

  private final YamlSource source;
  private final WorldSetup setup;
  private final Problems problems;
  private final Map<String, Integer> lines = new TreeMap<>();

  PromiseBuilder(YamlSource source, WorldSetup setup, Problems problems) {
    this.source = source;
    this.setup = setup;
    this.problems = problems;
  }

  /** The promises; those that make no sense are left out, with a problem. */
  List<Promise> promises(List<Written> written) {
    List<Promise> promises = new ArrayList<>();
    for (Written each : written) {
      promise(each).filter(promise -> isNew(promise, each)).ifPresent(promises::add);
    }
    return promises;
  }

  private Optional<Promise> promise(Written written) {
    String text = written.text().value();
    return switch (Expression.parse(text, setup)) {
      case Parsed.Right(Expression expression) -> Optional.of(promise(written, expression));
      case Parsed.Wrong(Mistake mistake) -> {
        Position at = new ScalarPlaces(source, written.text().at()).of(text, mistake.start());
        problems.add(at, ExpressionText.told(mistake));
        yield Optional.empty();
      }
    };
  }

  private static Promise promise(Written written, Expression expression) {
    String word = written.when().name().toLowerCase(Locale.ROOT);
    String name =
        written.name().map(Located::value).orElse(word + " \"" + expression.text() + "\"");
    int line = written.text().at().line();
    return switch (written.when()) {
      case NEVER -> new Promise.Never(name, expression, line);
      case ALWAYS -> new Promise.Always(name, expression, line);
      case SOMETIMES -> new Promise.Sometimes(name, expression, line);
      case EVENTUALLY -> new Promise.Eventually(name, expression, line);
    };
  }

  private boolean isNew(Promise promise, Written written) {
    Position at = written.name().map(Located::at).orElse(written.text().at());
    Integer before = lines.putIfAbsent(promise.name(), at.line());
    if (before != null) {
      problems.add(at, promise.name() + " is promised on line " + before + " already");
    }
    return before == null;
  }
}
