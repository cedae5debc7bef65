package dev.faultline.scenario;

import dev.faultline.protocol.Chance;
import dev.faultline.protocol.design.GuestProfile;
import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.design.VmmProfile;
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
import dev.faultline.world.StepText;
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
      Located<DesignName> mode,
      Located<DesignName> revision,
      Changes changes,
      Located<DesignName> vmm,
      Located<DesignName> guest,
      Memory memory,
      Map<Located<String>, Party> parties,
      Map<Located<String>, List<Line>> scripts,
      List<Located<Wish>> wishes,
      List<Written> promises,
      Asked schedule,
      long seed,
      List<Chance> open) {}

  /** What the scenario changes of its revision: mutations, then lines of it, in this order. */
  record Changes(
      List<Located<DesignName>> mutations,
      List<Located<String>> without,
      List<OnTheFly.Pair> swaps) {}

  /**
   * The guest's memory.
   *
   * @param sizeBytes 4 KiB to 2048 TiB, whole pages
   * @param shared what is shared at first; may reach beyond the memory
   * @param present what the page cache has at first
   */
  record Memory(long sizeBytes, List<Located<GfnRange>> shared, List<Present> present) {}

  /** Pages that are there at first, by the names of those who have them. */
  record Present(
      Located<GfnRange> pages,
      int value,
      List<Located<String>> mappedBy,
      List<Located<String>> pinnedBy) {}

  /**
   * What a party is: a host user of some kind, or a further vCPU.
   *
   * @param catchesSigbus a SIGBUS ends its line and not its process
   */
  record Party(
      Optional<HostIoSetup.Kind> kind,
      Optional<Located<String>> of,
      Optional<Located<String>> runs,
      boolean catchesSigbus) {}

  /**
   * The schedule.
   *
   * @param steps of the recorded one, as they are written; otherwise none
   */
  record Asked(Scenario.ScheduleKind kind, List<Located<String>> steps) {}

  private static final Field<String> STORY =
      Field.required("story", Shapes.text(), "what happens, in prose");
  private static final Field<Located<DesignName>> MODE =
      Field.required(
          "mode",
          DesignName.shape(ModeYaml.MODE, Mode::name),
          "conf/mode/NAME.yaml, or a path, or what such a file says");
  private static final Field<Located<DesignName>> REVISION =
      Field.withDefault(
          "revision",
          DesignName.shape(RevisionYaml.FILE, RevisionYaml.File::name),
          unplaced("in-place-v8"),
          "conf/revision/NAME.yaml, or a path, or what such a file says");
  private static final Field<Located<DesignName>> VMM =
      Field.withDefault(
          "vmm",
          DesignName.shape(VmmYaml.VMM, VmmProfile::name),
          unplaced("reference"),
          "conf/vmm/NAME.yaml, or a path, or what such a file says");
  private static final Field<Located<DesignName>> GUEST =
      Field.withDefault(
          "guest",
          DesignName.shape(GuestYaml.GUEST, GuestProfile::name),
          unplaced("linux-tdx"),
          "conf/guest/NAME.yaml, or a path, or what such a file says");

  private static final Field<List<Located<DesignName>>> MUTATIONS =
      Field.withDefault(
          "mutations",
          Shapes.nonEmpty(DesignName.shape(MutationYaml.FILE, file -> file.mutation().name())),
          List.of(),
          "known bugs that the revision has: conf/mutation/NAME.yaml, or a path, or what such a"
              + " file says; where no revision is named, the first says which");
  private static final Field<List<Located<String>>> WITHOUT =
      Field.withDefault(
          "without",
          Shapes.nonEmpty(Shapes.text().located()),
          List.of(),
          "acts of the revision that are left out: unmap-host, or convert.to-private:unmap-host");
  private static final Field<List<OnTheFly.Pair>> SWAP =
      Field.withDefault(
          "swap",
          Shapes.nonEmpty(Shapes.pair(Shapes.text().located(), OnTheFly.Pair::new)),
          List.of(),
          "acts of the revision that change places: [[store-attributes, check-references]]");

  private static Located<DesignName> unplaced(String name) {
    return new Located<>(new DesignName.Named(name), Position.ofFile("(default)"));
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
  private static final Field<Located<GfnRange>> PAGES =
      Field.required("at", CommonYaml.RANGE.located(), "a page, or a range of pages");
  private static final Field<Long> HOLDS =
      Field.withDefault("value", Shapes.integer(0, 255), 0L, "the byte in each, 0..255");
  private static final Field<List<Located<String>>> MAPPED_BY =
      Field.withDefault(
          "mapped-by",
          Shapes.identifier().located().orList(),
          List.of(),
          "whose page tables have them: vmm, guest, a process");
  private static final Field<List<Located<String>>> PINNED_BY =
      Field.withDefault(
          "pinned-by",
          Shapes.identifier().located().orList(),
          List.of(),
          "who has them pinned: a thread, a process, an io-uring, an o-direct");
  private static final Field<List<Present>> PRESENT =
      Field.withDefault(
          "present",
          Shapes.nonEmpty(
              Shapes.object(
                  "present page",
                  List.of(PAGES, HOLDS, MAPPED_BY, PINNED_BY),
                  v ->
                      new Present(
                          v.get(PAGES),
                          v.get(HOLDS).intValue(),
                          v.get(MAPPED_BY),
                          v.get(PINNED_BY)))),
          List.of(),
          "what the page cache has before the first step; without it, nothing");
  private static final Field<Memory> MEMORY =
      Field.required(
          "memory",
          Shapes.object(
              "memory",
              List.of(SIZE, SHARED, PRESENT),
              v -> new Memory(v.get(SIZE), v.get(SHARED), v.get(PRESENT))),
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
  private static final Field<Optional<Located<String>>> RUNS =
      Field.optional(
          "runs", Shapes.identifier().located(), "the vCPU that a thread of the VMM runs");

  private static Map<String, Boolean> sigbus() {
    Map<String, Boolean> words = new LinkedHashMap<>();
    words.put("caught", true);
    words.put("fatal", false);
    return words;
  }

  private static final Field<Located<Boolean>> SIGBUS =
      Field.withDefault(
          "sigbus",
          Shapes.word("end of a SIGBUS", sigbus()).located(),
          new Located<>(false, Position.ofFile("(default)")),
          "caught: it ends a line of a thread or a process; fatal: it ends the process");
  private static final Shape<Party> PARTY =
      Shapes.checkedObject(
          "party",
          List.of(KIND, OF, RUNS, SIGBUS),
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
            boolean isThread =
                v.get(KIND).equals(Optional.of(HostIoSetup.Kind.THREAD)) && v.get(OF).isEmpty();
            if (v.get(RUNS).isPresent() && !isThread) {
              report.problem(v.get(RUNS).get().at(), "only a thread of the VMM runs a vCPU");
              return Optional.empty();
            }
            boolean touches =
                v.get(KIND)
                    .filter(
                        kind -> kind == HostIoSetup.Kind.THREAD || kind == HostIoSetup.Kind.PROCESS)
                    .isPresent();
            if (v.get(SIGBUS).value() && !touches) {
              report.problem(
                  v.get(SIGBUS).at(), "only a thread or a process touches memory and gets SIGBUS");
              return Optional.empty();
            }
            return Optional.of(
                new Party(v.get(KIND), v.get(OF), v.get(RUNS), v.get(SIGBUS).value()));
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
  private static final Field<List<Located<Wish>>> WISH =
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
  private static final Shape<Asked> NAMED_SCHEDULE =
      CommonYaml.word(
              "schedule",
              new Scenario.ScheduleKind[] {
                Scenario.ScheduleKind.FIFO, Scenario.ScheduleKind.RANDOM
              })
          .map(kind -> new Asked(kind, List.of()));
  private static final Shape<Asked> RECORDED_SCHEDULE =
      Shapes.list(Shapes.line("a step such as \"tick guest\"", StepText.PATTERN))
          .map(steps -> new Asked(Scenario.ScheduleKind.RECORDED, steps));
  private static final Field<Asked> SCHEDULE =
      Field.withDefault(
          "schedule",
          Shapes.scalarOr(NAMED_SCHEDULE, RECORDED_SCHEDULE),
          new Asked(Scenario.ScheduleKind.FIFO, List.of()),
          "fifo, random, or the exact steps, a line each");
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
              STORY, MODE, REVISION, MUTATIONS, WITHOUT, SWAP, VMM, GUEST, MEMORY, PARTIES, SCRIPT,
              WISH, PROMISES, SCHEDULE, SEED, OPEN),
          v ->
              new File(
                  v.get(STORY),
                  v.get(MODE),
                  v.get(REVISION),
                  new Changes(v.get(MUTATIONS), v.get(WITHOUT), v.get(SWAP)),
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
