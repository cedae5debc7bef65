package dev.faultline.protocol.gmem;

import dev.faultline.protocol.Draft;
import dev.faultline.protocol.design.HostAnswer;
import dev.faultline.protocol.design.HostUse;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.Content;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.GmemToAnchor;
import dev.faultline.protocol.message.PagesAnswer;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.TaskId;
import java.util.Optional;

/** The bytes of frames, and what the platform makes of those who want them. */
final class HostAccesses {

  private final GmemSetup setup;

  HostAccesses(GmemSetup setup) {
    this.setup = setup;
  }

  /** An access that nothing checks any more: the guest's, or one of the host that passed. */
  static Result bytes(Draft<GmemState, GmemEvent> draft, PfnRange frames, Access access) {
    return switch (access) {
      case Access.Load() -> new Result.Loaded(draft.state().value(frames));
      case Access.Store(int value) -> {
        draft.happen(new GmemEvent.BytesWritten(frames, value));
        yield Result.ok();
      }
      case Access.Instruct(String _, Content content) -> {
        switch (content) {
          case KEEP -> {}
          case ZERO -> draft.happen(new GmemEvent.BytesWritten(frames, 0));
          case GARBAGE -> draft.happen(new GmemEvent.BytesWritten(frames, Content.GARBAGE_BYTE));
        }
        yield Result.ok();
      }
    };
  }

  /** A thread loads or stores through its page table. */
  Result ofThread(Draft<GmemState, GmemEvent> draft, PfnRange frames, Access access) {
    HostUse use = access instanceof Access.Load ? HostUse.USER_LOAD : HostUse.USER_STORE;
    return switch (answer(draft.state(), frames, use)) {
      case HostAnswer.Passes() -> bytes(draft, frames, access);
      case HostAnswer.Garbage() -> new Result.Loaded(Content.GARBAGE_BYTE);
      case HostAnswer.Sigbus() -> {
        draft.signal(reason(draft.state(), frames));
        yield new Result.Sigbus();
      }
      case HostAnswer.Sigsegv() -> {
        draft.signal(reason(draft.state(), frames));
        yield new Result.Sigsegv();
      }
      case HostAnswer.Fails(Errno errno) -> fail(draft, frames, errno);
      // A thread asks for nothing back: what its own access may mean is not the kernel's business.
      case HostAnswer.Reclaims() -> fail(draft, frames, Errno.EFAULT);
    };
  }

  /** The kernel or a device gets at frames by a pin; it is answered, or the anchor is asked. */
  void ofHolder(
      Draft<GmemState, GmemEvent> draft, Endpoint holder, PfnRange frames, Access access) {
    boolean isDevice = holder.party().kind() == PartyKind.IOMMU;
    boolean loads = access instanceof Access.Load;
    HostUse use =
        isDevice
            ? loads ? HostUse.DEVICE_LOAD : HostUse.DEVICE_STORE
            : loads ? HostUse.KERNEL_LOAD : HostUse.KERNEL_STORE;
    switch (answer(draft.state(), frames, use)) {
      case HostAnswer.Passes() -> transferred(draft, holder, bytes(draft, frames, access));
      case HostAnswer.Garbage() ->
          transferred(draft, holder, new Result.Loaded(Content.GARBAGE_BYTE));
      case HostAnswer.Sigbus(), HostAnswer.Sigsegv() ->
          transferred(draft, holder, fail(draft, frames, Errno.EFAULT));
      case HostAnswer.Fails(Errno errno) -> transferred(draft, holder, fail(draft, frames, errno));
      case HostAnswer.Reclaims() -> {
        IndexRange pages = draft.state().indices(frames);
        draft.send(
            TaskId.NONE,
            Endpoint.of(setup.platform().orElseThrow().anchor()),
            new GmemToAnchor.KernelAccess(
                new GfnRange(pages.start(), pages.end()), frames, access, holder));
      }
    }
  }

  /**
   * The anchor was asked for a page that the kernel touched. EAGAIN is as good as success: somebody
   * else has brought it back (arch/arm64/mm/fault.c).
   */
  void again(
      Draft<GmemState, GmemEvent> draft,
      Endpoint holder,
      PfnRange frames,
      Access access,
      Optional<Errno> refused) {
    if (refused.isEmpty() || refused.get() == Errno.EAGAIN) {
      ofHolder(draft, holder, frames, access);
    } else {
      transferred(draft, holder, fail(draft, frames, Errno.EFAULT));
    }
  }

  private static void transferred(
      Draft<GmemState, GmemEvent> draft, Endpoint holder, Result result) {
    draft.send(TaskId.NONE, holder, new PagesAnswer.Transferred(result));
  }

  private static Result fail(Draft<GmemState, GmemEvent> draft, PfnRange frames, Errno errno) {
    draft.refuse(errno, reason(draft.state(), frames));
    return Result.failed(errno);
  }

  private HostAnswer answer(GmemState state, PfnRange frames, HostUse use) {
    return state.guarded().runs(frames).stream()
        .flatMap(
            run ->
                setup.platform().stream()
                    .map(platform -> platform.mode().anchor().state(run.value()).host(use)))
        .filter(answer -> !(answer instanceof HostAnswer.Passes))
        .findFirst()
        .orElse(new HostAnswer.Passes());
  }

  private static String reason(GmemState state, PfnRange frames) {
    String guard =
        state.guarded().runs(frames).stream().findFirst().map(run -> run.value()).orElse("kept");
    return "page " + state.indices(frames).start() + " is " + guard + " at the trust anchor";
  }
}
