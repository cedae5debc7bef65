package dev.faultline.testing;

import dev.faultline.protocol.design.Act;
import dev.faultline.protocol.design.Anchor;
import dev.faultline.protocol.design.AnchorInstruction;
import dev.faultline.protocol.design.ArgumentCheck;
import dev.faultline.protocol.design.ArgumentCheck.When;
import dev.faultline.protocol.design.ConvertCall;
import dev.faultline.protocol.design.FirstState;
import dev.faultline.protocol.design.GmemFlags;
import dev.faultline.protocol.design.GuestAnswer;
import dev.faultline.protocol.design.GuestProfile;
import dev.faultline.protocol.design.Lock;
import dev.faultline.protocol.design.LockMode;
import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.design.Moment;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.design.PageState;
import dev.faultline.protocol.design.Program;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.design.SharedPages;
import dev.faultline.protocol.design.Site;
import dev.faultline.protocol.design.Stage;
import dev.faultline.protocol.design.StartCall;
import dev.faultline.protocol.design.VmmProfile;
import dev.faultline.protocol.design.VmmProfile.VmmAct;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.message.Content;
import dev.faultline.protocol.message.View;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Designs as tests need them, without reading any file. */
public final class FakeDesigns {

  private FakeDesigns() {}

  static Stage act(Act act) {
    return Stage.Do.of(act);
  }

  static Stage hold(Lock lock, LockMode mode, Stage... stages) {
    return new Stage.Hold(lock, mode, Arrays.asList(stages), List.of());
  }

  static Program program(Stage... stages) {
    return Program.of(Arrays.asList(stages));
  }

  /** In-place conversion, v8: unmap, check, begin, store, end under the invalidate lock. */
  public static Revision inPlace() {
    Map<Operation, Program> operations = new EnumMap<>(Operation.class);
    operations.put(
        Operation.CONVERT_TO_PRIVATE,
        program(
            hold(
                Lock.INVALIDATE,
                LockMode.EXCLUSIVE,
                act(new Act.DoneIfUnchanged()),
                act(new Act.Preallocate(Errno.ENOMEM)),
                act(new Act.UnmapHost()),
                act(new Act.CheckReferences(Errno.EAGAIN, true, false, false)),
                act(new Act.InvalidateGuestBegin(Act.Kinds.KINDS_IN_RANGE)),
                act(new Act.StoreAttributes()),
                act(new Act.InvalidateGuestEnd()))));
    operations.put(
        Operation.CONVERT_TO_SHARED,
        program(
            hold(
                Lock.INVALIDATE,
                LockMode.EXCLUSIVE,
                act(new Act.DoneIfUnchanged()),
                act(new Act.Preallocate(Errno.ENOMEM)),
                act(new Act.InvalidateGuestBegin(Act.Kinds.KINDS_IN_RANGE)),
                act(new Act.StoreAttributes()),
                act(new Act.InvalidateGuestEnd()))));
    operations.put(
        Operation.HOST_FAULT,
        program(
            hold(
                Lock.INVALIDATE,
                LockMode.SHARED,
                act(new Act.RefusePrivate()),
                act(new Act.GetFolio())),
            act(new Act.ZeroIfNew()),
            act(new Act.MapPage())));
    getUserPages(operations);
    operations.put(
        Operation.GET_PAGE,
        program(
            hold(
                Lock.INVALIDATE,
                LockMode.SHARED,
                act(new Act.GetFolio()),
                act(new Act.ZeroIfNew()))));
    punch(operations);
    operations.put(
        Operation.GUEST_FAULT,
        program(
            act(new Act.SnapshotInvalidations()),
            act(new Act.ReadAttribute(true)),
            act(new Act.CompareView()),
            act(new Act.GetPage(SharedPages.INODE)),
            hold(
                Lock.MMU,
                LockMode.SHARED,
                act(new Act.CheckStale()),
                act(new Act.InstallMapping()))));
    return new Revision(
        "fake-in-place",
        "a test",
        Site.GMEM,
        ConvertCall.KVM_SET_MEMORY_ATTRIBUTES2,
        List.of(
            new ArgumentCheck(When.SIZE_ZERO_OR_WRAPS, Errno.EINVAL),
            new ArgumentCheck(When.UNALIGNED, Errno.EINVAL),
            new ArgumentCheck(When.BEYOND_FILE, Errno.EINVAL)),
        Errno.EAGAIN,
        new FirstState(
            true, Optional.empty(), List.of(new StartCall(View.SHARED, StartCall.Over.SHARED))),
        Map.of(),
        List.of(),
        new GmemFlags(List.of(), List.of()),
        List.of(),
        operations);
  }

