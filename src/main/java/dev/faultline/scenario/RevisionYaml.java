package dev.faultline.scenario;

import dev.faultline.property.Properties;
import dev.faultline.protocol.design.Act;
import dev.faultline.protocol.design.ArgumentCheck;
import dev.faultline.protocol.design.ConvertCall;
import dev.faultline.protocol.design.Lock;
import dev.faultline.protocol.design.LockMode;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.design.Program;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.design.Site;
import dev.faultline.protocol.design.Stage;
import dev.faultline.protocol.design.StartCall;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.message.View;
import dev.faultline.scenario.yaml.Field;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Report;
import dev.faultline.scenario.yaml.Shape;
import dev.faultline.scenario.yaml.Shapes;
import dev.faultline.scenario.yaml.Values;
import dev.faultline.scenario.yaml.Verb;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The YAML of revisions: whole ones, and ones that say what is different from another ({@code
 * based-on}).
 */
final class RevisionYaml {

  private RevisionYaml() {}

  // Acts.

  private record Busy(Errno busy, boolean lowest, boolean shows, boolean notifies) {}

  private static final Field<Errno> BUSY =
      Field.required("busy", SmallDesignsYaml.ERRNO, "the errno if a page is in use");
  private static final Field<Boolean> REPORT =
      Field.withDefault(
          "report",
          Shapes.word("report", Map.of("lowest", true, "nothing", false)),
          false,
          "what error_offset names: lowest, or nothing");
  private static final Field<Boolean> SHOWS =
      Field.withDefault("shows", Shapes.bool(), false, "the answer tells what the folio shows");
  private static final Field<Boolean> NOTIFY =
      Field.withDefault(
          "notify", Shapes.bool(), false, "the caller is told when the references are gone");
  private static final Field<Errno> FAILS =
      Field.withDefault("fails", SmallDesignsYaml.ERRNO, Errno.ENOMEM, "the errno without memory");
  private static final Field<Boolean> SHARED_FROM =
      Field.required(
          "shared",
          Shapes.word("place", Map.of("inode", true, "userspace", false)),
          "where shared faults are served from: inode, or userspace for the VMM's mapping");

  private static final Shape<Boolean> ATTRIBUTES_OF =
      Shapes.word("place of attributes", Map.of("inode", true, "vm", false));

  private static final Shape<Act.Zap> ZAP =
      Shapes.word("kind of zap", List.of(Act.Zap.values()), SmallDesignsYaml::word);

