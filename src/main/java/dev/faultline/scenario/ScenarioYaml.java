package dev.faultline.scenario;

import dev.faultline.protocol.Chance;
import dev.faultline.protocol.hostio.HostIoSetup;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.scenario.PromiseYaml.Written;
import dev.faultline.scenario.ScriptYaml.Line;
import dev.faultline.scenario.WishYaml.Wish;
import dev.faultline.scenario.yaml.Field;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Shape;
import dev.faultline.scenario.yaml.Shapes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The YAML of scenarios, before its names are looked up. */
final class ScenarioYaml {

  private ScenarioYaml() {}

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
      List<Written> promises,
      Scenario.ScheduleKind schedule,
      long seed,
      List<Chance> open) {}

  /**
   * The guest's memory.
   *
   * @param sizeBytes 4 KiB to 2048 TiB, whole pages
   * @param shared what is shared at first; may reach beyond the memory
   */
  record Memory(long sizeBytes, List<Located<GfnRange>> shared) {}

  /** What a party is: a host user of some kind, or a further vCPU. */
  record Party(Optional<HostIoSetup.Kind> kind, Optional<Located<String>> of) {}

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
          CommonYaml.RANGE.located().orList(),
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
          Shapes.nonEmptyMap(Shapes.identifier(), PARTY, "nic: {kind: vfio}"),
          Map.of(),
          "host users of the memory, and further vCPUs");
  private static final Field<Map<Located<String>, List<Line>>> SCRIPT =
      Field.required(
          "script",
          Shapes.nonEmptyMap(
              Shapes.identifier(), Shapes.nonEmpty(ScriptYaml.LINE), "guest: [accept: 2 MiB]"),
          "what each party does, line after line; parties run side by side");
  private static final Field<List<Wish>> WISH =
      Field.withDefault(
          "expect",
          Shapes.nonEmpty(WishYaml.WISH),
          List.of(),
          "what is expected of the run as a whole");
  private static final Field<List<Written>> PROMISES =
      Field.withDefault(
          "promises",
          Shapes.nonEmpty(PromiseYaml.PROMISE),
          List.of(),
          "what the story promises of itself, beside the properties of the protocol");
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

  /** A scenario. */
  static final Shape<File> FILE =
      Shapes.object(
          "scenario",
          List.of(
              STORY, MODE, REVISION, VMM, GUEST, MEMORY, PARTIES, SCRIPT, WISH, PROMISES, SCHEDULE,
              SEED, OPEN),
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
                  v.get(PROMISES),
                  v.get(SCHEDULE),
                  v.get(SEED),
                  v.get(OPEN)));
}
