package dev.faultline.conform;

import dev.faultline.protocol.design.Site;
import dev.faultline.protocol.kvm.KvmSetup;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.message.KvmToProcess;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.ProcessToKvm;
import dev.faultline.protocol.message.View;
import dev.faultline.protocol.message.VmmToKvm;
import java.util.Optional;

/**
 * System calls on a VM (kvm_vm_ioctl): what they refuse before KVM does anything, and what reaches
 * KVM.
 */
final class VmCalls {

  /** KVM_MEMORY_ATTRIBUTE_PRIVATE. */
  static final long PRIVATE = 8;

  private static final long KVM_CAP_EXIT_HYPERCALL = 201;

  /** 1 &lt;&lt; KVM_HC_MAP_GPA_RANGE. */
  private static final long MAP_GPA_RANGE_BIT = 1L << 12;

  private static final long KVM_MEM_LOG_DIRTY_PAGES = 1;
  private static final long KVM_MEM_READONLY = 2;
  private static final long KVM_MEM_GUEST_MEMFD = 4;

  /** KVM_USER_MEM_SLOTS of x86. */
  private static final long SLOTS = Short.MAX_VALUE - 3;

  /** KVM_MEM_MAX_NR_PAGES. */
  private static final long MAX_PAGES = Integer.MAX_VALUE;

  /** kvm_mmu_max_gfn of two-dimensional paging, plus one. */
  private static final long END_OF_GFNS = 1L << 40;

  private final Lab lab;

  VmCalls(Lab lab) {
    this.lab = lab;
  }

  Answer checkExtension(long number) {
    return Answer.of("OK", "ret", lab.revision.extension(number).of(lab.mode));
  }

  Answer enableCap(long number, long argument) {
    if (number != KVM_CAP_EXIT_HYPERCALL || (argument & ~MAP_GPA_RANGE_BIT) != 0) {
      return lab.refuse(Errno.EINVAL, "the capability cannot be enabled with that argument");
    }
    lab.mapGpaExits = argument != 0;
    return Answers.OK;
  }

  /** KVM_CREATE_GUEST_MEMFD (kvm_gmem_create). */
  Answer createGmem(long size, long flags) {
    if ((flags & ~lab.revision.gmemFlags().bits(lab.mode)) != 0) {
      return lab.refuse(Errno.EINVAL, "flags " + flags + " are not all known for this type of VM");
    }
    if (size <= 0 || !Lab.isAligned(size)) {
      return lab.refuse(Errno.EINVAL, size + " bytes are no size of a file");
    }
    return Answer.of("OK", "g", lab.file(size / Page.BYTES, flags));
  }

  /** KVM_SET_MEMORY_ATTRIBUTES. */
  Answer setAttributes(TraceOperation.Attr attr) {
    boolean attributesOfVm = lab.revision.attributes() == Site.KVM && lab.mode.privateMemory();
    long supported = attributesOfVm ? PRIVATE : 0;
    if (attr.flags() != 0 || (attr.attributes() & ~supported) != 0) {
      return lab.refuse(Errno.EINVAL, "flags, or attributes that this VM does not support");
    }
    View target = attr.attributes() == PRIVATE ? View.PRIVATE : View.SHARED;
    KvmToProcess.AttributesSet answer =
        (KvmToProcess.AttributesSet)
            lab.ask(Lab.KVM, new ProcessToKvm.SetMemoryAttributes(attr.gpa(), attr.size(), target));
    return Answers.of(answer.result());
  }

  // Memslots.

  /** KVM_SET_USER_MEMORY_REGION2 (kvm_set_memory_region). */
  Answer setSlot(TraceOperation.Slot request) {
    long known = KVM_MEM_LOG_DIRTY_PAGES | KVM_MEM_READONLY | KVM_MEM_GUEST_MEMFD;
    boolean gmem = (request.flags() & KVM_MEM_GUEST_MEMFD) != 0;
    if ((request.flags() & ~known) != 0
        || gmem && request.flags() != KVM_MEM_GUEST_MEMFD
        || !Lab.isAligned(request.gpa())
        || !Lab.isAligned(request.size())
        || !Lab.isAligned(request.mappingOffset())
        || gmem && !Lab.isAligned(request.gmemOffset())
        || Long.compareUnsigned(request.gpa() + request.size(), request.gpa()) < 0
        || Long.compareUnsigned(request.size() / Page.BYTES, MAX_PAGES) > 0
        || request.id() < 0
        || request.id() >= SLOTS) {
      return lab.refuse(Errno.EINVAL, "flags, alignment, or a number beyond the last slot");
    }
    Optional<KvmSetup.Slot> old =
        lab.slots.stream().filter(slot -> slot.id() == request.id()).findFirst();
    if (request.size() == 0) {
      return old.isEmpty()
          ? lab.refuse(Errno.EINVAL, "there is no slot " + request.id())
          : delete(old.get());
    }
    GfnRange gfns =
        new GfnRange(
            Long.divideUnsigned(request.gpa(), Page.BYTES),
            Long.divideUnsigned(request.gpa() + request.size(), Page.BYTES));
    KvmSetup.Slot slot = slot(request, gfns, Optional.empty());
    if (old.isPresent()) {
      return change(old.get(), slot, gmem);
    }
    return overlaps(slot) ? exists(gfns) : bind(request, slot, gmem);
  }