  private static void punch(Map<Operation, Program> operations) {
    operations.put(
        Operation.PUNCH_HOLE,
        program(
            hold(
                Lock.INVALIDATE,
                LockMode.EXCLUSIVE,
                act(new Act.InvalidateGuestBegin(Act.Kinds.ALL)),
                act(new Act.RemovePages()),
                act(new Act.InvalidateGuestEnd()))));
  }

  private static void getUserPages(Map<Operation, Program> operations) {
    operations.put(
        Operation.GET_USER_PAGES, program(act(new Act.FaultIn()), act(new Act.TakeMapped())));
    operations.put(
        Operation.GET_USER_PAGES_FAST,
        program(
            act(new Act.ReadMapping()),
            act(new Act.TakeReference()),
            act(new Act.ReadMappingAgain()),
            act(new Act.FaultIn()),
            act(new Act.TakeMapped())));
  }

  public static Mode tdx() {
    return new Mode(
        "fake-tdx",
        "a test",
        true,
        51,
        true,
        new Mode.Conversion(
            List.of(),
            List.of(),
            Mode.Host.ASKED,
            Long.MAX_VALUE / Page.BYTES * Page.BYTES,
            2 << 20,
            true,
            Optional.of("accept")),
        Optional.empty(),
        secureEpt(),
        false);
  }

  private static Anchor secureEpt() {
    SortedMap<String, PageState> states = new TreeMap<>();
    states.put("pending", state("pending", new GuestAnswer.Dies(Errno.EIO)));
    states.put("accepted", state("accepted", new GuestAnswer.Passes()));
    states.put("blocked", state("blocked", new GuestAnswer.Faults()));
    SortedMap<String, AnchorInstruction> instructions = new TreeMap<>();
    for (AnchorInstruction each :
        List.of(
            instruction("augment", Map.of("absent", "pending"), Map.of(), true, Map.of()),
            instruction(
                "accept",
                Map.of("pending", "accepted"),
                Map.of("accepted", Errno.EEXIST),
                false,
                Map.of("pending", Content.ZERO)),
            instruction(
                "block",
                Map.of("pending", "blocked", "accepted", "blocked"),
                Map.of(),
                false,
                Map.of()),
            instruction("track", Map.of(), Map.of(), true, Map.of()),
            instruction(
                "remove",
                Map.of("blocked", "absent"),
                Map.of(),
                false,
                Map.of("blocked", Content.ZERO)))) {
      instructions.put(each.name(), each);
    }
    return new Anchor(
        Anchor.Checks.PRIVATE,
        states,
        instructions,
        Map.of(Moment.MAP, List.of("augment"), Moment.UNMAP, List.of("block", "track", "remove")),
        List.of());
  }

  private static PageState state(String name, GuestAnswer guest) {
    return new PageState(name, name, true, false, true, guest, Map.of());
  }

  private static AnchorInstruction instruction(
      String name,
      Map<String, String> moves,
      Map<String, Errno> refuses,
      boolean otherwise,
      Map<String, Content> content) {
    return new AnchorInstruction(
        name,
        name,
        new TreeMap<>(moves),
        new TreeMap<>(refuses),
        otherwise,
        new TreeMap<>(content),
        true,
        Optional.empty(),
        Optional.empty(),
        name.equals("remove"));
  }

  public static VmmProfile vmm() {
    return new VmmProfile(
        "fake-vmm",
        "a test",
        List.of(VmmAct.SET_ATTRIBUTES, VmmAct.RECORD),
        List.of(VmmAct.SET_ATTRIBUTES, VmmAct.RECORD),
        new VmmProfile.Blocked(
            List.of(VmmAct.UNMAP_DMA, VmmAct.UNREGISTER_BUFFERS),
            3,
            true,
            Optional.of(Errno.EAGAIN)),
        VmmProfile.MemoryFault.CONVERT);
  }

  public static GuestProfile guest() {
    return new GuestProfile("fake-guest", "a test", 3);
  }
}
