package dev.faultline.scenario;

import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.message.View;
import dev.faultline.scenario.Expected.Answer;
import dev.faultline.scenario.yaml.Field;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Nearest;
import dev.faultline.scenario.yaml.Problem;
import dev.faultline.scenario.yaml.Shape;
import dev.faultline.scenario.yaml.Shapes;
import dev.faultline.scenario.yaml.Verb;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The YAML of a line of a script, before its names are looked up. */
final class ScriptYaml {

  private ScriptYaml() {}

  /** A line of a script. */
  record Line(
      Located<Action> action,
      Optional<Located<String>> name,
      Optional<Located<Expected>> expect,
      int tries) {}

  /** What a line does, by the verbs of scenarios. */
  sealed interface Action {

    /** A guest or a VMM converts, the whole way. */
    record Convert(GfnRange range, View target) implements Action {}

    /** A process makes the conversion call alone. */
    record SetAttributes(GfnRange range, View target) implements Action {}

    /** The same with numbers that need make no range: bytes, as given to the ioctl. */
    record SetBytes(long offset, long size, long errorOffset, View target) implements Action {}

    /** A VMM asks whether a page may be mapped. */
    record QueryMappable(GfnRange page) implements Action {}

    /** A guest accepts private pages. */
    record Accept(GfnRange range) implements Action {}

    /** A guest or a process reads a page; only a guest chooses the view. */
    record Load(GfnRange page, Optional<View> view, Optional<Located<Expected>> expect)
        implements Action {}

    /** The same with a byte that is written, 0..255. */
    record Store(GfnRange page, int value, Optional<View> view, Optional<Located<Expected>> expect)
        implements Action {}

    /** A process takes pages out of the file. */
    record PunchHole(GfnRange range) implements Action {}

    /** A process has pages of the file allocated. */
    record Allocate(GfnRange range) implements Action {}

    /** A process drops its own mapping of pages. */
    record Unmap(GfnRange range) implements Action {}

    /** A device has memory mapped for DMA. */
    record DmaMap(GfnRange range) implements Action {}

    /** It has the mapping taken away. */
    record DmaUnmap(GfnRange range) implements Action {}

    /** A host user takes references to pages. */
    record Pin(GfnRange range) implements Action {}

    /** It takes them by pin_user_pages_remote. */
    record PinSlow(GfnRange range) implements Action {}

    /** It gives them back. */
    record Unpin(GfnRange range) implements Action {}

    /** An io_uring is closed with its buffers registered. */
    record CloseRing() implements Action {}

    /** A device, or the kernel for a host user, reads a page. */
    record DmaLoad(GfnRange page, Optional<Located<Expected>> expect) implements Action {}

    /** The same with a byte that is written, 0..255. */
    record DmaStore(GfnRange page, int value, Optional<Located<Expected>> expect)
        implements Action {}

    /** A thread runs its vCPU, and the guest reads a page. */
    record GuestLoad(GfnRange page, Optional<Located<Expected>> expect) implements Action {}

    /** The same with a byte that is written, 0..255. */
    record GuestStore(GfnRange page, int value, Optional<Located<Expected>> expect)
        implements Action {}

    /** A process dies. */
    record Kill(Located<String> victim) implements Action {}

    /** Nothing is done before all of this has been. */
    record Await(List<Awaited> awaited) implements Action {}
  }

  /** What is waited for: an end, of a line or of a party's script, or a refusal. */
  sealed interface Awaited {
    /** A line, or the script of a party, has ended. */
    record End(Located<String> name) implements Awaited {}

    /** A party has refused something. */
    record Refusal(Located<String> by) implements Awaited {}
  }

  // Answers.

  private static Map<String, Answer> answers() {
    Map<String, Answer> words = new LinkedHashMap<>();
    for (Answer answer :
        List.of(
            new Answer.Ok(),
            new Answer.Sigbus(),
            new Answer.Sigsegv(),
            new Answer.Died(),
            new Answer.MemoryFault(),
            new Answer.VmDead(),
            new Answer.Mmio())) {
      words.put(answer.word(), answer);
    }
    words.put("OK", new Answer.Ok());
    for (Errno errno : Errno.values()) {
      words.put(errno.name(), new Answer.Refused(errno));
    }
    return words;
  }

  private static final Map<String, Answer> ANSWERS = answers();

