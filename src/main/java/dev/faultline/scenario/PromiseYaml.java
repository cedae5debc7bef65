package dev.faultline.scenario;

import dev.faultline.scenario.yaml.Field;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Shape;
import dev.faultline.scenario.yaml.Shapes;
import dev.faultline.scenario.yaml.Verb;
import java.util.List;
import java.util.Optional;

/** The YAML of what a scenario promises, before its expressions are read. */
final class PromiseYaml {

  private PromiseYaml() {}

  /** When an expression is promised to be so. */
  enum When {
    NEVER,
    ALWAYS,
    SOMETIMES,
    EVENTUALLY
  }

  /** A promise as it was written. */
  record Written(When when, Located<String> text, Optional<Located<String>> name) {}

  /** What a verb says, without what stands beside it. */
  private record Said(When when, Located<String> text) {}

  private static final Field<Optional<Located<String>>> NAME =
      Field.optional(
          "name", Shapes.identifier().located(), "by which messages and breaks speak of it");

  /** A promise. */
  static final Shape<Written> PROMISE =
      Shapes.verb(
              "promise",
              List.of(
                  promise("never", When.NEVER, "an expression that is so in no state"),
                  promise("always", When.ALWAYS, "an expression that is so in every state"),
                  promise(
                      "sometimes",
                      When.SOMETIMES,
                      "an expression that a search has to find to be so in some state"),
                  promise(
                      "eventually",
                      When.EVENTUALLY,
                      "an expression that is so in some state of every run")),
              List.of(NAME))
          .map(
              said ->
                  new Written(said.value().when(), said.value().text(), said.beside().get(NAME)));

  private static Verb<Said> promise(String word, When when, String about) {
    return Verb.with(word, Shapes.text().located().map(text -> new Said(when, text)), about);
  }
}
