package dev.faultline.scenario;

import dev.faultline.protocol.design.Act;
import dev.faultline.protocol.design.Lock;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.design.Site;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Report;
import java.util.List;

/**
 * What may stand where in an operation's list: acts and locks of its site, and what its kernel
 * source forbids under a lock.
 *
 * @param site the party that does the operation
 * @param strictness whether what its source forbids is a problem
 * @param report told of what has no place
 */
record PlaceRules(Operation operation, Site site, Strictness strictness, Report report) {

  /**
   * Checks an act.
   *
   * @param held the locks around it, outermost first
   */
  void check(Position at, Act act, List<Lock> held) {
    if (!act.fits(site)) {
      report.problem(
          at,
          "act \""
              + act.word()
              + "\" has no place in "
              + operation.word()
              + ", which "
              + (site == Site.GMEM ? "the inode" : "KVM")
              + " does");
    } else if (!belongs(act)) {
      report.problem(at, "act \"" + act.word() + "\" means nothing in " + operation.word());
    } else if (site == Site.KVM && act.equals(new Act.InvalidateGuestBegin(Act.Kinds.IF_MAPPED))) {
      report.problem(at, "only the inode knows whether a process has pages of the range mapped");
    } else if (strictness == Strictness.MUTATION) {
      return;
    } else if (takesMmuLock(act) && held.contains(Lock.MMU)) {
      report.problem(
          at, "\"" + act.word() + "\" takes the mmu lock itself and cannot stand under it");
    } else if (act instanceof Act.FaultIn && held.contains(Lock.INVALIDATE)) {
      report.problem(at, "\"fault-in\" takes the invalidate lock and cannot stand under it");
    } else if (act instanceof Act.GetPage && held.contains(Lock.MMU)) {
      report.problem(at, "\"get-page\" sleeps and cannot stand under the mmu lock");
    }
  }

  private boolean takesMmuLock(Act act) {
    return site == Site.KVM
        && (act instanceof Act.InvalidateGuestBegin || act instanceof Act.InvalidateGuestEnd);
  }

  /** Whether an act finds in the operation what it works on. */
  private boolean belongs(Act act) {
    boolean faults =
        switch (operation) {
          case HOST_FAULT, GET_PAGE, ALLOCATE -> true;
          case CONVERT_TO_PRIVATE,
              CONVERT_TO_SHARED,
              AGREE_TO_PRIVATE,
              AGREE_TO_SHARED,
              CANCEL_CONVERSION,
              GET_USER_PAGES,
              GET_USER_PAGES_FAST,
              PUNCH_HOLE,
              LAST_PUT,
              QUERY_MAPPABLE,
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
          case HOST_FAULT,
              GET_USER_PAGES,
              GET_USER_PAGES_FAST,
              GET_PAGE,
              PUNCH_HOLE,
              ALLOCATE,
              LAST_PUT,
              QUERY_MAPPABLE,
              GUEST_FAULT ->
              false;
        };
    return switch (act) {
      case Act.GetFolio _, Act.ZeroIfNew _ -> faults;
      case Act.MapPage _ -> operation == Operation.HOST_FAULT;
      case Act.TellAnchor _ -> !operation.moments().isEmpty();
      case Act.RefusePrivate _, Act.RefuseForbidden _, Act.RefusePending _ -> faults;
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
          Act.ConvertPageByPage _,
          Act.DrainBatches _,
          Act.AskInode _,
          Act.ClearUptodate _,
          Act.CheckReferences _,
          Act.CheckMappedOrPinned _,
          Act.ForbidHostFaults _,
          Act.AllowHostFaults _,
          Act.ListDifferences _,
          Act.StoreItems _,
          Act.RollBackItems _,
          Act.ClearMappable _,
          Act.RegisterCallbacks _,
          Act.PutFolios _,
          Act.WaitForCallbacks _ ->
          converts;
      case Act.CancelCallbacks _, Act.SettleUnreferenced _ ->
          converts || operation == Operation.PUNCH_HOLE;
      case Act.TellMappable _ -> operation == Operation.QUERY_MAPPABLE;
      case Act.DeferToWorker _, Act.CompletePending _ -> operation == Operation.LAST_PUT;
      case Act.InvalidateGuestBegin _, Act.InvalidateGuestEnd _, Act.UnmapHost _ ->
          converts || operation == Operation.PUNCH_HOLE;
      case Act.RemovePages _ -> operation == Operation.PUNCH_HOLE;
    };
  }

  /**
   * Checks a lock.
   *
   * @param held the locks around it, outermost first
   */
  void check(Position at, Lock lock, List<Lock> held) {
    if (lock.site() != site) {
      report.problem(at, "the " + lock.word() + " lock is not taken by " + operation.word());
    } else if (held.contains(lock)) {
      report.problem(at, "the " + lock.word() + " lock is held already and would wait for itself");
    } else if (strictness == Strictness.DESIGN
        && held.stream().anyMatch(outer -> outer.compareTo(lock) > 0)) {
      report.problem(
          at,
          "the "
              + lock.word()
              + " lock is never taken under the "
              + held.getLast().word()
              + " lock");
    }
  }
}