  private static final List<Verb<Act>> ACTS =
      List.of(
          alone(new Act.DoneIfUnchanged(), "ends with success if nothing would change"),
          Verb.<Act>with(
              "preallocate",
              Shapes.object(
                  "preallocation", List.of(FAILS), v -> new Act.Preallocate(v.get(FAILS))),
              "the errno: {fails: ENOMEM}"),
          alone(new Act.UnmapHost(), "removes host page table entries, a process at a time"),
          Verb.<Act>with(
              "check-references",
              Shapes.object(
                  "check",
                  List.of(BUSY, REPORT, SHOWS, NOTIFY),
                  v ->
                      new Act.CheckReferences(
                          v.get(BUSY), v.get(REPORT), v.get(SHOWS), v.get(NOTIFY))),
              "the errno: {busy: EAGAIN, report: lowest}"),
          Verb.<Act>with(
              "check-mapped-or-pinned",
              Shapes.object("check", List.of(BUSY), v -> new Act.CheckMappedOrPinned(v.get(BUSY))),
              "the errno: {busy: EINVAL}"),
          Verb.<Act>with(
              "invalidate-guest-begin",
              ZAP.map(zap -> (Act) new Act.InvalidateGuestBegin(zap)),
              "what is zapped: kinds-in-range, opposite or all"),
          alone(new Act.InvalidateGuestEnd(), "ends the invalidation"),
          alone(new Act.StoreAttributes(), "stores the wanted attribute"),
          alone(new Act.ForbidHostFaults(), "refuses host faults from now on"),
          alone(new Act.AllowHostFaults(), "lets host faults through again"),
          alone(new Act.ClearUptodate(), "the next user finds zeroes"),
          alone(new Act.AskInode(), "asks the inode to agree"),
          alone(new Act.RemovePages(), "takes the pages out of the file"),
          alone(new Act.RefusePrivate(), "SIGBUS on a private page"),
          alone(new Act.RefuseForbidden(), "SIGBUS where host faults are forbidden"),
          alone(new Act.GetFolio(), "finds or allocates the folio, references and locks it"),
          alone(new Act.ZeroIfNew(), "zeroes a page that no one has used"),
          alone(new Act.MapPage(), "installs the page table entry, unlocks the folio"),
          alone(new Act.ReadMapping(), "reads the page table without a lock"),
          alone(new Act.TakeReference(), "pins what was read"),
          alone(new Act.ReadMappingAgain(), "puts the pin if the page table has changed"),
          alone(new Act.FaultIn(), "lets a host fault bring in what is not mapped"),
          alone(new Act.TakeMapped(), "reads the page table and pins under its lock"),
          alone(new Act.SnapshotInvalidations(), "notes the count of invalidations"),
          Verb.<Act>with(
              "read-attribute",
              ATTRIBUTES_OF.map(ofInode -> (Act) new Act.ReadAttribute(ofInode)),
              "whose attribute: inode or vm"),
          alone(new Act.CompareView(), "leaves if the access wished for another view"),
          Verb.<Act>with(
              "get-page",
              Shapes.object(
                  "source", List.of(SHARED_FROM), v -> new Act.GetPage(v.get(SHARED_FROM))),
              "where shared faults are served from: {shared: inode}"),
          alone(new Act.CheckStale(), "begins again if an invalidation came in between"),
          alone(new Act.InstallMapping(), "installs the guest mapping"));

  private static Verb<Act> alone(Act act, String about) {
    return Verb.alone(act.word(), act, about);
  }

  // Stages: an act, an act with what it undoes, or a lock that is held over more of them.

  /** A stage with the place where it stands. */
  sealed interface Line {
    Position at();

    record ActLine(Position at, Act act, List<Line> undo) implements Line {}

    record HoldLine(Position at, Lock lock, LockMode mode, List<Line> lines, List<Line> undo)
        implements Line {}
  }

  private static final Shape<List<Line>> LINES =
      Shapes.recursive("lines", () -> Shapes.list(RevisionYaml.LINE));

  private static final Field<List<Line>> UNDO =
      Field.withDefault("undo", LINES, List.of(), "what follows if it refuses");
  private static final Field<Optional<List<Line>>> HELD =
      Field.optional("acts", LINES, "what is done under the lock");

  /** What a line says: an act, or a lock to hold. */
  private sealed interface Content {
    record OfAct(Act act) implements Content {}

    record OfHold(Lock lock, LockMode mode) implements Content {}
  }

  private static final Shape<Content> HOLD =
      Shapes.map(
              Shapes.word("lock", List.of(Lock.values()), Lock::word),
              Shapes.word("way to hold a lock", List.of(LockMode.values()), SmallDesignsYaml::word))
          .check(
              (locks, report) -> {
                if (locks.size() != 1) {
                  report.problem("expected one lock, for instance {invalidate: exclusive}");
                  return Optional.empty();
                }
                var only = locks.entrySet().iterator().next();
                Lock lock = only.getKey().value();
                if (lock.exclusiveOnly() && only.getValue() == LockMode.SHARED) {
                  report.problem(
                      only.getKey().at(), "the " + lock.word() + " lock is held exclusive only");
                  return Optional.empty();
                }
                return Optional.of(new Content.OfHold(lock, only.getValue()));
              });

