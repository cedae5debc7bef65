package dev.faultline.scenario;

import dev.faultline.protocol.design.Act;
import dev.faultline.protocol.design.ConvertCall;
import dev.faultline.protocol.design.Lock;
import dev.faultline.protocol.design.LockMode;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.design.Site;
import dev.faultline.protocol.design.Stage;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problem;
import dev.faultline.scenario.yaml.Report;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes stages of lines, changes them, and checks that each makes sense where it stands. */
final class RevisionBuilder {

  private final ConvertCall call;
  private final Report report;

  /** Where an operation is written or changed, for messages about its list as a whole. */
  private final Map<Operation, Position> places = new EnumMap<>(Operation.class);

  private boolean failed;

  RevisionBuilder(ConvertCall call, Report report) {
    this.call = call;
    this.report = report;
  }

  private void fail(Position at, String text) {
    report.problem(at, text);
    failed = true;
  }

  private Site site(Operation operation) {
    return switch (operation) {
      case CONVERT_TO_PRIVATE, CONVERT_TO_SHARED -> call.site();
      case GUEST_FAULT -> Site.KVM;
      case AGREE_TO_PRIVATE,
          AGREE_TO_SHARED,
          CANCEL_CONVERSION,
          HOST_FAULT,
          GET_USER_PAGES,
          GET_USER_PAGES_FAST,
          GET_PAGE,
          PUNCH_HOLE ->
          Site.GMEM;
    };
  }

  void put(
      Map<Operation, List<Stage>> stages,
      Operation operation,
      Optional<List<RevisionYaml.Line>> lines) {
    lines.ifPresent(
        written -> {
          written.stream().findFirst().ifPresent(line -> places.put(operation, line.at()));
          stages.put(operation, stages(operation, written, List.of()));
        });
  }

  private List<Stage> stages(Operation operation, List<RevisionYaml.Line> lines, List<Lock> held) {
    List<Stage> stages = new ArrayList<>();
    for (RevisionYaml.Line line : lines) {
      switch (line) {
        case RevisionYaml.Line.ActLine(Position at, Act act, List<RevisionYaml.Line> undo) -> {
          check(operation, at, act, held);
          stages.add(new Stage.Do(act, stages(operation, undo, held)));
        }
        case RevisionYaml.Line.HoldLine(
                Position at,
                Lock lock,
                LockMode mode,
                List<RevisionYaml.Line> inner,
                List<RevisionYaml.Line> undo) -> {
          check(operation, at, lock, held);
          List<Lock> now = new ArrayList<>(held);
          now.add(lock);
          stages.add(
              new Stage.Hold(
                  lock, mode, stages(operation, inner, now), stages(operation, undo, held)));
        }
      }
    }
    return stages;
  }

  private void check(Operation operation, Position at, Act act, List<Lock> held) {
    if (!act.fits(site(operation))) {
      fail(
          at,
          "act \""
              + act.word()
              + "\" has no place in "
              + operation.word()
              + ", which "
              + (site(operation) == Site.GMEM ? "the inode" : "KVM")
              + " does");
    } else if (!belongs(operation, act)) {
      fail(at, "act \"" + act.word() + "\" means nothing in " + operation.word());
    } else if (takesMmuLock(operation, act) && held.contains(Lock.MMU)) {
      fail(at, "\"" + act.word() + "\" takes the mmu lock itself and cannot stand under it");
    } else if (act instanceof Act.FaultIn && held.contains(Lock.INVALIDATE)) {
      fail(at, "\"fault-in\" takes the invalidate lock and cannot stand under it");
    } else if (act instanceof Act.GetPage && held.contains(Lock.MMU)) {
      fail(at, "\"get-page\" sleeps and cannot stand under the mmu lock");
    }
  }

  private boolean takesMmuLock(Operation operation, Act act) {
    return site(operation) == Site.KVM
        && (act instanceof Act.InvalidateGuestBegin || act instanceof Act.InvalidateGuestEnd);
  }

