package dev.faultline.scenario.yaml;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Nodes of one shape, one after the other; those that are wrong are left out. */
final class ListShape<T> extends Shape<List<T>> {

  private final Shape<T> item;
  private final boolean mayBeEmpty;

  ListShape(Shape<T> item, boolean mayBeEmpty) {
    this.item = item;
    this.mayBeEmpty = mayBeEmpty;
  }

  @Override
  public Optional<List<T>> decode(YamlNode node, Problems problems) {
    if (!(node instanceof YamlNode.Sequence(_, List<YamlNode> nodes))) {
      problems.add(node.at(), "expected a list, found " + Kind.found(node));
      return Optional.empty();
    }
    if (nodes.isEmpty() && !mayBeEmpty) {
      problems.add(node.at(), "the list is empty; it needs at least one line");
      return Optional.empty();
    }
    var items = new ArrayList<T>();
    for (YamlNode each : nodes) {
      if (problems.isFull()) {
        break;
      }
      item.decode(each, problems).ifPresent(items::add);
    }
    return Optional.of(List.copyOf(items));
  }

  @Override
  ObjectNode schema(Definitions definitions) {
    ObjectNode schema = Json.type("array");
    schema.set("items", item.schema(definitions));
    return mayBeEmpty ? schema : schema.put("minItems", 1);
  }
}