  private static List<Verb<Content>> contents() {
    List<Verb<Content>> contents = new ArrayList<>();
    contents.add(Verb.with("hold", HOLD, "a lock: {invalidate: exclusive}"));
    contents.add(
        Verb.with(
            "do",
            Shapes.verb("act", ACTS, List.of()).map(said -> new Content.OfAct(said.value())),
            "an act"));
    for (Verb<Act> act : ACTS) {
      contents.add(
          new Verb<>(
              act.name(),
              act.argument().map(value -> (Content) new Content.OfAct(value)),
              act.bare().map(Content.OfAct::new),
              act.about()));
    }
    return contents;
  }

  private static final Shape<Line> LINE =
      Shapes.verb("act", contents(), List.of(HELD, UNDO)).check(RevisionYaml::line);

  private static Optional<Line> line(Verb.Said<Content> said, Report report) {
    Optional<List<Line>> held = said.beside().get(HELD);
    return switch (said.value()) {
      case Content.OfAct(Act act) -> {
        if (held.isPresent()) {
          report.problem(said.at(), "only \"hold\" has \"acts\"");
          yield Optional.empty();
        }
        yield Optional.of(new Line.ActLine(said.at(), act, said.beside().get(UNDO)));
      }
      case Content.OfHold(Lock lock, LockMode mode) -> {
        if (held.isEmpty() || held.get().isEmpty()) {
          report.problem(said.at(), "\"hold\" needs \"acts\": what is done under the lock");
          yield Optional.empty();
        }
        yield Optional.of(
            new Line.HoldLine(said.at(), lock, mode, held.get(), said.beside().get(UNDO)));
      }
    };
  }

  // The file.

  private static final Field<String> NAME =
      Field.required("name", Shapes.identifier(), "the name on the command line");
  private static final Field<String> SOURCE =
      Field.required("source", Shapes.text(), "series, version, message id");
  static final Field<Optional<Located<String>>> BASED_ON =
      Field.optional(
          "based-on", Shapes.text().located(), "another revision; only differences follow");

  private static final Field<Optional<Boolean>> ATTRIBUTES =
      Field.optional("attributes", ATTRIBUTES_OF, "where the attributes lie: inode or vm");

  private static final Field<ArgumentCheck.When> WHEN =
      Field.required(
          "when",
          Shapes.word(
              "argument check", List.of(ArgumentCheck.When.values()), SmallDesignsYaml::word),
          "what is wrong with the arguments");
  private static final Field<Errno> ERRNO_OF =
      Field.required("errno", SmallDesignsYaml.ERRNO, "what the call returns then");
  private static final Field<Optional<List<ArgumentCheck>>> REFUSE =
      Field.optional(
          "refuse",
          Shapes.list(
              Shapes.object(
                  "refusal",
                  List.of(WHEN, ERRNO_OF),
                  v -> new ArgumentCheck(v.get(WHEN), v.get(ERRNO_OF)))),
          "checks of the arguments; the first that applies decides");
  private static final Field<Optional<ConvertCall>> CALL =
      Field.optional(
          "call",
          Shapes.word("conversion call", List.of(ConvertCall.values()), ConvertCall::name),
          "the ioctl that converts");
  private static final Field<Optional<Errno>> BLOCKED =
      Field.optional("blocked", SmallDesignsYaml.ERRNO, "how the call says that pages are in use");
  private static final Field<Optional<List<Line>>> TO_PRIVATE =
      Field.optional("to-private", LINES, "the acts, shared to private");
  private static final Field<Optional<List<Line>>> TO_SHARED =
      Field.optional("to-shared", LINES, "the acts, private to shared");

  private static final Field<Optional<Values>> CONVERT =
      Field.optional(
          "convert",
          Shapes.object(
              "conversion", List.of(CALL, REFUSE, BLOCKED, TO_PRIVATE, TO_SHARED), v -> v),
          "the conversion call");
  private static final Field<Optional<Values>> AGREE =
      Field.optional(
          "agree",
          Shapes.object("agreement", List.of(TO_PRIVATE, TO_SHARED), v -> v),
          "what the inode does when KVM asks it to agree");

