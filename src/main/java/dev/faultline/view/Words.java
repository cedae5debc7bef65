package dev.faultline.view;

import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.AnchorToGmem;
import dev.faultline.protocol.message.AnchorToKvm;
import dev.faultline.protocol.message.DeviceToIommu;
import dev.faultline.protocol.message.Foll;
import dev.faultline.protocol.message.GmemToAnchor;
import dev.faultline.protocol.message.GmemToKvm;
import dev.faultline.protocol.message.GmemToProcess;
import dev.faultline.protocol.message.GuestToKvm;
import dev.faultline.protocol.message.HostIoToVmm;
import dev.faultline.protocol.message.HostMemoryToGmem;
import dev.faultline.protocol.message.HostMemoryToKvm;
import dev.faultline.protocol.message.HostMemoryToProcess;
import dev.faultline.protocol.message.InvalidationAnswer;
import dev.faultline.protocol.message.IommuToDevice;
import dev.faultline.protocol.message.IommuToVmm;
import dev.faultline.protocol.message.KvmToAnchor;
import dev.faultline.protocol.message.KvmToGmem;
import dev.faultline.protocol.message.KvmToGuest;
import dev.faultline.protocol.message.KvmToProcess;
import dev.faultline.protocol.message.KvmToVmm;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PageUserToGmem;
import dev.faultline.protocol.message.PagesAnswer;
import dev.faultline.protocol.message.ProcessToGmem;
import dev.faultline.protocol.message.ProcessToHostMemory;
import dev.faultline.protocol.message.ProcessToKvm;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.ScriptToGuest;
import dev.faultline.protocol.message.ScriptToHostIo;
import dev.faultline.protocol.message.ScriptToVmm;
import dev.faultline.protocol.message.TdvmcallStatus;
import dev.faultline.protocol.message.ToScript;
import dev.faultline.protocol.message.VmmToHostIo;
import dev.faultline.protocol.message.VmmToIommu;
import dev.faultline.protocol.message.VmmToKvm;
import dev.faultline.scenario.Expected;
import java.util.Optional;

/** Messages in a few words, as a ladder has room for. */
final class Words {

  private Words() {}

  /** The pages of a call, or its bytes where they are no whole pages. */
  static String bytes(long offset, long size) {
    return offset % Page.BYTES == 0 && size % Page.BYTES == 0
        ? Pages.ofBytes(offset, size).map(IndexRange::toString).orElse(hex(offset, size))
        : hex(offset, size);
  }

  private static String hex(long offset, long size) {
    return "0x" + Long.toHexString(offset) + "+0x" + Long.toHexString(size);
  }

  /** "2 MiB" for an address that is a whole number of a unit. */
  static String address(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    long number = bytes;
    while (unit + 1 < units.length && number >= 1024 && number % 1024 == 0) {
      number /= 1024;
      unit++;
    }
    return number == 0 ? "0" : number + " " + units[unit];
  }

  static String access(Access access, Object where) {
    return switch (access) {
      case Access.Load() -> "load " + where;
      case Access.Store(int value) -> "store " + value + " to " + where;
      case Access.Instruct(String instruction, var _) -> instruction + " " + where;
    };
  }

  /** How something ended, and where. */
  static String result(Result result) {
    return switch (result) {
      case Result.Ok() -> "ok";
      case Result.Loaded(int value) -> "read " + value;
      case Result.Failed failed ->
          failed.errno()
              + failed.at().map(page -> " at " + address(page.number() * Page.BYTES)).orElse("");
      case Result.Sigbus _,
          Result.Sigsegv _,
          Result.Died _,
          Result.MemoryFault _,
          Result.Mmio _,
          Result.VmDead _ ->
          Expected.word(result);
    };
  }

  static boolean isRefusal(Message message) {
    Optional<Result> result = resultOf(message);
    return result.isPresent()
            && !(result.get() instanceof Result.Ok || result.get() instanceof Result.Loaded)
        || message instanceof PagesAnswer.NotGot
        || message instanceof KvmToGuest.MapGpaReturned returned
            && returned.status() != TdvmcallStatus.SUCCESS;
  }

