package dev.faultline.scenario;

import dev.faultline.protocol.design.Act;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.design.Stage;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Report;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What order an operation's acts need, so that it ends and leaves nothing behind.
 *
 * @param at where the list is written or changed, for messages about it as a whole
 * @param strictness whether an invalidation may stay open
 * @param report told of what makes no sense
 */
record OrderRules(Operation operation, Position at, Strictness strictness, Report report) {

  /** Checks that each act finds what it works on, and that the operation does its work at all. */
  void check(List<Stage> stages) {
    List<Act> acts = straight(stages);
    for (int index = 0; index < acts.size(); index++) {
      Act act = acts.get(index);
      List<Act> before = acts.subList(0, index);
      needs(act)
          .filter(_ -> strictness == Strictness.DESIGN || !doesWithout(act))
          .filter(needed -> before.stream().noneMatch(needed::isInstance))
          .ifPresent(
              needed ->
                  report.problem(
                      at,
                      "in "
                          + operation.word()
                          + " \""
                          + act.word()
                          + "\" needs \""
                          + Act.word(needed)
                          + "\" before it"));
    }
    for (Class<? extends Act> needed : musts()) {
      if ((strictness == Strictness.DESIGN || !endsWithout())
          && acts.stream().noneMatch(needed::isInstance)) {
        report.problem(at, operation.word() + " cannot do without \"" + Act.word(needed) + "\"");
      }
    }
    checkFastWay(acts);
    if (strictness == Strictness.DESIGN && operation == Operation.LAST_PUT) {
      checkContext(stages);
    }
    if (strictness == Strictness.DESIGN && checkInvalidation(stages, List.of(), false)) {
      report.problem(
          at,
          "in "
              + operation.word()
              + " \"invalidate-guest-begin\" needs \"invalidate-guest-end\" after it; without it"
              + " the guest's faults would begin again for ever");
    }
  }

  /** The last put may come from any context, so its callback sleeps on no lock. */
  private void checkContext(List<Stage> stages) {
    for (Stage stage : stages) {
      switch (stage) {
        case Stage.Do(Act.DeferToWorker _, List<Stage> _) -> {
          return;
        }
        case Stage.Do _ -> {}
        case Stage.Hold hold ->
            report.problem(
                at,
                "in last-put the "
                    + hold.lock().word()
                    + " lock sleeps, and the last put of a page may come from any context; put"
                    + " \"defer-to-worker\" before it");
      }
    }
  }

  /** get_user_pages_fast falls back to the slow way once; after that nothing is read without it. */
  private void checkFastWay(List<Act> acts) {
    boolean slow = false;
    for (Act act : acts) {
      slow |= act instanceof Act.FaultIn;
      if (slow && fast(act)) {
        report.problem(
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
  private boolean checkInvalidation(List<Stage> stages, List<Stage> around, boolean open) {
    boolean now = open;
    for (Stage stage : stages) {
      List<Stage> undo = new ArrayList<>(stage.undo());
      undo.addAll(around);
      switch (stage) {
        case Stage.Hold hold -> now = checkInvalidation(hold.stages(), undo, now);
        case Stage.Do(Act.InvalidateGuestBegin _, List<Stage> _) -> now = true;
        case Stage.Do(Act.InvalidateGuestEnd _, List<Stage> _) -> now = false;
        case Stage.Do(Act act, List<Stage> _) -> {
          if (now && leaves(act, undo)) {
            report.problem(
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
            || act instanceof Act.ConvertPageByPage
            || act instanceof Act.ListDifferences
            || act instanceof Act.StoreItems
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

  /** Whether an act with nothing to work on does nothing, or begins again for ever. */
  private static boolean doesWithout(Act act) {
    return act instanceof Act.ZeroIfNew
        || act instanceof Act.MapPage
        || act instanceof Act.CheckStale;
  }

  /** Whether the operation without one of its acts is answered, or begins again for ever. */
  private boolean endsWithout() {
    return operation == Operation.HOST_FAULT || operation == Operation.ALLOCATE;
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
      case Act.CheckStale _ -> Optional.of(Act.SnapshotInvalidations.class);
      case Act.RegisterCallbacks _ -> Optional.of(Act.ClearMappable.class);
      case Act.StoreItems _ -> Optional.of(Act.ListDifferences.class);
      case Act.PutFolios _ -> Optional.of(Act.RegisterCallbacks.class);
      case Act.DoneIfUnchanged _,
          Act.Preallocate _,
          Act.UnmapHost _,
          Act.CheckReferences _,
          Act.CheckMappedOrPinned _,
          Act.InvalidateGuestBegin _,
          Act.InvalidateGuestEnd _,
          Act.StoreAttributes _,
          Act.ConvertPageByPage _,
          Act.DrainBatches _,
          Act.ForbidHostFaults _,
          Act.AllowHostFaults _,
          Act.ClearUptodate _,
          Act.TellMappable _,
          Act.ListDifferences _,
          Act.RollBackItems _,
          Act.ClearMappable _,
          Act.WaitForCallbacks _,
          Act.CancelCallbacks _,
          Act.SettleUnreferenced _,
          Act.DeferToWorker _,
          Act.CompletePending _,
          Act.RefusePending _,
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
          Act.TellAnchor _ ->
          Optional.empty();
    };
  }

  /** The acts without which an operation would never end, or do nothing. */
  private List<Class<? extends Act>> musts() {
    return switch (operation) {
      case HOST_FAULT -> List.of(Act.GetFolio.class, Act.MapPage.class);
      case GET_PAGE, ALLOCATE -> List.of(Act.GetFolio.class);
      case GET_USER_PAGES, GET_USER_PAGES_FAST -> List.of(Act.FaultIn.class, Act.TakeMapped.class);
      case QUERY_MAPPABLE -> List.of(Act.TellMappable.class);
      case LAST_PUT -> List.of(Act.CompletePending.class);
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
}