  private static final Field<View> SET =
      Field.required(
          "set", Shapes.word("view", List.of(View.values()), View::word), "the view that is set");
  private static final Field<StartCall.Over> OVER =
      Field.required(
          "over",
          Shapes.word("choice of ranges", List.of(StartCall.Over.values()), SmallDesignsYaml::word),
          "all, or the ranges that the scenario wants private or shared");
  private static final Field<Optional<List<StartCall>>> START =
      Field.optional(
          "start",
          Shapes.list(
              Shapes.object(
                  "call", List.of(SET, OVER), v -> new StartCall(v.get(SET), v.get(OVER)))),
          "calls that bring memory to the first view of a scenario");
  private static final Field<Optional<Boolean>> AT_FIRST =
      Field.optional(
          "host-faults-at-first",
          Shapes.word("word", Map.of("allowed", true, "forbidden", false)),
          "whether the file lets host faults through before any call");
  private static final Field<Optional<List<String>>> BREAKS =
      Field.optional(
          "breaks",
          Shapes.list(Shapes.word("property", Properties.names(), name -> name)),
          "properties that the series itself breaks in some story");

  private static Field<Optional<List<Line>>> operation(Operation operation) {
    return Field.optional(operation.word(), LINES, "the acts of " + operation.word());
  }

  private static final Map<Operation, Field<Optional<List<Line>>>> OPERATIONS = operations();

  private static Map<Operation, Field<Optional<List<Line>>>> operations() {
    Map<Operation, Field<Optional<List<Line>>>> fields = new EnumMap<>(Operation.class);
    for (Operation operation : Operation.values()) {
      if (!operation.word().contains(".")) {
        fields.put(operation, operation(operation));
      }
    }
    return fields;
  }

  // Differences.

  private static final Map<String, Operation> BY_WORD = byWord();

  private static Map<String, Operation> byWord() {
    Map<String, Operation> words = new LinkedHashMap<>();
    for (Operation operation : Operation.values()) {
      words.put(operation.word(), operation);
    }
    return words;
  }

  private static final Shape<Operation> OPERATION = Shapes.word("operation", BY_WORD);
  private static final Field<Map<Located<Operation>, List<Located<String>>>> DROP =
      Field.withDefault(
          "drop",
          Shapes.map(OPERATION, Shapes.nonEmpty(Shapes.text().located())),
          Map.of(),
          "acts and holds that are left out, by operation");
  private static final Field<Map<Located<Operation>, Map<Located<String>, Located<String>>>> MOVE =
      Field.withDefault(
          "move",
          Shapes.map(OPERATION, Shapes.map(Shapes.text(), Shapes.text().located())),
          Map.of(),
          "acts that stand elsewhere, by operation: {check-references: before unmap-host}");

  private static List<Field<?>> fields() {
    List<Field<?>> fields =
        new ArrayList<>(
            List.of(
                NAME,
                SOURCE,
                BASED_ON,
                ATTRIBUTES,
                CONVERT,
                AGREE,
                START,
                AT_FIRST,
                BREAKS,
                DROP,
                MOVE));
    fields.addAll(OPERATIONS.values());
    return fields;
  }

  /** A file, before it is known what it builds on. */
  static final Shape<Values> FILE = Shapes.object("revision", fields(), v -> v);

