package dev.faultline.scenario.yaml;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Supplier;

/** A text, a number, a truth value or nothing, read from how it is written. */
final class ScalarShape<T> extends Shape<T> {

  /** Reads what is written; empty, with a problem, if it does not fit. */
  @FunctionalInterface
  interface Reading<T> {
    Optional<T> read(YamlNode.Scalar scalar, Report report);
  }

  private final String expected;
  private final Supplier<ObjectNode> schema;
  private final Reading<T> reading;

  /**
   * A shape of scalars.
   *
   * @param expected what a message says was expected
   */
  ScalarShape(String expected, Supplier<ObjectNode> schema, Reading<T> reading) {
    this.expected = expected;
    this.schema = schema;
    this.reading = reading;
  }

  @Override
  public Optional<T> decode(YamlNode node, Problems problems) {
    if (node instanceof YamlNode.Scalar scalar) {
      return reading.read(scalar, new Report(node.at(), problems));
    }
    problems.add(node.at(), "expected " + expected + ", found " + Kind.found(node));
    return Optional.empty();
  }

  @Override
  ObjectNode schema(Definitions definitions) {
    return schema.get();
  }
}
