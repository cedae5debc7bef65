package dev.faultline.conform;

import dev.faultline.protocol.design.Site;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.memory.PageIndex;
import dev.faultline.protocol.message.GmemToProcess;
import dev.faultline.protocol.message.ProcessToGmem;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.View;
import java.util.Optional;

/**
 * System calls on a gmem file (kvm_gmem_fops): what they refuse at once, and what the inode does.
 */
final class FileCalls {

  /** FALLOC_FL_KEEP_SIZE. */
  static final long KEEP_SIZE = 1;

  /** FALLOC_FL_PUNCH_HOLE. */
  static final long PUNCH_HOLE = 2;

  private static final int COLLAPSE_RANGE = 8;
  private static final int ZERO_RANGE = 0x10;
  private static final int INSERT_RANGE = 0x20;
  private static final int UNSHARE_RANGE = 0x40;
  private static final int WRITE_ZEROES = 0x80;

  private final Lab lab;

  FileCalls(Lab lab) {
    this.lab = lab;
  }

  private Answer noFile() {
    return lab.refuse(Errno.EBADF, "there is no such file");
  }

  /** kvm_gmem_mmap. */
  Answer mmap(TraceOperation.Mmap request) {
    if (!Lab.isAligned(request.offset())) {
      return lab.refuse(Errno.EINVAL, "no whole page of a file");
    }
    Optional<Lab.File> file = lab.openFile(request.gmem());
    if (file.isEmpty()) {
      return noFile();
    }
    if (request.size() == 0) {
      return lab.refuse(Errno.EINVAL, "no size");
    }
    if (Long.compareUnsigned(request.size(), MemoryCalls.ADDRESSES) > 0) {
      return lab.refuse(Errno.ENOMEM, "no address space is so large");
    }
    if (request.offset() < 0 || request.offset() > Long.MAX_VALUE - request.size()) {
      lab.reasons.add("beyond the largest offset of a file");
      return Answers.failed("EOVERFLOW");
    }
    if (!file.get().mmap()) {
      return lab.refuse(Errno.ENODEV, "the file was made without GUEST_MEMFD_FLAG_MMAP");
    }
    if (request.isPrivate()) {
      return lab.refuse(Errno.EINVAL, "a gmem file is mapped shared only");
    }
    return Answer.of(
        "OK",
        "m",
        lab.mapping(
            file.get().inode(),
            request.offset() / Page.BYTES,
            (request.size() + Page.BYTES - 1) / Page.BYTES,
            request.readOnly()));
  }

  /** close(2): a mapping is a reference on the file as well. */
  Answer close(int number) {
    Optional<Lab.File> file = lab.openFile(number);
    if (file.isEmpty()) {
      return noFile();
    }
    Lab.File open = file.get();
    lab.files.set(number, new Lab.File(open.inode(), open.pageCount(), open.mmap(), false));
    lab.releaseUnlessReferenced(open.inode());
    return Answers.OK;
  }

  /** KVM_SET_MEMORY_ATTRIBUTES2 (kvm_gmem_ioctl). */
  Answer setAttributes(TraceOperation.Attr2 attr) {
    Optional<Lab.File> file = lab.openFile(attr.gmem());
    if (file.isEmpty()) {
      lab.reasons.add("there is no such file");
      return Answer.of(Errno.EBADF.name());
    }
    if (lab.revision.attributes() != Site.GMEM) {
      lab.reasons.add("attributes are the VM's in " + lab.revision.name());
      return Answer.of(Errno.ENOTTY.name());
    }
    if (attr.flags() != 0 || (attr.attributes() & ~VmCalls.PRIVATE) != 0) {
      lab.reasons.add("flags, or attributes that are not known");
      return Answer.of(Errno.EINVAL.name());
    }
    View target = attr.attributes() == VmCalls.PRIVATE ? View.PRIVATE : View.SHARED;
    Result result =
        returned(
            file.get(), new ProcessToGmem.SetMemoryAttributes2(attr.offset(), attr.size(), target));
    if (!(result instanceof Result.Failed(Errno errno, Optional<PageIndex> at))) {
      return Answer.of("OK");
    }
    if (at.isEmpty()) {
      return Answer.of(errno.name());
    }
    long page = at.get().number();
    return Answer.of(errno.name(), "error_offset", page * Page.BYTES, "error_page", page);
  }

  private Result returned(Lab.File file, ProcessToGmem call) {
    return ((GmemToProcess.Returned) lab.ask(file.inode(), call)).result();
  }

  /** vfs_fallocate, kvm_gmem_fallocate. */
  Answer fallocate(int number, long mode, long offset, long size) {
    Optional<Lab.File> file = lab.openFile(number);
    if (file.isEmpty()) {
      return noFile();
    }
    if (offset < 0 || size <= 0) {
      return lab.refuse(Errno.EINVAL, "no part of a file");
    }
    if (isForFiles(mode) && offset > Long.MAX_VALUE - size) {
      lab.reasons.add("beyond the largest offset of a file");
      return Answers.failed("EFBIG");
    }
    if ((mode & KEEP_SIZE) == 0 || (mode & ~(KEEP_SIZE | PUNCH_HOLE)) != 0) {
      return lab.refuse(Errno.EOPNOTSUPP, "mode " + mode + " of fallocate");
    }
    return Answers.of(
        returned(
            file.get(),
            (mode & PUNCH_HOLE) != 0
                ? new ProcessToGmem.PunchHole(offset, size)
                : new ProcessToGmem.Allocate(offset, size)));
  }

  /** Whether vfs_fallocate knows a mode; the file may still refuse it. */
  private static boolean isForFiles(long mode) {
    boolean keepsSize = (mode & KEEP_SIZE) != 0;
    return switch ((int) (mode & ~KEEP_SIZE)) {
      case 0, ZERO_RANGE -> true;
      case (int) PUNCH_HOLE -> keepsSize;
      case COLLAPSE_RANGE, INSERT_RANGE, UNSHARE_RANGE, WRITE_ZEROES -> !keepsSize;
      default -> false;
    };
  }

  /** kvm_gmem_setattr: the size is fixed. */
  Answer truncate(int number, long size) {
    return size >= 0 && lab.openFile(number).isEmpty()
        ? noFile()
        : lab.refuse(Errno.EINVAL, "the size of a gmem file is fixed");
  }

  Answer stat(int number) {
    Optional<Lab.File> file = lab.openFile(number);
    return file.isEmpty()
        ? noFile()
        : Answer.of("OK", "size", file.get().pageCount() * Page.BYTES, "blocks", 0L);
  }

  /** A gmem file has neither read nor write, and cannot be sought in. */
  Answer seek(int number, long offset) {
    if (offset < 0) {
      return lab.refuse(Errno.EINVAL, "no offset of a file");
    }
    return lab.openFile(number).isEmpty() ? noFile() : Answers.failed("ESPIPE");
  }
}
