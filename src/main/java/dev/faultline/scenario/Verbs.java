package dev.faultline.scenario;

import dev.faultline.protocol.hostio.HostIoSetup;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.ScriptToGuest;
import dev.faultline.protocol.message.ScriptToHostIo;
import dev.faultline.protocol.message.ScriptToVmm;
import dev.faultline.protocol.message.View;
import dev.faultline.scenario.ScriptYaml.Action;
import dev.faultline.scenario.yaml.Located;
import java.util.List;
import java.util.Optional;

/** The verbs of scenarios as messages to the party whose script they are in. */
final class Verbs {

  /** The verbs of a guest, for messages; {@link #guest} knows what they are. */
  static final List<String> OF_GUEST =
      List.of(
          "await", "convert-to-private", "convert-to-shared", "accept", "load", "store", "kill");

  /** The verbs of a VMM. */
  static final List<String> OF_VMM =
      List.of(
          "await",
          "convert-to-private",
          "convert-to-shared",
          "set-private",
          "set-shared",
          "query-mappable",
          "load",
          "store",
          "unmap",
          "punch-hole",
          "allocate",
          "kill");

  private static final List<String> OF_DEVICE =
      List.of("await", "dma-map", "dma-unmap", "dma-load", "dma-store", "kill");

  private static final List<String> OF_PINNER =
      List.of("await", "pin", "pin-slow", "dma-load", "dma-store", "unpin", "kill");

  private static final List<String> OF_RING =
      List.of("await", "pin", "pin-slow", "dma-load", "dma-store", "unpin", "close-ring", "kill");

  private static final List<String> OF_THREAD =
      List.of(
          "await",
          "load",
          "store",
          "unmap",
          "set-private",
          "set-shared",
          "punch-hole",
          "pin",
          "pin-slow",
          "dma-load",
          "dma-store",
          "unpin",
          "kill");

  private static final List<String> OF_VMM_THREAD =
      List.of(
          "await",
          "load",
          "store",
          "unmap",
          "set-private",
          "set-shared",
          "punch-hole",
          "pin",
          "pin-slow",
          "dma-load",
          "dma-store",
          "unpin",
          "guest-load",
          "guest-store",
          "kill");

  private Verbs() {}

  /** The verbs of a host user. */
  static List<String> ofHostIo(HostIoSetup.Kind kind) {
    return switch (kind) {
      case VFIO -> OF_DEVICE;
      case IO_URING -> OF_RING;
      case O_DIRECT -> OF_PINNER;
      case PROCESS -> OF_THREAD;
      case THREAD -> OF_VMM_THREAD;
    };
  }

  /** The answer that is expected within the argument of a verb. */
  static Optional<Located<Expected>> inner(Action action) {
    return switch (action) {
      case Action.Load load -> load.expect();
      case Action.Store store -> store.expect();
      case Action.DmaLoad load -> load.expect();
      case Action.DmaStore store -> store.expect();
      case Action.GuestLoad load -> load.expect();
      case Action.GuestStore store -> store.expect();
      case Action.Convert _,
          Action.SetAttributes _,
          Action.SetBytes _,
          Action.QueryMappable _,
          Action.Accept _,
          Action.PunchHole _,
          Action.Allocate _,
          Action.Unmap _,
          Action.DmaMap _,
          Action.DmaUnmap _,
          Action.Pin _,
          Action.PinSlow _,
          Action.Unpin _,
          Action.CloseRing _,
          Action.Kill _,
          Action.Await _ ->
          Optional.empty();
    };
  }

  /** The pages that a verb is about. */
  static Optional<GfnRange> range(Action action) {
    return switch (action) {
      case Action.Convert(GfnRange range, View _) -> Optional.of(range);
      case Action.SetAttributes(GfnRange range, View _) -> Optional.of(range);
      case Action.QueryMappable(GfnRange page) -> Optional.of(page);
      case Action.Accept(GfnRange range) -> Optional.of(range);
      case Action.Load load -> Optional.of(load.page());
      case Action.Store store -> Optional.of(store.page());
      case Action.PunchHole(GfnRange range) -> Optional.of(range);
      case Action.Allocate(GfnRange range) -> Optional.of(range);
      case Action.Unmap(GfnRange range) -> Optional.of(range);
      case Action.DmaMap(GfnRange range) -> Optional.of(range);
      case Action.DmaUnmap(GfnRange range) -> Optional.of(range);
      case Action.Pin(GfnRange range) -> Optional.of(range);
      case Action.PinSlow(GfnRange range) -> Optional.of(range);
      case Action.Unpin(GfnRange range) -> Optional.of(range);
      case Action.DmaLoad load -> Optional.of(load.page());
      case Action.DmaStore store -> Optional.of(store.page());
      case Action.GuestLoad load -> Optional.of(load.page());
      case Action.GuestStore store -> Optional.of(store.page());
      case Action.SetBytes _, Action.CloseRing _, Action.Kill _, Action.Await _ -> Optional.empty();
    };
  }

