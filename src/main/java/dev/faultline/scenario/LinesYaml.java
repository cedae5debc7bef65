package dev.faultline.scenario;

import dev.faultline.protocol.design.Act;
import dev.faultline.protocol.design.Lock;
import dev.faultline.protocol.design.LockMode;
import dev.faultline.protocol.design.SharedPages;
import dev.faultline.protocol.design.Site;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.scenario.yaml.Field;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Report;
import dev.faultline.scenario.yaml.Shape;
import dev.faultline.scenario.yaml.Shapes;
import dev.faultline.scenario.yaml.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The YAML of an operation's list: acts, what they undo, and the locks that are held. */
final class LinesYaml {

  private LinesYaml() {}

  // Acts.

  private static final Field<Errno> BUSY =
      Field.required("busy", CommonYaml.ERRNO, "the errno if a page is in use");
  private static final Field<Errno> CANCELLED =
      Field.required(
          "cancelled", CommonYaml.ERRNO, "the errno if a call to shared came in between");
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
      Field.withDefault("fails", CommonYaml.ERRNO, Errno.ENOMEM, "the errno without memory");
  private static final Field<Boolean> REPORTS_ANYTHING =
      Field.withDefault(
          "report",
          Shapes.word("report", Map.of("start", false, "anything", true)),
          false,
          "what error_offset names: the start of the range, or anything");
  private static final Field<SharedPages> SHARED_FROM =
      Field.required(
          "shared",
          CommonYaml.word("place", SharedPages.values()),
          "where shared faults are served from: inode, userspace for the slot's user address, or"
              + " slot for the file if it can be mapped and userspace otherwise");

  /** Where attributes lie. */
  static final Shape<Site> SITE =
      Shapes.word("place of attributes", Map.of("inode", Site.GMEM, "vm", Site.KVM));

  private static final Shape<Act.Kinds> KINDS = CommonYaml.word("kind of zap", Act.Kinds.values());