  /** Whether an act finds in the operation what it works on. */
  private static boolean belongs(Operation operation, Act act) {
    boolean faults =
        switch (operation) {
          case HOST_FAULT, GET_PAGE -> true;
          case CONVERT_TO_PRIVATE,
              CONVERT_TO_SHARED,
              AGREE_TO_PRIVATE,
              AGREE_TO_SHARED,
              CANCEL_CONVERSION,
              GET_USER_PAGES,
              GET_USER_PAGES_FAST,
              PUNCH_HOLE,
              GUEST_FAULT ->
              false;
        };
    boolean pins =
        operation == Operation.GET_USER_PAGES || operation == Operation.GET_USER_PAGES_FAST;
    boolean converts =
        switch (operation) {
          case CONVERT_TO_PRIVATE,
              CONVERT_TO_SHARED,
              AGREE_TO_PRIVATE,
              AGREE_TO_SHARED,
              CANCEL_CONVERSION ->
              true;
          case HOST_FAULT, GET_USER_PAGES, GET_USER_PAGES_FAST, GET_PAGE, PUNCH_HOLE, GUEST_FAULT ->
              false;
        };
    return switch (act) {
      case Act.GetFolio _, Act.ZeroIfNew _ -> faults;
      case Act.MapPage _ -> operation == Operation.HOST_FAULT;
      case Act.RefusePrivate _, Act.RefuseForbidden _ -> faults;
      case Act.ReadMapping _,
          Act.TakeReference _,
          Act.ReadMappingAgain _,
          Act.FaultIn _,
          Act.TakeMapped _ ->
          pins;
      case Act.SnapshotInvalidations _,
          Act.ReadAttribute _,
          Act.CompareView _,
          Act.GetPage _,
          Act.CheckStale _,
          Act.InstallMapping _ ->
          operation == Operation.GUEST_FAULT;
      case Act.DoneIfUnchanged _,
          Act.Preallocate _,
          Act.StoreAttributes _,
          Act.AskInode _,
          Act.ClearUptodate _,
          Act.CheckReferences _,
          Act.CheckMappedOrPinned _,
          Act.ForbidHostFaults _,
          Act.AllowHostFaults _ ->
          converts;
      case Act.InvalidateGuestBegin _, Act.InvalidateGuestEnd _, Act.UnmapHost _ ->
          converts || operation == Operation.PUNCH_HOLE;
      case Act.RemovePages _ -> operation == Operation.PUNCH_HOLE;
    };
  }

  private void check(Operation operation, Position at, Lock lock, List<Lock> held) {
    if (lock.site() != site(operation)) {
      fail(at, "the " + lock.word() + " lock is not taken by " + operation.word());
    } else if (held.contains(lock)) {
      fail(at, "the " + lock.word() + " lock is held already and would wait for itself");
    } else if (held.stream().anyMatch(outer -> outer.compareTo(lock) > 0)) {
      fail(
          at,
          "the "
              + lock.word()
              + " lock is never taken under the "
              + held.getLast().word()
              + " lock");
    }
  }

  // Order.

  /** Checks that each act finds what it works on, and that the operation does its work at all. */
  void checkOrder(Operation operation, List<Stage> stages) {
    List<Act> acts = straight(stages);
    Position at = places.getOrDefault(operation, report.at());
    for (int index = 0; index < acts.size(); index++) {
      Act act = acts.get(index);
      List<Act> before = acts.subList(0, index);
      needs(act)
          .filter(needed -> before.stream().noneMatch(needed::isInstance))
          .ifPresent(
              needed ->
                  fail(
                      at,
                      "in "
                          + operation.word()
                          + " \""
                          + act.word()
                          + "\" needs \""
                          + Act.word(needed)
                          + "\" before it"));
    }
    for (Class<? extends Act> needed : musts(operation)) {
      if (acts.stream().noneMatch(needed::isInstance)) {
        fail(at, operation.word() + " cannot do without \"" + Act.word(needed) + "\"");
      }
    }
    checkFastWay(operation, acts, at);
    if (checkInvalidation(operation, stages, List.of(), false, at)) {
      fail(
          at,
          "in "
              + operation.word()
              + " \"invalidate-guest-begin\" needs \"invalidate-guest-end\" after it; without it"
              + " the guest's faults would begin again for ever");
    }
  }