  private static Optional<Result> resultOf(Message message) {
    return switch (message) {
      case GmemToProcess.Returned(Result result, var _) -> Optional.of(result);
      case KvmToProcess.AttributesSet(Result result) -> Optional.of(result);
      case GmemToKvm.Agreed(Result result) -> Optional.of(result);
      case HostMemoryToProcess.Touched(Result result) -> Optional.of(result);
      case KvmToGuest.Touched(Result result) -> Optional.of(result);
      case KvmToGuest.Stopped(Result result) -> Optional.of(result);
      case IommuToDevice.DmaDone(Result result) -> Optional.of(result);
      case IommuToVmm.Mapped(Result result) -> Optional.of(result);
      case IommuToVmm.Unmapped(Result result) -> Optional.of(result);
      case VmmToHostIo.DmaMapped(Result result) -> Optional.of(result);
      case VmmToHostIo.DmaUnmapped(Result result) -> Optional.of(result);
      case PagesAnswer.Transferred(Result result) -> Optional.of(result);
      case ToScript.Answered(Result result) -> Optional.of(result);
      // Requests, and answers that cannot be a no.
      case ScriptToGuest _,
          ScriptToVmm _,
          ScriptToHostIo _,
          GuestToKvm _,
          KvmToGuest.MapGpaReturned _,
          KvmToVmm _,
          VmmToKvm _,
          ProcessToKvm _,
          ProcessToGmem _,
          ProcessToHostMemory _,
          GmemToProcess.Unblocked _,
          HostMemoryToGmem _,
          HostMemoryToProcess.Unmapped _,
          PageUserToGmem _,
          PagesAnswer.Got _,
          PagesAnswer.NotGot _,
          PagesAnswer.Put _,
          KvmToGmem _,
          GmemToKvm.AttributeRead _,
          GmemToKvm.InvalidateBegin _,
          GmemToKvm.InvalidateEnd _,
          GmemToKvm.Noted _,
          HostMemoryToKvm _,
          InvalidationAnswer _,
          KvmToAnchor _,
          AnchorToKvm _,
          GmemToAnchor _,
          AnchorToGmem _,
          VmmToIommu _,
          DeviceToIommu _,
          HostIoToVmm _,
          VmmToHostIo.Unregister _,
          VmmToHostIo.ProcessDied _ ->
          Optional.empty();
    };
  }

