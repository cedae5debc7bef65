package dev.faultline.scenario.yaml;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What a node of a file has to look like, and what is made of it.
 *
 * @param <T> what is made of it
 */
public interface Shape<T> {

  /** The value; empty if the node does not fit, and then the problems say why. Never throws. */
  Optional<T> decode(YamlNode node, Problems problems);

  /** What fits, as JSON Schema: strings, numbers, booleans, lists and maps with an order. */
  Map<String, Object> schema();

  /** The same nodes, and something else made of them. */
  default <U> Shape<U> map(Function<? super T, ? extends U> change) {
    return check((value, report) -> Optional.of(change.apply(value)));
  }

  /** The same nodes, if they pass a check; one that gives nothing reports why. */
  default <U> Shape<U> check(BiFunction<? super T, Report, Optional<U>> change) {
    Shape<T> self = this;
    return new Shape<>() {
      @Override
      public Optional<U> decode(YamlNode node, Problems problems) {
        return self.decode(node, problems)
            .flatMap(value -> change.apply(value, new Report(node.at(), problems)));
      }

      @Override
      public Map<String, Object> schema() {
        return self.schema();
      }
    };
  }

  /** The same, with the place where it stands. */
  default Shape<Located<T>> located() {
    return check((value, report) -> Optional.of(new Located<>(value, report.at())));
  }

  /** The same, and a list of it may be written as a single one. */
  default Shape<List<T>> orList() {
    Shape<T> self = this;
    Shape<List<T>> list = Shapes.list(self);
    return new Shape<>() {
      @Override
      public Optional<List<T>> decode(YamlNode node, Problems problems) {
        return node instanceof YamlNode.Sequence
            ? list.decode(node, problems)
            : self.decode(node, problems).map(List::of);
      }

      @Override
      public Map<String, Object> schema() {
        return Map.of("anyOf", List.of(self.schema(), list.schema()));
      }
    };
  }
}