  /** What a guest is told; nothing for a verb that it does not have. */
  static Optional<ScriptToGuest> guest(Action action) {
    return switch (action) {
      case Action.Convert(GfnRange range, View target) ->
          Optional.of(new ScriptToGuest.Convert(range, target));
      case Action.Accept(GfnRange range) -> Optional.of(new ScriptToGuest.AcceptMemory(range));
      case Action.Load load ->
          Optional.of(new ScriptToGuest.Touch(load.page(), load.view(), new Access.Load()));
      case Action.Store store ->
          Optional.of(
              new ScriptToGuest.Touch(store.page(), store.view(), new Access.Store(store.value())));
      case Action.SetAttributes _,
          Action.SetBytes _,
          Action.QueryMappable _,
          Action.PunchHole _,
          Action.Allocate _,
          Action.Unmap _,
          Action.DmaMap _,
          Action.DmaUnmap _,
          Action.Pin _,
          Action.PinSlow _,
          Action.Unpin _,
          Action.CloseRing _,
          Action.DmaLoad _,
          Action.DmaStore _,
          Action.GuestLoad _,
          Action.GuestStore _,
          Action.Kill _,
          Action.Await _ ->
          Optional.empty();
    };
  }

  /** What the vCPU of a thread is told; nothing for a verb that is the thread's own. */
  static Optional<ScriptToGuest> vcpu(Action action) {
    return switch (action) {
      case Action.GuestLoad load ->
          Optional.of(new ScriptToGuest.Touch(load.page(), Optional.empty(), new Access.Load()));
      case Action.GuestStore store ->
          Optional.of(
              new ScriptToGuest.Touch(
                  store.page(), Optional.empty(), new Access.Store(store.value())));
      case Action.Convert _,
          Action.SetAttributes _,
          Action.SetBytes _,
          Action.QueryMappable _,
          Action.Accept _,
          Action.Load _,
          Action.Store _,
          Action.PunchHole _,
          Action.Allocate _,
          Action.Unmap _,
          Action.DmaMap _,
          Action.DmaUnmap _,
          Action.Pin _,
          Action.PinSlow _,
          Action.Unpin _,
          Action.CloseRing _,
          Action.DmaLoad _,
          Action.DmaStore _,
          Action.Kill _,
          Action.Await _ ->
          Optional.empty();
    };
  }

  /** What a VMM is told; nothing for a verb that it does not have. */
  static Optional<ScriptToVmm> vmm(Action action) {
    return switch (action) {
      case Action.Convert(GfnRange range, View target) ->
          Optional.of(new ScriptToVmm.Convert(range, target));
      case Action.SetAttributes(GfnRange range, View target) ->
          Optional.of(
              new ScriptToVmm.SetAttributes(
                  range.start() * Page.BYTES, range.pageCount() * Page.BYTES, target));
      case Action.SetBytes(long offset, long size, long errorOffset, View target) ->
          Optional.of(
              errorOffset == 0
                  ? new ScriptToVmm.SetAttributes(offset, size, target)
                  : new ScriptToVmm.SetAttributesWith(offset, size, errorOffset, target));
      case Action.QueryMappable(GfnRange page) -> Optional.of(new ScriptToVmm.QueryMappable(page));
      case Action.PunchHole(GfnRange range) -> Optional.of(new ScriptToVmm.PunchHole(range));
      case Action.Allocate(GfnRange range) -> Optional.of(new ScriptToVmm.Allocate(range));
      case Action.Unmap(GfnRange range) -> Optional.of(new ScriptToVmm.Unmap(range));
      case Action.Load load when load.view().isEmpty() ->
          Optional.of(new ScriptToVmm.Touch(load.page(), new Access.Load()));
      case Action.Store store when store.view().isEmpty() ->
          Optional.of(new ScriptToVmm.Touch(store.page(), new Access.Store(store.value())));
      case Action.Load _,
          Action.Store _,
          Action.Accept _,
          Action.DmaMap _,
          Action.DmaUnmap _,
          Action.Pin _,
          Action.PinSlow _,
          Action.Unpin _,
          Action.CloseRing _,
          Action.DmaLoad _,
          Action.DmaStore _,
          Action.GuestLoad _,
          Action.GuestStore _,
          Action.Kill _,
          Action.Await _ ->
          Optional.empty();
    };
  }

