package dev.faultline.scenario.yaml;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.BiFunction;

/** Another shape whose values are looked at once more, and changed. */
final class CheckedShape<S, T> extends Shape<T> {

  private final Shape<S> base;
  private final BiFunction<? super S, Report, Optional<T>> change;

  CheckedShape(Shape<S> base, BiFunction<? super S, Report, Optional<T>> change) {
    this.base = base;
    this.change = change;
  }

  @Override
  public Optional<T> decode(YamlNode node, Problems problems) {
    return base.decode(node, problems)
        .flatMap(value -> change.apply(value, new Report(node.at(), problems)));
  }

  @Override
  ObjectNode schema(Definitions definitions) {
    return base.schema(definitions);
  }
}
