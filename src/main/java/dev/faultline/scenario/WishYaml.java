package dev.faultline.scenario;

import dev.faultline.property.Properties;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.message.View;
import dev.faultline.scenario.yaml.Field;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Shape;
import dev.faultline.scenario.yaml.Shapes;
import dev.faultline.scenario.yaml.Verb;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The YAML of what a scenario expects of its whole run. */
final class WishYaml {

  private WishYaml() {}

  /** What is expected of the whole run. */
  sealed interface Wish {
    /** A party refuses at some step; with a page that the refusal names, and who has that page. */
    record Refused(
        Located<String> by,
        Located<Errno> errno,
        Optional<Located<GfnRange>> at,
        Optional<Located<String>> heldBy)
        implements Wish {}

    /** At the end, ranges have these views. */
    record Finally(Map<Located<GfnRange>, View> views) implements Wish {}

    /**
     * A property breaks, or a promise of the scenario, by its name; at a step of the recorded
     * schedule.
     */
    record Breaks(Located<String> property, Optional<Located<Long>> atStep) implements Wish {}

    /** At the end nobody can move, and somebody waits. */
    record Stuck() implements Wish {}

    /** After the last step of the recorded schedule, an expression is so. */
    record Found(Located<String> text) implements Wish {}

    /** After the last step of the recorded schedule the world is as it was after this one. */
    record LoopsFrom(Located<Long> step) implements Wish {}
  }

  private static final Field<Located<String>> BY =
      Field.required("by", Shapes.identifier().located(), "the party that refuses: gmem, kvm, ...");
  private static final Field<Located<Errno>> ERRNO =
      Field.required("errno", CommonYaml.ERRNO.located(), "with which errno");
  private static final Field<Optional<Located<GfnRange>>> REFUSED_AT =
      Field.optional("at", CommonYaml.PAGE.located(), "the page that the refusal names");
  private static final Field<Optional<Located<String>>> HELD_BY =
      Field.optional("held-by", Shapes.identifier().located(), "who has that page then");

  private static final Shape<Map<Located<GfnRange>, View>> FINAL_VIEWS =
      Shapes.nonEmptyMap(CommonYaml.RANGE, CommonYaml.VIEW, "2 MiB..3 MiB: private");

  private static final Shape<Located<String>> PROPERTY =
      Shapes.wordOrIdentifier("property", Properties.names()).located();
  private static final Field<Located<String>> BROKEN =
      Field.required("property", PROPERTY, "which one");
  private static final Field<Optional<Located<Long>>> AT_STEP =
      Field.optional(
          "at-step",
          Shapes.integer(1, Integer.MAX_VALUE).located(),
          "the step of the recorded schedule that breaks it; else its last one");
  private static final Shape<Wish> BREAKS =
      Shapes.scalarOr(
          PROPERTY.map(property -> new Wish.Breaks(property, Optional.empty())),
          Shapes.object(
              "break",
              List.of(BROKEN, AT_STEP),
              v -> new Wish.Breaks(v.get(BROKEN), v.get(AT_STEP))));

  private static final List<Verb<Wish>> WISHES =
      List.of(
          Verb.with(
              "refused",
              Shapes.object(
                  "refusal",
                  List.of(BY, ERRNO, REFUSED_AT, HELD_BY),
                  v ->
                      new Wish.Refused(v.get(BY), v.get(ERRNO), v.get(REFUSED_AT), v.get(HELD_BY))),
              "who refuses, with what: {by: gmem, errno: EAGAIN, at: 2 MiB, held-by: nic}"),
          Verb.with(
              "finally",
              FINAL_VIEWS.map(Wish.Finally::new),
              "views at the end: {2 MiB..3 MiB: private}"),
          Verb.with(
              "breaks",
              BREAKS,
              "the property, or the promise by its name, that breaks in this story"),
          Verb.alone(
              "stuck", new Wish.Stuck(), "nothing: at the end nobody can move, and somebody waits"),
          Verb.with(
              "found",
              Shapes.line("an expression", ".*\\S.*").map(Wish.Found::new),
              "what is so after the last step of the recorded schedule: page 0 is private"),
          Verb.with(
              "loops-from",
              Shapes.integer(0, Integer.MAX_VALUE).located().map(Wish.LoopsFrom::new),
              "the step after which the world was as it is after the last one: 12"));

  /** An expectation. */
  static final Shape<Located<Wish>> WISH =
      Shapes.verb("expectation", WISHES, List.of())
          .map(said -> new Located<>(said.value(), said.at()));
}