  /** get_user_pages_fast falls back to the slow way once; after that nothing is read without it. */
  private void checkFastWay(Operation operation, List<Act> acts, Position at) {
    boolean slow = false;
    for (Act act : acts) {
      slow |= act instanceof Act.FaultIn;
      if (slow && fast(act)) {
        fail(
            at,
            "in "
                + operation.word()
                + " \""
                + act.word()
                + "\" cannot stand behind \"fault-in\", which begins the slow way");
      }
    }
  }

  private static boolean fast(Act act) {
    return act instanceof Act.ReadMapping
        || act instanceof Act.TakeReference
        || act instanceof Act.ReadMappingAgain;
  }

  /**
   * Checks that each way out of an invalidation ends it.
   *
   * @param around what follows a refusal because of the holds around these lines
   * @param open whether an invalidation is under way before them
   * @return whether one is under way after them
   */
  private boolean checkInvalidation(
      Operation operation, List<Stage> stages, List<Stage> around, boolean open, Position at) {
    boolean now = open;
    for (Stage stage : stages) {
      List<Stage> undo = new ArrayList<>(stage.undo());
      undo.addAll(around);
      switch (stage) {
        case Stage.Hold hold -> now = checkInvalidation(operation, hold.stages(), undo, now, at);
        case Stage.Do(Act.InvalidateGuestBegin _, List<Stage> _) -> now = true;
        case Stage.Do(Act.InvalidateGuestEnd _, List<Stage> _) -> now = false;
        case Stage.Do(Act act, List<Stage> _) -> {
          if (now && leaves(act, undo)) {
            fail(
                at,
                "in "
                    + operation.word()
                    + " \""
                    + act.word()
                    + "\" can leave an invalidation that no one ends; "
                    + (act instanceof Act.DoneIfUnchanged
                        ? "put it before \"invalidate-guest-begin\""
                        : "give it undo: [invalidate-guest-end]"));
          }
        }
      }
    }
    return now;
  }

  /** Whether an act can end the operation without ending the invalidation that is under way. */
  private static boolean leaves(Act act, List<Stage> undo) {
    boolean refuses =
        act instanceof Act.Preallocate
            || act instanceof Act.CheckReferences
            || act instanceof Act.CheckMappedOrPinned
            || act instanceof Act.AskInode;
    boolean ends = straight(undo).stream().anyMatch(Act.InvalidateGuestEnd.class::isInstance);
    return act instanceof Act.DoneIfUnchanged || refuses && !ends;
  }

  private static List<Act> straight(List<Stage> stages) {
    List<Act> acts = new ArrayList<>();
    for (Stage stage : stages) {
      switch (stage) {
        case Stage.Do step -> acts.add(step.act());
        case Stage.Hold hold -> acts.addAll(straight(hold.stages()));
      }
    }
    return acts;
  }

  /** The act that has to come before another. */
  private static Optional<Class<? extends Act>> needs(Act act) {
    return switch (act) {
      case Act.ZeroIfNew _, Act.MapPage _ -> Optional.of(Act.GetFolio.class);
      case Act.TakeReference _ -> Optional.of(Act.ReadMapping.class);
      case Act.ReadMappingAgain _ -> Optional.of(Act.TakeReference.class);
      case Act.TakeMapped _ -> Optional.of(Act.FaultIn.class);
      case Act.CompareView _ -> Optional.of(Act.ReadAttribute.class);
      case Act.InstallMapping _ -> Optional.of(Act.GetPage.class);
      case Act.DoneIfUnchanged _,
          Act.Preallocate _,
          Act.UnmapHost _,
          Act.CheckReferences _,
          Act.CheckMappedOrPinned _,
          Act.InvalidateGuestBegin _,
          Act.InvalidateGuestEnd _,
          Act.StoreAttributes _,
          Act.ForbidHostFaults _,
          Act.AllowHostFaults _,
          Act.ClearUptodate _,
          Act.AskInode _,
          Act.RemovePages _,
          Act.RefusePrivate _,
          Act.RefuseForbidden _,
          Act.GetFolio _,
          Act.ReadMapping _,
          Act.FaultIn _,
          Act.SnapshotInvalidations _,
          Act.ReadAttribute _,
          Act.GetPage _,
          Act.CheckStale _ ->
          Optional.empty();
    };
  }

