package dev.faultline.scenario.yaml;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/** One of several shapes, told apart by whether a scalar, a mapping or a list stands there. */
final class ByFormShape<T> extends Shape<T> {

  private final Shape<T> scalar;
  private final Shape<T> mapping;
  private final Shape<T> sequence;

  ByFormShape(Shape<T> scalar, Shape<T> mapping, Shape<T> sequence) {
    this.scalar = scalar;
    this.mapping = mapping;
    this.sequence = sequence;
  }

  @Override
  public Optional<T> decode(YamlNode node, Problems problems) {
    return switch (node) {
      case YamlNode.Scalar _ -> scalar.decode(node, problems);
      case YamlNode.Mapping _ -> mapping.decode(node, problems);
      case YamlNode.Sequence _ -> sequence.decode(node, problems);
    };
  }

  @Override
  ObjectNode schema(Definitions definitions) {
    return Json.anyOf(
        List.of(scalar, mapping, sequence).stream()
            .distinct()
            .map(shape -> shape.schema(definitions))
            .toList());
  }
}
