package dev.faultline.scenario.yaml;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** A list of exactly two nodes of one shape. */
final class PairShape<S, T> extends Shape<T> {

  private final Shape<S> item;
  private final BiFunction<S, S, T> make;

  PairShape(Shape<S> item, BiFunction<S, S, T> make) {
    this.item = item;
    this.make = make;
  }

  @Override
  public Optional<T> decode(YamlNode node, Problems problems) {
    if (!(node instanceof YamlNode.Sequence(_, List<YamlNode> nodes)) || nodes.size() != 2) {
      String found =
          node instanceof YamlNode.Sequence list
              ? "a list of " + list.items().size()
              : Kind.found(node);
      problems.add(node.at(), "expected a list of two, found " + found);
      return Optional.empty();
    }
    Optional<S> first = item.decode(nodes.getFirst(), problems);
    Optional<S> second = item.decode(nodes.getLast(), problems);
    return first.flatMap(one -> second.map(other -> make.apply(one, other)));
  }

  @Override
  ObjectNode schema(Definitions definitions) {
    ObjectNode schema = Json.type("array");
    schema.set("items", item.schema(definitions));
    return schema.put("minItems", 2).put("maxItems", 2);
  }
}
