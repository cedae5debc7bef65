package dev.faultline.scenario;

import dev.faultline.property.Properties;
import dev.faultline.protocol.Chance;
import dev.faultline.protocol.hostio.HostIoSetup;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.message.View;
import dev.faultline.scenario.Expected.Answer;
import dev.faultline.scenario.yaml.Field;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Nearest;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problem;
import dev.faultline.scenario.yaml.Shape;
import dev.faultline.scenario.yaml.Shapes;
import dev.faultline.scenario.yaml.Verb;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The YAML of scenarios, before its names are looked up. */
final class ScenarioYaml {

  private ScenarioYaml() {}

  // What a file says.

  /**
   * A scenario's file.
   *
   * @param scripts by the name of their party
   */
  record File(
      String story,
      Located<String> mode,
      Located<String> revision,
      Located<String> vmm,
      Located<String> guest,
      Memory memory,
      Map<Located<String>, Party> parties,
      Map<Located<String>, List<Line>> scripts,
      List<Wish> wishes,
      Scenario.ScheduleKind schedule,
      long seed,
      List<Chance> open) {}

  record Memory(long sizeBytes, List<Located<GfnRange>> shared) {}

  /** What a party is: a host user of some kind, or a further vCPU. */
  record Party(Optional<HostIoSetup.Kind> kind, Optional<Located<String>> of) {}

  /** A line of a script. */
  record Line(
      Located<Action> action, Optional<Located<String>> name, Optional<Located<Expected>> expect) {}

  /** What a line does, by the verbs of scenarios. */
  sealed interface Action {

    record Convert(GfnRange range, View target) implements Action {}

    record SetAttributes(GfnRange range, View target) implements Action {}

    record Accept(GfnRange range) implements Action {}

    record Load(GfnRange page, Optional<View> view, Optional<Located<Expected>> expect)
        implements Action {}

    record Store(GfnRange page, int value, Optional<View> view, Optional<Located<Expected>> expect)
        implements Action {}

    record PunchHole(GfnRange range) implements Action {}

    record Unmap(GfnRange range) implements Action {}

    record DmaMap(GfnRange range) implements Action {}

    record DmaUnmap(GfnRange range) implements Action {}

    record Pin(GfnRange range) implements Action {}

    record Unpin(GfnRange range) implements Action {}

    record DmaLoad(GfnRange page, Optional<Located<Expected>> expect) implements Action {}

    record DmaStore(GfnRange page, int value, Optional<Located<Expected>> expect)
        implements Action {}

    record Kill(Located<String> victim) implements Action {}

    record Await(List<Awaited> awaited) implements Action {}
  }

  /** What is waited for: an end, of a line or of a party's script, or a refusal. */
  sealed interface Awaited {
    record End(Located<String> name) implements Awaited {}

    record Refusal(Located<String> by) implements Awaited {}
  }

  /** What is expected of the whole run. */
  sealed interface Wish {
    record Refused(
        Located<String> by,
        Located<Errno> errno,
        Optional<Located<GfnRange>> at,
        Optional<Located<String>> heldBy)
        implements Wish {}

    record Finally(Map<Located<GfnRange>, View> views) implements Wish {}

    record Breaks(String property) implements Wish {}
  }

  // Small shapes.

  static GfnRange frames(Shapes.Bytes bytes) {
    return new GfnRange(bytes.start() / Page.BYTES, bytes.end() / Page.BYTES);
  }

  private static final Shape<GfnRange> RANGE = Shapes.range().map(ScenarioYaml::frames);
  private static final Shape<GfnRange> PAGE_AT =
      Shapes.alignedSize().map(bytes -> new GfnRange(bytes / Page.BYTES, bytes / Page.BYTES + 1));
  private static final Shape<Long> BYTE = Shapes.integer(0, 255);

  private static Map<String, Answer> answers() {
    Map<String, Answer> words = new LinkedHashMap<>();
    for (Answer answer :
        List.of(
            new Answer.Ok(),
            new Answer.Sigbus(),
            new Answer.Died(),
            new Answer.MemoryFault(),
            new Answer.VmDead())) {
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
                                "; an errno, ok, SIGBUS, died, memory-fault, vm-dead, or 0..255"));
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