  static String message(Message message) {
    return switch (message) {
      case ScriptToGuest.Convert(GfnRange range, var view) ->
          "convert " + range + " to " + view.word();
      case ScriptToGuest.AcceptMemory(GfnRange range) -> "accept " + range;
      case ScriptToGuest.Touch touch -> access(touch.access(), touch.range());
      case ScriptToVmm.Convert(GfnRange range, var view) ->
          "convert " + range + " to " + view.word();
      case ScriptToVmm.SetFirstView(GfnRange range, var view) ->
          "start: " + range + " " + view.word();
      case ScriptToVmm.SetAttributes set ->
          "set " + bytes(set.offsetBytes(), set.sizeBytes()) + " " + set.target().word();
      case ScriptToVmm.SetAttributesWith set ->
          "set "
              + bytes(set.offsetBytes(), set.sizeBytes())
              + " "
              + set.target().word()
              + ", error_offset "
              + set.errorOffset();
      case ScriptToVmm.QueryMappable(GfnRange page) -> "may " + page + " be mapped";
      case ScriptToVmm.PunchHole(GfnRange range) -> "punch hole " + range;
      case ScriptToVmm.Allocate(GfnRange range) -> "allocate " + range;
      case ScriptToVmm.Touch touch -> access(touch.access(), touch.range());
      case ScriptToVmm.Unmap(GfnRange range) -> "unmap " + range;
      case ScriptToHostIo.Touch touch -> access(touch.access(), touch.range());
      case ScriptToHostIo.Unmap(GfnRange range) -> "unmap " + range;
      case ScriptToHostIo.SetAttributes set ->
          "set " + bytes(set.offsetBytes(), set.sizeBytes()) + " " + set.target().word();
      case ScriptToHostIo.PunchHole(GfnRange range) -> "punch hole " + range;
      case ScriptToHostIo.MapDma(GfnRange range) -> "dma-map " + range;
      case ScriptToHostIo.UnmapDma(GfnRange range) -> "dma-unmap " + range;
      case ScriptToHostIo.Dma dma -> "dma " + access(dma.access(), dma.range());
      case ScriptToHostIo.Pin(GfnRange range) -> "pin " + range;
      case ScriptToHostIo.PinSlow(GfnRange range) -> "pin " + range + " (slow)";
      case ScriptToHostIo.Transfer transfer -> "dma " + access(transfer.access(), transfer.range());
      case ScriptToHostIo.Unpin(GfnRange range) -> "unpin " + range;
      case ScriptToHostIo.CloseRing() -> "close the ring";
      case GuestToKvm.Touch touch ->
          access(touch.access(), touch.range()) + " (" + touch.view().word() + ")";
      case GuestToKvm.MapGpa map ->
          "MapGPA " + bytes(map.gpa(), map.sizeBytes()) + " " + map.target().word();
      case KvmToGuest.Touched(Result result) -> result(result);
      case KvmToGuest.MapGpaReturned(TdvmcallStatus status, long gpa) ->
          status == TdvmcallStatus.SUCCESS ? "SUCCESS" : status + ", R11 = " + address(gpa);
      case KvmToGuest.Stopped(Result result) -> "stopped: " + result(result);
      case KvmToVmm.HypercallExit exit ->
          "exit: " + bytes(exit.gpa(), exit.pageCount() * Page.BYTES) + " " + exit.target().word();
      case KvmToVmm.MemoryFaultExit exit ->
          "exit: memory fault " + bytes(exit.gpa(), exit.sizeBytes()) + " " + exit.view().word();
      case KvmToVmm.MmioExit exit -> "exit: MMIO " + address(exit.gpa());
      case KvmToVmm.RunFailed failed -> "KVM_RUN " + failed.errno();
      case KvmToProcess.AttributesSet(Result result) -> result(result);
      case VmmToKvm.Run run -> "run, ret " + run.hypercallRet().map(Enum::name).orElse("0");
      case VmmToKvm.Stop _ -> "stop the vCPU";
      case VmmToKvm.Skip _ -> "skip the access";
      case VmmToKvm.FlushSlot(GfnRange gfns) -> "flush slot " + gfns;
      case VmmToKvm.ProcessEnded() -> "the process ended";
      case ProcessToKvm.SetMemoryAttributes set ->
          "set " + bytes(set.address(), set.sizeBytes()) + " " + set.target().word();
      case ProcessToGmem.SetMemoryAttributes2 set ->
          "set " + bytes(set.offsetBytes(), set.sizeBytes()) + " " + set.target().word();
      case ProcessToGmem.Convert set ->
          "convert "
              + bytes(set.offsetBytes(), set.sizeBytes())
              + " "
              + set.target().word()
              + (set.errorOffset() == 0 ? "" : ", error_offset " + set.errorOffset());
      case ProcessToGmem.QueryMappable query ->
          "may " + address(query.offsetBytes()) + " be mapped";
      case ProcessToGmem.PunchHole punch ->
          "punch hole " + bytes(punch.offsetBytes(), punch.sizeBytes());
      case ProcessToGmem.Allocate allocate ->
          "allocate " + bytes(allocate.offsetBytes(), allocate.sizeBytes());
      case ProcessToGmem.CancelConversion cancel ->
          "give up " + bytes(cancel.offsetBytes(), cancel.sizeBytes());
      case GmemToProcess.Returned(Result result, var _) -> result(result);
      case GmemToProcess.Unblocked(IndexRange range) -> range + " is free";
      case ProcessToHostMemory.Touch touch -> access(touch.access(), touch.range());
      case ProcessToHostMemory.Unmap(GfnRange range) -> "unmap " + range;
      case ProcessToHostMemory.GetUserPages pages -> "get_user_pages " + pages.range();
      case ProcessToHostMemory.Exit() -> "exit";
      case HostMemoryToProcess.Touched(Result result) -> result(result);
      case HostMemoryToProcess.Unmapped() -> "unmapped";
      case HostMemoryToGmem.Touch touch -> access(touch.access(), touch.range());
      case HostMemoryToGmem.Zap zap -> "unmap " + zap.range();
      case HostMemoryToGmem.GetUserPages pages ->
          (pages.foll() == Foll.GET ? "get_user_pages " : "pin ") + pages.range();
      case HostMemoryToGmem.ExitMmap _ -> "exit_mmap";
      case PagesAnswer.Got got -> "got " + got.range();
      case PagesAnswer.NotGot notGot -> notGot.errno().name();
      case PagesAnswer.Transferred(Result result) -> result(result);
      case PagesAnswer.Put() -> "unpinned";
      case PageUserToGmem.Transfer transfer -> access(transfer.access(), transfer.page());
      case PageUserToGmem.PutPages put -> "unpin " + put.pages().getFirst();
      case KvmToGmem.ReadAttribute read -> "attribute of " + read.range() + "?";
      case KvmToGmem.GetPage get -> "get page " + get.range();
      case KvmToGmem.PutPage _ -> "put page";
      case KvmToGmem.Transfer transfer -> access(transfer.access(), transfer.pages());
      case InvalidationAnswer.Begun _ -> "zapped";
      case InvalidationAnswer.Ended() -> "ended";
      case KvmToGmem.AgreeToAttributes agree ->
          "agree: " + agree.range() + " " + agree.target().word() + "?";
      case KvmToGmem.ContentDestroyed destroyed -> destroyed.range() + " destroyed";
      case GmemToKvm.AttributeRead read -> read.view().word();
      case GmemToKvm.InvalidateBegin begin -> "invalidate " + begin.range();
      case GmemToKvm.InvalidateEnd _ -> "invalidate end";
      case GmemToKvm.Agreed(Result result) -> "agree: " + result(result);
      case GmemToKvm.Noted() -> "noted";
      case HostMemoryToKvm.InvalidateRangeStart(GfnRange range) -> "invalidate " + range;
      case HostMemoryToKvm.InvalidateRangeEnd _ -> "invalidate end";
      case KvmToAnchor.Instruct told -> told.instruction() + " " + told.range();
      case KvmToAnchor.Translate translate -> access(translate.access(), translate.range());
      case AnchorToKvm.Succeeded() -> "done";
      case AnchorToKvm.Busy() -> "BUSY";
      case AnchorToKvm.Removed _ -> "removed";
      case AnchorToKvm.Translated _ -> "translated";
      case AnchorToKvm.NotPresent _ -> "no translation";
      case AnchorToKvm.Refused refused ->
          refused.errno() + ": " + refused.range() + " is " + refused.state();
      case AnchorToKvm.Dies dies -> dies.range() + " is " + dies.state();
      case AnchorToKvm.Fails fails -> fails.range() + " is " + fails.state();
      case GmemToAnchor.Instruct told -> told.instruction() + " " + told.range();
      case GmemToAnchor.KernelAccess touched ->
          "the kernel's " + access(touched.access(), touched.range());
      case GmemToAnchor.Guarded() -> "taken";
      case AnchorToGmem.Guard guard -> guard.state() + " " + guard.frames().getFirst();
      case AnchorToGmem.Done() -> "done";
      case AnchorToGmem.Refused refused ->
          refused.errno() + ": " + refused.range() + " is " + refused.state();
      case AnchorToGmem.Retry retry -> retry.refused().map(Enum::name).orElse("try again");
      case VmmToIommu.MapDma map -> "map dma " + map.iova();
      case VmmToIommu.UnmapDma unmap -> "unmap dma " + unmap.iova();
      case IommuToVmm.Mapped(Result result) -> result(result);
      case IommuToVmm.Unmapped(Result.Ok _) -> "unmapped";
      case IommuToVmm.Unmapped(Result result) -> result(result);
      case DeviceToIommu.Dma dma -> "dma " + access(dma.access(), dma.iova());
      case IommuToDevice.DmaDone(Result result) -> result(result);
      case HostIoToVmm.MapDma(GfnRange range) -> "map dma " + range;
      case HostIoToVmm.UnmapDma(GfnRange range) -> "unmap dma " + range;
      case HostIoToVmm.Registered(GfnRange range) -> "registered " + range;
      case HostIoToVmm.Unregistered(GfnRange range) -> "unregistered " + range;
      case HostIoToVmm.Released(GfnRange range) -> "released " + range;
      case HostIoToVmm.ProcessDied() -> "died";
      case VmmToHostIo.DmaMapped(Result result) -> result(result);
      case VmmToHostIo.DmaUnmapped(Result result) -> result(result);
      case VmmToHostIo.Unregister(GfnRange range) -> "unregister " + range;
      case VmmToHostIo.ProcessDied() -> "died";
      case ToScript.Answered(Result result) -> result(result);
    };
  }