  private static final List<Verb<Act>> ACTS =
      List.of(
          alone(new Act.DoneIfUnchanged(), "ends with success if nothing would change"),
          Verb.<Act>with(
              "preallocate",
              Shapes.object(
                  "preallocation",
                  List.of(FAILS, REPORTS_ANYTHING),
                  v -> new Act.Preallocate(v.get(FAILS), v.get(REPORTS_ANYTHING))),
              "the errno: {fails: ENOMEM}"),
          either(
              new Act.UnmapHost(),
              "of",
              Map.of("every-process", new Act.UnmapHost(), "caller", new Act.UnmapHost(true)),
              "removes host page table entries, a process at a time: of every-process, or of the"
                  + " caller"),
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
              "drain-batches",
              Shapes.word(
                  "CPUs",
                  Map.of(
                      "of-every-cpu",
                      new Act.DrainBatches(false),
                      "of-caller",
                      new Act.DrainBatches(true))),
              "whose batches: of-every-cpu, or of-caller"),
          Verb.<Act>with(
              "check-mapped-or-pinned",
              Shapes.object("check", List.of(BUSY), v -> new Act.CheckMappedOrPinned(v.get(BUSY))),
              "the errno: {busy: EINVAL}"),
          Verb.<Act>with(
              "invalidate-guest-begin",
              KINDS.map(kinds -> (Act) new Act.InvalidateGuestBegin(kinds)),
              "what is zapped: kinds-in-range, opposite, all or if-mapped"),
          alone(new Act.InvalidateGuestEnd(), "ends the invalidation"),
          alone(new Act.StoreAttributes(), "stores the wanted attribute"),
          Verb.<Act>with(
              "convert-page-by-page",
              Shapes.object(
                  "conversion", List.of(BUSY), v -> new Act.ConvertPageByPage(v.get(BUSY))),
              "the errno: {busy: EAGAIN}"),
          either(
              new Act.ForbidHostFaults(),
              "over",
              Map.of(
                  "range", new Act.ForbidHostFaults(), "entries", new Act.ForbidHostFaults(true)),
              "refuses host faults from now on: over the range, or over entries that it touches"),
          either(
              new Act.AllowHostFaults(),
              "way to store",
              Map.of(
                  "at-once",
                  new Act.AllowHostFaults(),
                  "index-by-index",
                  new Act.AllowHostFaults(true)),
              "lets host faults through again: at-once, or index-by-index, which stops where memory"
                  + " is short and says nothing"),
          alone(new Act.ClearUptodate(), "the next user finds zeroes"),
          alone(new Act.TellMappable(), "tells whether host faults are let through"),
          Verb.<Act>with(
              "list-differences",
              Shapes.object("list", List.of(FAILS), v -> new Act.ListDifferences(v.get(FAILS))),
              "the errno: {fails: ENOMEM}"),
          Verb.<Act>with(
              "store-items",
              Shapes.object("store", List.of(FAILS), v -> new Act.StoreItems(v.get(FAILS))),
              "the errno: {fails: ENOMEM}"),
          alone(new Act.RollBackItems(), "stores the opposite over what has been stored"),
          alone(
              new Act.ClearMappable(),
              "forbids host faults; private at once is what nobody refers to, the rest nobody's"),
          alone(new Act.RegisterCallbacks(), "has the last put told of what is nobody's"),
          alone(new Act.PutFolios(), "puts what came with the folio locks"),
          Verb.<Act>with(
              "wait-for-callbacks",
              Shapes.object(
                  "wait", List.of(CANCELLED), v -> new Act.WaitForCallbacks(v.get(CANCELLED))),
              "the errno if a call to shared comes first: {cancelled: EAGAIN}"),
          alone(new Act.CancelCallbacks(), "takes the callbacks of last puts away"),
          alone(new Act.SettleUnreferenced(), "private is what is nobody's, and in no one's use"),
          alone(new Act.DeferToWorker(), "leaves the rest of a last put to a worker"),
          either(
              new Act.CompletePending(),
              "condition",
              Map.of(
                  "if-unreferenced",
                  new Act.CompletePending(),
                  "if-registered",
                  new Act.CompletePending(true)),
              "the page becomes private: if-unreferenced, or if-registered"),
          alone(new Act.AskInode(), "asks the inode to agree"),
          alone(new Act.RemovePages(), "takes the pages out of the file"),
          alone(
              new Act.TellAnchor(),
              "tells the platform, where the mode has something to tell: get-page, host-fault,"
                  + " conversions, punch-hole"),
          alone(new Act.RefusePrivate(), "SIGBUS on a private page"),
          alone(new Act.RefusePending(), "EFAULT where a page is nobody's"),
          alone(new Act.RefuseForbidden(), "SIGBUS where host faults are forbidden"),
          either(
              new Act.GetFolio(),
              "way to the LRU",
              Map.of("at-once", new Act.GetFolio(), "batched", new Act.GetFolio(true)),
              "finds or allocates the folio, references and locks it; a new one goes to the LRU"
                  + " at-once, or batched"),
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
              SITE.map(site -> (Act) new Act.ReadAttribute(site == Site.GMEM)),
              "whose attribute: inode or vm"),
          alone(new Act.CompareView(), "leaves if the access wished for another view"),
          Verb.<Act>with(
              "get-page",
              Shapes.object(
                  "source", List.of(SHARED_FROM), v -> new Act.GetPage(v.get(SHARED_FROM))),
              "where shared faults are served from: {shared: inode}"),
          alone(new Act.CheckStale(), "begins again if an invalidation came in between"),
          alone(new Act.InstallMapping(), "installs the guest mapping"));

  /** An act that stands alone, or says one thing that is otherwise: {@code unmap-host: caller}. */
  private static Verb<Act> either(Act act, String what, Map<String, Act> words, String about) {
    return new Verb<>(act.word(), Shapes.word(what, words), Optional.of(act), about);
  }

  private static Verb<Act> alone(Act act, String about) {
    return Verb.alone(act.word(), act, about);
  }

  // Stages: an act, an act with what it undoes, or a lock that is held over more of them.

  /** A stage with the place where it stands. */
  sealed interface Line {

    /** Where it stands. */
    Position at();

    /** An act, and what follows if it refuses. */
    record ActLine(Position at, Act act, List<Line> undo) implements Line {}

    /** A lock, what is done under it, and what follows if something of that refuses. */
    record HoldLine(Position at, Lock lock, LockMode mode, List<Line> lines, List<Line> undo)
        implements Line {}
  }

  /** The lines of an operation. */
  static final Shape<List<Line>> LINES =
      Shapes.recursive("lines", () -> Shapes.nonEmpty(LinesYaml.LINE));

  private static final Field<List<Line>> UNDO =
      Field.withDefault("undo", LINES, List.of(), "what follows if it refuses");
  private static final Field<Optional<List<Line>>> HELD =
      Field.optional("acts", LINES, "what is done under the lock");

  /** What a line says: an act, or a lock to hold. */
  private sealed interface Content {
    /** An act. */
    record OfAct(Act act) implements Content {}

    /** A lock. */
    record OfHold(Lock lock, LockMode mode) implements Content {}
  }

  private static final Shape<Content> HOLD =
      Shapes.map(
              Shapes.word("lock", List.of(Lock.values()), Lock::word),
              CommonYaml.word("way to hold a lock", LockMode.values()))
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
      Shapes.verb("act", contents(), List.of(HELD, UNDO)).check(LinesYaml::line);

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
        if (held.isEmpty()) {
          report.problem(said.at(), "\"hold\" needs \"acts\": what is done under the lock");
          yield Optional.empty();
        }
        yield Optional.of(
            new Line.HoldLine(said.at(), lock, mode, held.get(), said.beside().get(UNDO)));
      }
    };
  }
}