  private static final Shape<Answer> ANSWER =
      Shapes.text()
          .check(
              (text, report) -> {
                Answer known = ANSWERS.get(text);
                if (known != null) {
                  return Optional.of(known);
                }
                if (text.matches("[0-9]{1,3}|0x[0-9a-fA-F]{1,2}")) {
                  int value = Integer.decode(text.matches("0[0-9]+") ? "256" : text);
                  if (value <= 255) {
                    return Optional.of(new Answer.Value(value));
                  }
                }
                report.problem(
                    "unknown answer "
                        + Problem.quoted(text)
                        + Nearest.of(text, ANSWERS.keySet())
                            .map(near -> "; did you mean \"" + near + "\"?")
                            .orElse(
                                "; an errno, ok, SIGBUS, died, memory-fault, vm-dead, MMIO, or"
                                    + " 0..255"));
                return Optional.empty();
              });

  private static final Field<List<Answer>> ONE_OF =
      Field.required("one of", Shapes.nonEmpty(ANSWER), "answers of which any will do");
  private static final Shape<Located<Expected>> EXPECTED =
      Shapes.scalarOr(
              ANSWER.map(answer -> new Expected(List.of(answer))),
              Shapes.object("choice", List.of(ONE_OF), v -> new Expected(v.get(ONE_OF))))
          .located();

  // Verbs.

  private static final Field<Long> OFFSET =
      Field.required("offset", bytes(), "as given to the ioctl, in bytes");
  private static final Field<Long> SIZE =
      Field.required("size", bytes(), "as given to the ioctl, in bytes");
  private static final Field<Long> ERROR_OFFSET =
      Field.withDefault(
          "error-offset", bytes(), 0L, "what is left in error_offset, where that is an argument");

  private static Shape<Long> bytes() {
    return Shapes.integer(0, Long.MAX_VALUE);
  }

  private static final Field<GfnRange> AT =
      Field.required("at", CommonYaml.PAGE, "the address of a page: 2 MiB");
  private static final Field<Long> VALUE =
      Field.required("value", Shapes.integer(0, 255), "the byte, 0..255");
  private static final Field<Optional<View>> WITH_VIEW =
      Field.optional(
          "view", CommonYaml.VIEW, "private or shared; without it, what the guest believes");
  private static final Field<Optional<Located<Expected>>> EXPECT =
      Field.optional("expect", EXPECTED, "how it ends: ok, an errno, SIGBUS, a value, ...");
  private static final Field<Long> TRIES =
      Field.withDefault(
          "tries",
          Shapes.integer(1, 1000),
          1L,
          "how often it is done at most: again at once after an error");
  private static final Field<Optional<Located<String>>> NAME =
      Field.optional("name", Shapes.identifier().located(), "by which others wait for it");

  private static final Shape<Action> LOAD =
      Shapes.scalarOr(
          CommonYaml.PAGE.map(page -> new Action.Load(page, Optional.empty(), Optional.empty())),
          Shapes.object(
              "load",
              List.of(AT, WITH_VIEW, EXPECT),
              v -> new Action.Load(v.get(AT), v.get(WITH_VIEW), v.get(EXPECT))));
  private static final Shape<Action> STORE =
      Shapes.object(
          "store",
          List.of(AT, VALUE, WITH_VIEW, EXPECT),
          v ->
              new Action.Store(
                  v.get(AT), v.get(VALUE).intValue(), v.get(WITH_VIEW), v.get(EXPECT)));
  private static final Shape<Action> DMA_LOAD =
      Shapes.scalarOr(
          CommonYaml.PAGE.map(page -> new Action.DmaLoad(page, Optional.empty())),
          Shapes.object(
              "load", List.of(AT, EXPECT), v -> new Action.DmaLoad(v.get(AT), v.get(EXPECT))));
  private static final Shape<Action> GUEST_LOAD =
      Shapes.scalarOr(
          CommonYaml.PAGE.map(page -> new Action.GuestLoad(page, Optional.empty())),
          Shapes.object(
              "load", List.of(AT, EXPECT), v -> new Action.GuestLoad(v.get(AT), v.get(EXPECT))));
  private static final Shape<Action> GUEST_STORE =
      Shapes.object(
          "store",
          List.of(AT, VALUE, EXPECT),
          v -> new Action.GuestStore(v.get(AT), v.get(VALUE).intValue(), v.get(EXPECT)));
  private static final Shape<Action> DMA_STORE =
      Shapes.object(
          "store",
          List.of(AT, VALUE, EXPECT),
          v -> new Action.DmaStore(v.get(AT), v.get(VALUE).intValue(), v.get(EXPECT)));