  /** Messages that only carry others along; a ladder leaves them out. */
  static boolean isPlumbing(Message message) {
    return switch (message) {
      case ProcessToHostMemory.Touch _,
          ProcessToHostMemory.Unmap _,
          ProcessToHostMemory.GetUserPages _ ->
          true;
      case KvmToGmem.ReadAttribute _,
          KvmToGmem.GetPage _,
          KvmToGmem.PutPage _,
          KvmToGmem.Transfer _ ->
          true;
      case InvalidationAnswer _ -> true;
      case GmemToKvm.AttributeRead _, GmemToKvm.Noted _, GmemToKvm.InvalidateEnd _ -> true;
      case HostMemoryToKvm.InvalidateRangeEnd _ -> true;
      case PagesAnswer.Got _, PagesAnswer.Put _, PagesAnswer.Transferred _ -> true;
      case AnchorToKvm.Succeeded _, AnchorToKvm.Removed _, AnchorToKvm.Translated _ -> true;
      case KvmToAnchor.Translate translate -> !(translate.access() instanceof Access.Instruct);
      case GmemToAnchor.Guarded _, AnchorToGmem.Done _ -> true;
      case HostMemoryToProcess.Unmapped _ -> true;
      case ScriptToGuest _,
          ScriptToVmm _,
          ScriptToHostIo _,
          ToScript _,
          GuestToKvm _,
          KvmToGuest _,
          KvmToVmm _,
          VmmToKvm _,
          KvmToProcess _,
          ProcessToKvm _,
          ProcessToGmem _,
          ProcessToHostMemory.Exit _,
          GmemToProcess _,
          HostMemoryToGmem _,
          HostMemoryToProcess.Touched _,
          PageUserToGmem _,
          PagesAnswer.NotGot _,
          KvmToGmem.AgreeToAttributes _,
          KvmToGmem.ContentDestroyed _,
          GmemToKvm.InvalidateBegin _,
          GmemToKvm.Agreed _,
          HostMemoryToKvm.InvalidateRangeStart _,
          KvmToAnchor.Instruct _,
          AnchorToKvm.Busy _,
          AnchorToKvm.NotPresent _,
          AnchorToKvm.Refused _,
          AnchorToKvm.Dies _,
          AnchorToKvm.Fails _,
          GmemToAnchor.Instruct _,
          GmemToAnchor.KernelAccess _,
          AnchorToGmem.Guard _,
          AnchorToGmem.Refused _,
          AnchorToGmem.Retry _,
          VmmToIommu _,
          IommuToVmm _,
          DeviceToIommu _,
          IommuToDevice _,
          HostIoToVmm _,
          VmmToHostIo _ ->
          false;
    };
  }
}