  /** What a host user is told; nothing for a verb that its kind does not have. */
  static Optional<ScriptToHostIo> hostIo(HostIoSetup.Kind kind, Action action) {
    return switch (kind) {
      case VFIO -> device(action);
      case IO_URING ->
          action instanceof Action.CloseRing
              ? Optional.of(new ScriptToHostIo.CloseRing())
              : pinner(action);
      case O_DIRECT -> pinner(action);
      case PROCESS, THREAD -> thread(action).or(() -> pinner(action));
    };
  }

  private static Optional<ScriptToHostIo> device(Action action) {
    return switch (action) {
      case Action.DmaMap(GfnRange range) -> Optional.of(new ScriptToHostIo.MapDma(range));
      case Action.DmaUnmap(GfnRange range) -> Optional.of(new ScriptToHostIo.UnmapDma(range));
      case Action.DmaLoad load ->
          Optional.of(new ScriptToHostIo.Dma(load.page(), new Access.Load()));
      case Action.DmaStore store ->
          Optional.of(new ScriptToHostIo.Dma(store.page(), new Access.Store(store.value())));
      case Action.Convert _,
          Action.SetAttributes _,
          Action.SetBytes _,
          Action.QueryMappable _,
          Action.Accept _,
          Action.Load _,
          Action.Store _,
          Action.PunchHole _,
          Action.Allocate _,
          Action.Unmap _,
          Action.Pin _,
          Action.PinSlow _,
          Action.Unpin _,
          Action.CloseRing _,
          Action.GuestLoad _,
          Action.GuestStore _,
          Action.Kill _,
          Action.Await _ ->
          Optional.empty();
    };
  }

  private static Optional<ScriptToHostIo> pinner(Action action) {
    return switch (action) {
      case Action.Pin(GfnRange range) -> Optional.of(new ScriptToHostIo.Pin(range));
      case Action.PinSlow(GfnRange range) -> Optional.of(new ScriptToHostIo.PinSlow(range));
      case Action.Unpin(GfnRange range) -> Optional.of(new ScriptToHostIo.Unpin(range));
      case Action.DmaLoad load ->
          Optional.of(new ScriptToHostIo.Transfer(load.page(), new Access.Load()));
      case Action.DmaStore store ->
          Optional.of(new ScriptToHostIo.Transfer(store.page(), new Access.Store(store.value())));
      case Action.Convert _,
          Action.SetAttributes _,
          Action.SetBytes _,
          Action.QueryMappable _,
          Action.Accept _,
          Action.Load _,
          Action.Store _,
          Action.PunchHole _,
          Action.Allocate _,
          Action.Unmap _,
          Action.DmaMap _,
          Action.DmaUnmap _,
          Action.CloseRing _,
          Action.GuestLoad _,
          Action.GuestStore _,
          Action.Kill _,
          Action.Await _ ->
          Optional.empty();
    };
  }

  private static Optional<ScriptToHostIo> thread(Action action) {
    return switch (action) {
      case Action.Load load when load.view().isEmpty() ->
          Optional.of(new ScriptToHostIo.Touch(load.page(), new Access.Load()));
      case Action.Store store when store.view().isEmpty() ->
          Optional.of(new ScriptToHostIo.Touch(store.page(), new Access.Store(store.value())));
      case Action.Unmap(GfnRange range) -> Optional.of(new ScriptToHostIo.Unmap(range));
      case Action.SetAttributes(GfnRange range, View target) ->
          Optional.of(
              new ScriptToHostIo.SetAttributes(
                  range.start() * Page.BYTES, range.pageCount() * Page.BYTES, target));
      case Action.PunchHole(GfnRange range) -> Optional.of(new ScriptToHostIo.PunchHole(range));
      case Action.SetBytes _,
          Action.QueryMappable _,
          Action.Load _,
          Action.Store _,
          Action.Convert _,
          Action.Accept _,
          Action.Allocate _,
          Action.DmaMap _,
          Action.DmaUnmap _,
          Action.Pin _,
          Action.PinSlow _,
          Action.Unpin _,
          Action.CloseRing _,
          Action.DmaLoad _,
          Action.DmaStore _,
          Action.GuestLoad _,
          Action.GuestStore _,
          Action.Kill _,
          Action.Await _ ->
          Optional.empty();
    };
  }
}
