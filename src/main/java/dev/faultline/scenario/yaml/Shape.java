package dev.faultline.scenario.yaml;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What a node of a file has to look like, and what is made of it; told once for reading, for
 * messages and for the JSON Schema. Made by {@link Shapes}; immutable.
 *
 * @param <T> what is made of it
 */
public abstract sealed class Shape<T>
    permits ByFormShape,
        CheckedShape,
        ListShape,
        MapShape,
        ObjectShape,
        PairShape,
        RecursiveShape,
        ScalarShape,
        VerbShape {

  /**
   * The value; empty if the node does not fit, and then the problems say why. Lists and maps give
   * what is right of them, so that further checks find the mistakes in it at once; whoever reads a
   * file asks the problems whether it is whole. Never throws.
   */
  public abstract Optional<T> decode(YamlNode node, Problems problems);

  /** What fits, as JSON Schema. */
  abstract ObjectNode schema(Definitions definitions);

  /** The same nodes, and something else made of them. */
  public final <U> Shape<U> map(Function<? super T, ? extends U> change) {
    return check((value, _) -> Optional.of(change.apply(value)));
  }

  /** The same nodes, if they pass a check; one that gives nothing reports why. */
  public final <U> Shape<U> check(BiFunction<? super T, Report, Optional<U>> change) {
    return new CheckedShape<>(this, change);
  }

  /** The same, with the place where it stands. */
  public final Shape<Located<T>> located() {
    return check((value, report) -> Optional.of(new Located<>(value, report.at())));
  }

  /** The same, and a list of it may be written as a single one. */
  public final Shape<List<T>> orList() {
    Shape<List<T>> one = map(List::of);
    return new ByFormShape<>(one, one, Shapes.list(this));
  }
}