  private Answer exists(GfnRange gfns) {
    return lab.refuse(Errno.EEXIST, "a slot has some of " + gfns);
  }

  private boolean overlaps(KvmSetup.Slot wanted) {
    return lab.slots.stream()
        .anyMatch(slot -> slot.id() != wanted.id() && slot.gfns().overlaps(wanted.gfns()));
  }

  private KvmSetup.Slot slot(
      TraceOperation.Slot request, GfnRange gfns, Optional<KvmSetup.Bound> bound) {
    PartyId memory = Lab.NOWHERE;
    if (request.mapping().isPresent()) {
      memory =
          lab.mapping(request.mapping().getAsInt()).map(Lab.Mapping::memory).orElse(Lab.NOWHERE);
    }
    return new KvmSetup.Slot(
        (int) request.id(),
        gfns,
        bound,
        memory,
        request.mappingOffset() / Page.BYTES,
        (request.flags() & KVM_MEM_READONLY) != 0);
  }

  private Answer delete(KvmSetup.Slot old) {
    lab.tell(Lab.PROGRAM, Lab.KVM, new VmmToKvm.FlushSlot(old.gfns()));
    lab.slots.remove(old);
    lab.slotsChanged();
    return Answers.OK;
  }

  /** A slot with a gmem file cannot be changed, and none can become one, or read-only. */
  private Answer change(KvmSetup.Slot old, KvmSetup.Slot wanted, boolean gmem) {
    if (gmem
        || old.readOnly() != wanted.readOnly()
        || old.file().isPresent()
        || old.gfns().pageCount() != wanted.gfns().pageCount()
        || !old.memory().equals(wanted.memory())
        || old.userPage() != wanted.userPage()) {
      return lab.refuse(Errno.EINVAL, "slot " + old.id() + " cannot be changed so");
    }
    if (overlaps(wanted)) {
      return exists(wanted.gfns());
    }
    if (isTooHigh(wanted.gfns())) {
      return tooHigh();
    }
    if (!old.gfns().equals(wanted.gfns())) {
      lab.tell(Lab.PROGRAM, Lab.KVM, new VmmToKvm.FlushSlot(old.gfns()));
      lab.slots.set(lab.slots.indexOf(old), wanted);
      lab.slotsChanged();
    }
    return Answers.OK;
  }

  private static boolean isTooHigh(GfnRange gfns) {
    return gfns.end() > END_OF_GFNS;
  }

  /** kvm_arch_prepare_memory_region, which comes after all that kvm_main.c checks. */
  private Answer tooHigh() {
    return lab.refuse(Errno.EINVAL, "no guest address is so high");
  }

  /** kvm_gmem_bind. */
  private Answer bind(TraceOperation.Slot request, KvmSetup.Slot slot, boolean gmem) {
    if (!gmem) {
      return add(slot);
    }
    if (request.gmem().isEmpty()) {
      return lab.refuse(Errno.EINVAL, "the file is none of gmem");
    }
    Optional<Lab.File> file = lab.openFile(request.gmem().getAsInt());
    if (file.isEmpty()) {
      return lab.refuse(Errno.EBADF, "there is no such file");
    }
    long bytes = file.get().pageCount() * Page.BYTES;
    long offset = request.gmemOffset();
    if (offset < 0 || offset > bytes || request.size() > bytes - offset) {
      return lab.refuse(Errno.EINVAL, "the slot reaches beyond the end of the file");
    }
    KvmSetup.Slot bound =
        slot(
            request,
            slot.gfns(),
            Optional.of(
                new KvmSetup.Bound(
                    file.get().inode(), offset / Page.BYTES, file.get().mmap(), true)));
    if (lab.slots.stream().anyMatch(other -> other.sharesFile(bound))) {
      return lab.refuse(Errno.EEXIST, "a slot has some of these pages of the file");
    }
    return add(bound);
  }

  private Answer add(KvmSetup.Slot slot) {
    if (isTooHigh(slot.gfns())) {
      return tooHigh();
    }
    lab.slots.add(slot);
    lab.slotsChanged();
    return Answers.OK;
  }
}