  /** The acts without which an operation would never end, or do nothing. */
  private static List<Class<? extends Act>> musts(Operation operation) {
    return switch (operation) {
      case HOST_FAULT -> List.of(Act.GetFolio.class, Act.MapPage.class);
      case GET_PAGE -> List.of(Act.GetFolio.class);
      case GET_USER_PAGES, GET_USER_PAGES_FAST -> List.of(Act.FaultIn.class, Act.TakeMapped.class);
      case GUEST_FAULT -> List.of(Act.GetPage.class, Act.InstallMapping.class);
      case CONVERT_TO_PRIVATE,
          CONVERT_TO_SHARED,
          AGREE_TO_PRIVATE,
          AGREE_TO_SHARED,
          CANCEL_CONVERSION,
          PUNCH_HOLE ->
          List.of();
    };
  }

  // Differences.

  void drop(
      Map<Operation, List<Stage>> stages, Located<Operation> operation, Located<String> word) {
    List<Stage> lines = lines(stages, operation);
    if (known(lines, operation.value(), word)) {
      edited(stages, operation.value(), word.at(), StageEdit.drop(lines, word.value()));
    }
  }

  void move(
      Map<Operation, List<Stage>> stages,
      Located<Operation> operation,
      Located<String> word,
      Located<String> where) {
    List<Stage> lines = lines(stages, operation);
    boolean before = where.value().startsWith("before ");
    if (!before && !where.value().startsWith("after ")) {
      fail(where.at(), "expected before or after an act, found " + Problem.quoted(where.value()));
      return;
    }
    Located<String> anchor =
        new Located<>(where.value().substring(before ? 7 : 6).strip(), where.at());
    if (known(lines, operation.value(), word) & known(lines, operation.value(), anchor)) {
      if (!StageEdit.words(StageEdit.takeOut(lines, word.value())).contains(anchor.value())) {
        fail(
            where.at(),
            Problem.quoted(word.value())
                + " cannot stand "
                + where.value()
                + ", which moves with it; name a line that stays");
        return;
      }
      edited(
          stages,
          operation.value(),
          word.at(),
          StageEdit.move(lines, word.value(), anchor.value(), before));
    }
  }

  private void edited(
      Map<Operation, List<Stage>> stages, Operation operation, Position at, List<Stage> lines) {
    places.put(operation, at);
    stages.put(operation, lines);
    checkLocks(operation, at, lines, List.of());
  }

  /** Checks again what an edit may have put under other locks. */
  private void checkLocks(Operation operation, Position at, List<Stage> stages, List<Lock> held) {
    for (Stage stage : stages) {
      switch (stage) {
        case Stage.Do step -> check(operation, at, step.act(), held);
        case Stage.Hold hold -> {
          check(operation, at, hold.lock(), held);
          List<Lock> now = new ArrayList<>(held);
          now.add(hold.lock());
          checkLocks(operation, at, hold.stages(), now);
        }
      }
      checkLocks(operation, at, stage.undo(), held);
    }
  }

  private List<Stage> lines(Map<Operation, List<Stage>> stages, Located<Operation> operation) {
    List<Stage> lines = stages.get(operation.value());
    if (lines == null) {
      fail(operation.at(), "the base has no " + operation.value().word());
      return List.of();
    }
    return lines;
  }

  private boolean known(List<Stage> lines, Operation operation, Located<String> word) {
    List<String> words = StageEdit.words(lines);
    if (!words.contains(word.value())) {
      fail(
          word.at(),
          "no "
              + Problem.quoted(word.value())
              + " in "
              + operation.word()
              + dev.faultline.scenario.yaml.Nearest.hint(word.value(), words));
      return false;
    }
    return true;
  }

  /** Whether something made no sense; the report has said what. */
  boolean failed() {
    return failed;
  }
}