  /**
   * The revision that a file describes.
   *
   * @param base what it builds on
   */
  static Optional<Revision> revision(Values file, Optional<Revision> base, Report report) {
    Optional<Values> convert = file.get(CONVERT);
    Optional<Site> attributes =
        file.get(ATTRIBUTES)
            .map(ofInode -> ofInode ? Site.GMEM : Site.KVM)
            .or(() -> base.map(Revision::attributes));
    Optional<ConvertCall> call =
        convert.flatMap(v -> v.get(CALL)).or(() -> base.map(Revision::call));
    Optional<Errno> blocked =
        convert.flatMap(v -> v.get(BLOCKED)).or(() -> base.map(Revision::blocked));
    Optional<List<StartCall>> start = file.get(START).or(() -> base.map(Revision::start));
    boolean whole = present(attributes, "attributes", report);
    whole &= present(call, "convert.call", report);
    whole &= present(blocked, "convert.blocked", report);
    whole &= present(start, "start", report);
    if (!whole) {
      return Optional.empty();
    }
    Map<Operation, List<Stage>> stages = new EnumMap<>(Operation.class);
    base.ifPresent(
        revision ->
            revision
                .operations()
                .forEach((operation, program) -> stages.put(operation, program.stages())));
    RevisionBuilder builder = new RevisionBuilder(call.get(), report);
    convert.ifPresent(
        v -> {
          builder.put(stages, Operation.CONVERT_TO_PRIVATE, v.get(TO_PRIVATE));
          builder.put(stages, Operation.CONVERT_TO_SHARED, v.get(TO_SHARED));
        });
    file.get(AGREE)
        .ifPresent(
            v -> {
              builder.put(stages, Operation.AGREE_TO_PRIVATE, v.get(TO_PRIVATE));
              builder.put(stages, Operation.AGREE_TO_SHARED, v.get(TO_SHARED));
            });
    OPERATIONS.forEach((operation, field) -> builder.put(stages, operation, file.get(field)));
    file.get(DROP)
        .forEach(
            (operation, words) -> words.forEach(word -> builder.drop(stages, operation, word)));
    file.get(MOVE)
        .forEach(
            (operation, moves) ->
                moves.forEach((word, where) -> builder.move(stages, operation, word, where)));
    for (Operation needed : needed(stages, attributes.get())) {
      whole &= present(Optional.ofNullable(stages.get(needed)), needed.word(), report);
    }
    // Where a line could not be read, what seems to be missing may be what it was to say.
    if (!report.problems().isIn(report.at().file())) {
      stages.forEach(builder::checkOrder);
    }
    if (!whole || builder.failed()) {
      return Optional.empty();
    }
    Map<Operation, Program> programs = new EnumMap<>(Operation.class);
    stages.forEach((operation, lines) -> programs.put(operation, Program.of(lines)));
    return Optional.of(
        new Revision(
            file.get(NAME),
            file.get(SOURCE),
            attributes.get(),
            call.get(),
            convert
                .flatMap(v -> v.get(REFUSE))
                .or(() -> base.map(Revision::checks))
                .orElse(List.of()),
            blocked.get(),
            file.get(AT_FIRST).or(() -> base.map(Revision::initiallyFaultable)).orElse(true),
            start.get(),
            file.get(BREAKS).or(() -> base.map(Revision::breaks)).orElse(List.of()),
            programs));
  }

  private static boolean present(Optional<?> value, String key, Report report) {
    if (value.isEmpty()) {
      report.problem("a revision needs the key \"" + key + "\", or a base that has it");
    }
    return value.isPresent();
  }

  private static List<Operation> needed(Map<Operation, List<Stage>> stages, Site attributes) {
    List<Operation> needed =
        new ArrayList<>(
            List.of(
                Operation.CONVERT_TO_PRIVATE,
                Operation.CONVERT_TO_SHARED,
                Operation.HOST_FAULT,
                Operation.GET_USER_PAGES,
                Operation.GET_USER_PAGES_FAST,
                Operation.GET_PAGE,
                Operation.PUNCH_HOLE,
                Operation.GUEST_FAULT));
    boolean asks =
        stages.values().stream()
            .flatMap(lines -> Program.of(lines).acts().stream())
            .anyMatch(act -> act instanceof Act.AskInode);
    if (asks) {
      needed.add(Operation.AGREE_TO_PRIVATE);
      needed.add(Operation.AGREE_TO_SHARED);
    }
    return needed;
  }
}