  private static final Field<GfnRange> AT =
      Field.required("at", PAGE_AT, "the address of a page: 2 MiB");
  private static final Field<Long> VALUE = Field.required("value", BYTE, "the byte, 0..255");
  private static final Field<Optional<View>> WITH_VIEW =
      Field.optional(
          "view", CommonYaml.VIEW, "private or shared; without it, what the guest believes");
  private static final Field<Optional<Located<Expected>>> EXPECT =
      Field.optional("expect", EXPECTED, "how it ends: ok, an errno, SIGBUS, a value, ...");
  private static final Field<Optional<Located<String>>> NAME =
      Field.optional("name", Shapes.identifier().located(), "by which others wait for it");

  private static final Shape<Action> LOAD =
      Shapes.scalarOr(
          PAGE_AT.map(page -> new Action.Load(page, Optional.empty(), Optional.empty())),
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
          PAGE_AT.map(page -> new Action.DmaLoad(page, Optional.empty())),
          Shapes.object(
              "load", List.of(AT, EXPECT), v -> new Action.DmaLoad(v.get(AT), v.get(EXPECT))));
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
          verb("set-private", range -> new Action.SetAttributes(range, View.PRIVATE)),
          verb("set-shared", range -> new Action.SetAttributes(range, View.SHARED)),
          verb("punch-hole", Action.PunchHole::new),
          verb("unmap", Action.Unmap::new),
          verb("dma-map", Action.DmaMap::new),
          verb("dma-unmap", Action.DmaUnmap::new),
          Verb.with("dma-load", DMA_LOAD, "a page: {at: 2 MiB}"),
          Verb.with("dma-store", DMA_STORE, "a page and a byte: {at: 2 MiB, value: 7}"),
          verb("pin", Action.Pin::new),
          verb("unpin", Action.Unpin::new),
          Verb.with(
              "kill",
              Shapes.identifier().located().map(Action.Kill::new),
              "the party whose process dies"));

  private static Verb<Action> verb(String name, Function<GfnRange, Action> make) {
    return Verb.with(name, RANGE.map(make), "a range: 2 MiB..4 MiB");
  }

  private static final Shape<Line> LINE =
      Shapes.verb("verb", VERBS, List.of(NAME, EXPECT))
          .map(
              said ->
                  new Line(
                      new Located<>(said.value(), said.at()),
                      said.beside().get(NAME),
                      said.beside().get(EXPECT)));

  // Wishes.

  private static final Field<Located<String>> BY =
      Field.required("by", Shapes.identifier().located(), "the party that refuses: gmem, kvm, ...");
  private static final Field<Located<Errno>> ERRNO =
      Field.required("errno", CommonYaml.ERRNO.located(), "with which errno");
  private static final Field<Optional<Located<GfnRange>>> REFUSED_AT =
      Field.optional("at", PAGE_AT.located(), "the page that the refusal names");
  private static final Field<Optional<Located<String>>> HELD_BY =
      Field.optional("held-by", Shapes.identifier().located(), "who has that page then");

  private static final Shape<Map<Located<GfnRange>, View>> FINAL_VIEWS =
      Shapes.map(RANGE, CommonYaml.VIEW);

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
              Shapes.word("property", Properties.names(), name -> name).map(Wish.Breaks::new),
              "the property that breaks in this story"));

  // The file.

  private static final Field<String> STORY =
      Field.required("story", Shapes.text(), "what happens, in prose");
  private static final Field<Located<String>> MODE =
      Field.required("mode", Shapes.text().located(), "conf/mode/NAME.yaml, or a path");
  private static final Field<Located<String>> REVISION =
      Field.withDefault(
          "revision",
          Shapes.text().located(),
          unplaced("in-place-v8"),
          "conf/revision/NAME.yaml, or a path");
  private static final Field<Located<String>> VMM =
      Field.withDefault(
          "vmm", Shapes.text().located(), unplaced("reference"), "conf/vmm/NAME.yaml, or a path");
  private static final Field<Located<String>> GUEST =
      Field.withDefault(
          "guest",
          Shapes.text().located(),
          unplaced("linux-tdx"),
          "conf/guest/NAME.yaml, or a path");

  private static Located<String> unplaced(String name) {
    return new Located<>(name, Position.ofFile("(default)"));
  }

  private static final Field<Long> SIZE =
      Field.required(
          "size",
          Shapes.alignedSize()
              .check(
                  (bytes, report) -> {
                    if (bytes == 0 || bytes > 1L << 51) {
                      report.problem("a guest has 4 KiB to 2048 TiB of memory");
                      return Optional.empty();
                    }
                    return Optional.of(bytes);
                  }),
          "guest memory, from address 0");
  private static final Field<List<Located<GfnRange>>> SHARED =
      Field.withDefault(
          "shared",
          RANGE.located().orList(),
          List.of(),
          "what is shared at first; the rest is private");
  private static final Field<Memory> MEMORY =
      Field.required(
          "memory",
          Shapes.object(
              "memory", List.of(SIZE, SHARED), v -> new Memory(v.get(SIZE), v.get(SHARED))),
          "how much memory, and what of it is shared at first");

  private static Map<String, Optional<HostIoSetup.Kind>> kinds() {
    Map<String, Optional<HostIoSetup.Kind>> kinds = new LinkedHashMap<>();
    for (HostIoSetup.Kind kind : HostIoSetup.Kind.values()) {
      kinds.put(kind.word(), Optional.of(kind));
    }
    kinds.put("vcpu", Optional.empty());
    return kinds;
  }

  private static final Field<Optional<HostIoSetup.Kind>> KIND =
      Field.required("kind", Shapes.word("kind of party", kinds()), "what it is");
  private static final Field<Optional<Located<String>>> OF =
      Field.optional(
          "of", Shapes.identifier().located(), "the process that a thread is of; else the VMM's");
  private static final Shape<Party> PARTY =
      Shapes.checkedObject(
          "party",
          List.of(KIND, OF),
          (v, report) -> {
            boolean mayBeOf =
                v.get(KIND)
                    .filter(
                        kind -> kind != HostIoSetup.Kind.VFIO && kind != HostIoSetup.Kind.PROCESS)
                    .isPresent();
            if (v.get(OF).isPresent() && !mayBeOf) {
              report.problem(
                  v.get(OF).get().at(),
                  "only a thread, an o-direct or an io-uring is of a process");
              return Optional.empty();
            }
            return Optional.of(new Party(v.get(KIND), v.get(OF)));
          });
  private static final Field<Map<Located<String>, Party>> PARTIES =
      Field.withDefault(
          "parties",
          Shapes.map(Shapes.identifier(), PARTY),
          Map.of(),
          "host users of the memory, and further vCPUs");
  private static final Field<Map<Located<String>, List<Line>>> SCRIPT =
      Field.required(
          "script",
          Shapes.map(Shapes.identifier(), Shapes.nonEmpty(LINE)),
          "what each party does, line after line; parties run side by side");
  private static final Field<List<Wish>> WISH =
      Field.withDefault(
          "expect",
          Shapes.list(Shapes.verb("expectation", WISHES, List.of()).map(Verb.Said::value)),
          List.of(),
          "what is expected of the run as a whole");
  private static final Field<Scenario.ScheduleKind> SCHEDULE =
      Field.withDefault(
          "schedule",
          CommonYaml.word("schedule", Scenario.ScheduleKind.values()),
          Scenario.ScheduleKind.FIFO,
          "fifo or random");
  private static final Field<Long> SEED =
      Field.withDefault("seed", Shapes.integer(0, Long.MAX_VALUE), 1L, "of the random schedule");
  private static final Field<List<Chance>> OPEN =
      Field.withDefault(
          "open",
          Shapes.list(Shapes.word("chance", List.of(Chance.values()), Chance::word)),
          List.of(),
          "what may happen besides the usual");

  static final Shape<File> FILE =
      Shapes.object(
          "scenario",
          List.of(
              STORY, MODE, REVISION, VMM, GUEST, MEMORY, PARTIES, SCRIPT, WISH, SCHEDULE, SEED,
              OPEN),
          v ->
              new File(
                  v.get(STORY),
                  v.get(MODE),
                  v.get(REVISION),
                  v.get(VMM),
                  v.get(GUEST),
                  v.get(MEMORY),
                  v.get(PARTIES),
                  v.get(SCRIPT),
                  v.get(WISH),
                  v.get(SCHEDULE),
                  v.get(SEED),
                  v.get(OPEN)));

  static List<String> verbs() {
    List<String> names = new ArrayList<>();
    VERBS.forEach(verb -> names.add(verb.name()));
    return names;
  }
}