  private static final Field<Located<String>> REFUSED_BY =
      Field.required("refused-by", Shapes.identifier().located(), "a party that has refused");
  private static final Shape<Awaited> AWAITED =
      Shapes.scalarOr(
          Shapes.identifier().located().map(name -> new Awaited.End(name)),
          Shapes.object("event", List.of(REFUSED_BY), v -> new Awaited.Refusal(v.get(REFUSED_BY))));

  private static final List<Verb<Action>> VERBS =
      List.of(
          Verb.with(
              "await",
              AWAITED
                  .orList()
                  .check(
                      (awaited, report) -> {
                        if (awaited.isEmpty()) {
                          report.problem("nothing to wait for; name a line or a party");
                          return Optional.empty();
                        }
                        return Optional.of((Action) new Action.Await(awaited));
                      }),
              "the name of a line or of a party, or {refused-by: gmem}"),
          verb("convert-to-private", range -> new Action.Convert(range, View.PRIVATE)),
          verb("convert-to-shared", range -> new Action.Convert(range, View.SHARED)),
          verb("accept", Action.Accept::new),
          Verb.with("load", LOAD, "a page: {at: 2 MiB}"),
          Verb.with("store", STORE, "a page and a byte: {at: 2 MiB, value: 7}"),
          set("set-private", View.PRIVATE),
          set("set-shared", View.SHARED),
          Verb.with(
              "query-mappable",
              CommonYaml.PAGE.map(page -> (Action) new Action.QueryMappable(page)),
              "a page: 2 MiB; it ends in 1 or 0"),
          verb("punch-hole", Action.PunchHole::new),
          verb("allocate", Action.Allocate::new),
          verb("unmap", Action.Unmap::new),
          verb("dma-map", Action.DmaMap::new),
          verb("dma-unmap", Action.DmaUnmap::new),
          Verb.with("dma-load", DMA_LOAD, "a page: {at: 2 MiB}"),
          Verb.with("dma-store", DMA_STORE, "a page and a byte: {at: 2 MiB, value: 7}"),
          verb("pin", Action.Pin::new),
          verb("pin-slow", Action.PinSlow::new),
          verb("unpin", Action.Unpin::new),
          Verb.with("guest-load", GUEST_LOAD, "a page: {at: 2 MiB}"),
          Verb.with("guest-store", GUEST_STORE, "a page and a byte: {at: 2 MiB, value: 7}"),
          Verb.alone("close-ring", new Action.CloseRing(), "nothing: it closes the io_uring"),
          Verb.with(
              "kill",
              Shapes.identifier().located().map(Action.Kill::new),
              "the party whose process dies"));

  /** A conversion call: of a range, or with arguments that need make none. */
  private static Verb<Action> set(String name, View target) {
    return Verb.with(
        name,
        Shapes.scalarOr(
            CommonYaml.RANGE.map(range -> new Action.SetAttributes(range, target)),
            Shapes.object(
                "call",
                List.of(OFFSET, SIZE, ERROR_OFFSET),
                v -> new Action.SetBytes(v.get(OFFSET), v.get(SIZE), v.get(ERROR_OFFSET), target))),
        "a range: 2 MiB..4 MiB; or {offset: 0, size: 0}");
  }

  private static Verb<Action> verb(String name, Function<GfnRange, Action> make) {
    return Verb.with(name, CommonYaml.RANGE.map(make), "a range: 2 MiB..4 MiB");
  }

  /** A line. */
  static final Shape<Line> LINE =
      Shapes.verb("verb", VERBS, List.of(NAME, TRIES, EXPECT))
          .map(
              said ->
                  new Line(
                      new Located<>(said.value(), said.at()),
                      said.beside().get(NAME),
                      said.beside().get(EXPECT),
                      said.beside().get(TRIES).intValue()));

  /** All verbs, in the order of the schema. */
  static List<String> verbs() {
    return VERBS.stream().map(Verb::name).toList();
  }
}
