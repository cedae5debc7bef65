package dev.faultline.conform;

import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.GuestToKvm;
import dev.faultline.protocol.message.KvmToGuest;
import dev.faultline.protocol.message.KvmToVmm;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.View;
import dev.faultline.protocol.message.VmmToKvm;
import java.util.List;

/** What the one vCPU of the trace's VM does, and with what its KVM_RUN comes back. */
final class GuestCalls {

  private static final long KVM_HC_MAP_GPA_RANGE = 12;

  private final Lab lab;

  GuestCalls(Lab lab) {
    this.lab = lab;
  }

  private static GfnRange page(long gpa) {
    long gfn = Long.divideUnsigned(gpa, Page.BYTES);
    return new GfnRange(gfn, gfn + 1);
  }

  /** One access; the last message is what came of it, and the vCPU is out of KVM again. */
  private Message touch(long gpa, Access access) {
    // A guest of these types cannot say which view it wants.
    List<Message> answers =
        lab.tell(Lab.VCPU, Lab.KVM, new GuestToKvm.Touch(page(gpa), View.SHARED, access));
    Message last = answers.getLast();
    if (last instanceof KvmToVmm) {
      lab.tell(Lab.PROGRAM, Lab.KVM, new VmmToKvm.Stop(Lab.VCPU));
    }
    return last;
  }

  private static Answer io(int value) {
    return Answer.of("OK", "exit", "IO", "val", value);
  }

  private Answer exit(long gpa, Message message) {
    return switch (message) {
      case KvmToVmm.MemoryFaultExit exit ->
          Answer.of(
              "MEMORY_FAULT",
              "errno",
              exit.errno().name(),
              "flags",
              exit.view() == View.PRIVATE ? VmCalls.PRIVATE : 0L,
              "gpa",
              exit.gpa(),
              "size",
              exit.sizeBytes());
      case KvmToVmm.MmioExit exit -> Answer.of("MMIO", "gpa", gpa, "write", exit.write() ? 1L : 0L);
      case KvmToVmm.RunFailed failed -> Answers.failed(failed.errno());
      default -> throw new IllegalStateException("no exit: " + message);
    };
  }

  Answer read(long gpa) {
    Message message = touch(gpa, new Access.Load());
    return message instanceof KvmToGuest.Touched(Result.Loaded(int value))
        ? io(value)
        : exit(gpa, message);
  }

  Answer write(long gpa, int value) {
    Message message = touch(gpa, new Access.Store(value));
    return message instanceof KvmToGuest.Touched(Result.Ok _) ? io(value) : exit(gpa, message);
  }

  Answer increment(long gpa) {
    Message message = touch(gpa, new Access.Load());
    return message instanceof KvmToGuest.Touched(Result.Loaded(int value))
        ? write(gpa, (value + 1) % 256)
        : exit(gpa, message);
  }

  /**
   * kvm_emulate_hypercall. Model: without the exit enabled the guest gets a value that is not told.
   */
  Answer hypercall(long gpa, long pages, long attributes) {
    long end = Long.divideUnsigned(gpa, Page.BYTES) + pages;
    boolean valid = Lab.isAligned(gpa) && pages != 0 && Long.compareUnsigned(end, pages) >= 0;
    if (!lab.mapGpaExits || !valid) {
      lab.reasons.add(lab.mapGpaExits ? "no range" : "KVM_CAP_EXIT_HYPERCALL is not enabled");
      return Answer.of("OK", "exit", "IO");
    }
    return Answer.of(
        "HYPERCALL", "nr", KVM_HC_MAP_GPA_RANGE, "a0", gpa, "a1", pages, "a2", attributes);
  }

  /**
   * KVM_PRE_FAULT_MEMORY. Model: a page is faulted in by a load whose value nobody sees.
   *
   * <p>EINVAL for a range that is empty, unaligned or wraps; ENOENT where there is no memslot,
   * EFAULT where a page is not to be had, unless a page before it was.
   */
  Answer prefault(long gpa, long size) {
    if (size == 0
        || !Lab.isAligned(gpa)
        || !Lab.isAligned(size)
        || Long.compareUnsigned(gpa + size, gpa) < 0) {
      lab.reasons.add("no range");
      return left(Errno.EINVAL.name(), -1, size);
    }
    for (long done = 0; done < size; done += Page.BYTES) {
      Message message = touch(gpa + done, new Access.Load());
      if (!(message instanceof KvmToGuest.Touched)) {
        if (done > 0) {
          return left("OK", 0, size - done);
        }
        Errno errno = message instanceof KvmToVmm.MmioExit ? Errno.ENOENT : Errno.EFAULT;
        return left(errno.name(), -1, size);
      }
    }
    return left("OK", 0, 0);
  }

  private static Answer left(String res, long ret, long left) {
    return Answer.of(res, "ret", ret, "left", left);
  }
}
