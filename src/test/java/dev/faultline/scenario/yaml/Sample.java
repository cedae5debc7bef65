package dev.faultline.scenario.yaml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A kind of file in which every shape is used once. */
final class Sample {

  record File(
      String story,
      long seed,
      boolean quiet,
      long size,
      Map<Located<String>, Kindness> parties,
      List<Line> script,
      Map<Located<Shapes.Bytes>, Kindness> views) {}

  enum Kindness {
    VFIO,
    PROCESS
  }

  sealed interface Action {
    record DmaMap(Shapes.Bytes range) implements Action {}

    record Sync() implements Action {}

    record Load(long at, Optional<Long> expect) implements Action {}

    record Hold(List<Line> acts) implements Action {}
  }

  record Line(Position at, Action action, Optional<String> name) {}

  private static final Shape<Kindness> KIND =
      Shapes.word("kind", List.of(Kindness.values()), kind -> kind.name().toLowerCase(Locale.ROOT));

  private static final Field<Long> AT = Field.required("at", Shapes.alignedSize(), "an address");
  private static final Field<Optional<Long>> EXPECT =
      Field.optional("expect", Shapes.integer(0, 255), "the byte");
  private static final Field<Optional<String>> NAME =
      Field.optional("name", Shapes.identifier(), "by which others wait");

  private static final Shape<Action> LOAD =
      Shapes.scalarOr(
          Shapes.alignedSize().map(at -> new Action.Load(at, Optional.empty())),
          Shapes.object(
              "load", List.of(AT, EXPECT), v -> new Action.Load(v.get(AT), v.get(EXPECT))));

  private static final Shape<List<Line>> LINES =
      Shapes.recursive("lines", () -> Shapes.nonEmpty(Sample.LINE));

  static final Shape<Line> LINE =
      Shapes.verb(
              "verb",
              List.of(
                  Verb.<Action>with(
                      "dma-map", Shapes.range().map(Action.DmaMap::new), "a range: 2 MiB..4 MiB"),
                  Verb.<Action>alone("sync", new Action.Sync(), "waits for DMA"),
                  Verb.<Action>with("load", LOAD, "a page: {at: 2 MiB}"),
                  Verb.<Action>with("hold", LINES.map(Action.Hold::new), "what is done locked")),
              List.of(NAME))
          .map(said -> new Line(said.at(), said.value(), said.beside().get(NAME)));

  private static final Field<String> STORY =
      Field.required("story", Shapes.text(), "what happens, in prose");
  private static final Field<Long> SEED =
      Field.withDefault("seed", Shapes.integer(0, 99), 1L, "of the schedule");
  private static final Field<Boolean> QUIET =
      Field.withDefault("quiet", Shapes.bool(), false, "says less");
  private static final Field<Long> SIZE =
      Field.required("size", Shapes.alignedSize(), "of the memory");
  private static final Field<Map<Located<String>, Kindness>> PARTIES =
      Field.withDefault(
          "parties",
          Shapes.nonEmptyMap(Shapes.identifier(), KIND, "nic: vfio"),
          Map.of(),
          "who is there");
  private static final Field<List<Line>> SCRIPT =
      Field.required("script", Shapes.nonEmpty(LINE), "what is done");
  private static final Field<Map<Located<Shapes.Bytes>, Kindness>> VIEWS =
      Field.withDefault("views", Shapes.map(Shapes.range(), KIND), Map.of(), "at the end");

  static final Shape<File> SHAPE =
      Shapes.object(
          "sample",
          List.of(STORY, SEED, QUIET, SIZE, PARTIES, SCRIPT, VIEWS),
          v ->
              new File(
                  v.get(STORY),
                  v.get(SEED),
                  v.get(QUIET),
                  v.get(SIZE),
                  v.get(PARTIES),
                  v.get(SCRIPT),
                  v.get(VIEWS)));

  static final String TEXT =
      """
      story: |
        A device maps memory.
        A process reads it.
      seed: 0x10
      quiet: yes
      size: 16 MiB
      parties: {nic: vfio, app: process}
      script:
        - dma-map: 2 MiB..4 MiB
          name: mapped
        - sync
        - load: {at: 2 MiB, expect: 7}
        - load: 0x3ff000
        - hold:
            - sync:
            - dma-map: 512 pages..4 MiB
      views:
        0..2 MiB: process
        2 MiB..3 MiB: vfio
      """;

  private Sample() {}

  static Optional<File> read(String text, Problems problems) {
    return YamlDocument.parse(new YamlSource("s.yaml", text), problems)
        .flatMap(node -> SHAPE.decode(node, problems));
  }

  /** The messages about a text, one a line. */
  static List<String> problemsOf(String text) {
    Problems problems = new Problems();
    read(text, problems);
    return problems.sorted().stream().map(Problem::toString).toList();
  }

  static File file() {
    Map<Located<String>, Kindness> parties = new LinkedHashMap<>();
    parties.put(new Located<>("nic", at(7, 11)), Kindness.VFIO);
    parties.put(new Located<>("app", at(7, 22)), Kindness.PROCESS);
    Map<Located<Shapes.Bytes>, Kindness> views = new LinkedHashMap<>();
    views.put(new Located<>(new Shapes.Bytes(0, 2 << 20), at(18, 3)), Kindness.PROCESS);
    views.put(new Located<>(new Shapes.Bytes(2 << 20, 3 << 20), at(19, 3)), Kindness.VFIO);
    Shapes.Bytes mapped = new Shapes.Bytes(2 << 20, 4 << 20);
    return new File(
        "A device maps memory.\nA process reads it.",
        16,
        true,
        16 << 20,
        parties,
        List.of(
            new Line(at(9, 5), new Action.DmaMap(mapped), Optional.of("mapped")),
            new Line(at(11, 5), new Action.Sync(), Optional.empty()),
            new Line(at(12, 5), new Action.Load(2 << 20, Optional.of(7L)), Optional.empty()),
            new Line(at(13, 5), new Action.Load(0x3ff000, Optional.empty()), Optional.empty()),
            new Line(
                at(14, 5),
                new Action.Hold(
                    List.of(
                        new Line(at(15, 9), new Action.Sync(), Optional.empty()),
                        new Line(at(16, 9), new Action.DmaMap(mapped), Optional.empty()))),
                Optional.empty())),
        views);
  }

  private static Position at(int line, int column) {
    return new Position("s.yaml", line, column);
  }
}
