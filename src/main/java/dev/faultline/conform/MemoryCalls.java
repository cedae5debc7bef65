package dev.faultline.conform;

import dev.faultline.protocol.gmem.Folio;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.GmemToProcess;
import dev.faultline.protocol.message.HostMemoryToProcess;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.ProcessToGmem;
import dev.faultline.protocol.message.ProcessToHostMemory;
import dev.faultline.protocol.message.Result;
import java.util.Optional;

/** Loads, stores and system calls on a mapping. */
final class MemoryCalls {

  /** TASK_SIZE: no mapping is larger. */
  static final long ADDRESSES = (1L << 47) - Page.BYTES;

  private final Lab lab;

  MemoryCalls(Lab lab) {
    this.lab = lab;
  }

  private Answer noMapping() {
    return lab.refuse(Errno.EFAULT, "nothing is mapped there");
  }

  static GfnRange page(long offset) {
    return new GfnRange(offset / Page.BYTES, offset / Page.BYTES + 1);
  }

  /** The pages that some bytes lie in. */
  static GfnRange pages(long offset, long size) {
    return new GfnRange(offset / Page.BYTES, (offset + size + Page.BYTES - 1) / Page.BYTES);
  }

  static boolean isWithin(Lab.Mapping mapping, long offset, long size) {
    return offset >= 0 && size > 0 && size <= mapping.pageCount() * Page.BYTES - offset;
  }

  private Optional<Lab.Mapping> mapping(int number, long offset, long size) {
    return lab.mapping(number).filter(mapping -> isWithin(mapping, offset, size));
  }

  private Result touch(PartyId memory, GfnRange page, Access access) {
    Message answer = lab.ask(memory, new ProcessToHostMemory.Touch(page, access));
    return ((HostMemoryToProcess.Touched) answer).result();
  }

  /** As {@link #touch(PartyId, GfnRange, Access)}; no store goes through a mapping to be read. */
  private Result touch(Lab.Mapping mapping, GfnRange page, Access access) {
    if (mapping.readOnly() && access instanceof Access.Store) {
      lab.reasons.add("the mapping is only read");
      return new Result.Sigbus();
    }
    return touch(mapping.memory(), page, access);
  }

  Answer anonymous(long size) {
    if (size == 0) {
      return lab.refuse(Errno.EINVAL, "no size");
    }
    if (Long.compareUnsigned(size, Lab.MOST_PAGES * Page.BYTES) > 0) {
      return lab.refuse(Errno.ENOMEM, "no memory is so large");
    }
    return Answer.of("OK", "m", lab.anonymous((size + Page.BYTES - 1) / Page.BYTES));
  }

  Answer unmap(int number) {
    Optional<Lab.Mapping> found = lab.mapping(number);
    if (found.isEmpty()) {
      // munmap(2): it is no error if there is nothing.
      return number < lab.mappings.size() ? Answers.OK : noMapping();
    }
    Lab.Mapping mapping = found.get();
    GfnRange all = new GfnRange(0, mapping.pageCount());
    lab.ask(mapping.memory(), new ProcessToHostMemory.Unmap(all));
    lab.tell(Lab.PROGRAM, mapping.memory(), new ProcessToHostMemory.Exit());
    lab.mappings.set(number, mapping.unmapped());
    lab.releaseUnlessReferenced(mapping.inode());
    return Answers.OK;
  }

  /** The trace's program tells a load or store at an address that it has not mapped as this. */
  private Answer nothingThere() {
    lab.reasons.add("nothing is mapped there");
    return Answers.SIGBUS;
  }

  Answer read(int number, long offset) {
    Optional<Lab.Mapping> mapping = mapping(number, offset, 1);
    if (mapping.isEmpty()) {
      return nothingThere();
    }
    return touch(mapping.get().memory(), page(offset), new Access.Load())
            instanceof Result.Loaded(int value)
        ? Answer.of("OK", "val", value)
        : Answers.SIGBUS;
  }

  Answer write(int number, long offset, int value) {
    Optional<Lab.Mapping> mapping = mapping(number, offset, 1);
    if (mapping.isEmpty()) {
      return nothingThere();
    }
    return touch(mapping.get(), page(offset), new Access.Store(value)) instanceof Result.Ok
        ? Answer.of("OK")
        : Answers.SIGBUS;
  }

  Answer fill(int number, long offset, long size, int value) {
    return eachPage(number, offset, size, new Access.Store(value));
  }

  Answer count(int number, long offset, long size) {
    return eachPage(number, offset, size, new Access.Load());
  }

  /** A byte of each page, from the offset on; what is mapped nowhere signals too. */
  private Answer eachPage(int number, long offset, long size, Access access) {
    long count = Long.divideUnsigned(size, Page.BYTES) + (Lab.isAligned(size) ? 0 : 1);
    long ok = 0;
    long nonzero = 0;
    for (long i = 0; i < count; i++) {
      long at = offset + i * Page.BYTES;
      Optional<Lab.Mapping> mapping = mapping(number, at, 1);
      if (mapping.isEmpty()) {
        lab.reasons.add("nothing is mapped there");
        break;
      }
      Result result = touch(mapping.get(), page(at), access);
      if (!(result instanceof Result.Sigbus)) {
        ok++;
      }
      if (result instanceof Result.Loaded(int value) && value != 0) {
        nonzero++;
      }
    }
    return Answer.of("OK", "ok", ok, "sig", count - ok, "nonzero", nonzero);
  }

  Answer forkRead(int number, long offset) {
    Optional<Lab.Mapping> mapping = mapping(number, offset, 1);
    if (mapping.isEmpty()) {
      lab.reasons.add("nothing is mapped there");
      return Answer.of("SIGBUS");
    }
    PartyId child = lab.forked(mapping.get());
    Result result = touch(child, page(offset), new Access.Load());
    lab.exited(child);
    return result instanceof Result.Loaded(int value)
        ? Answer.of("OK", "val", value)
        : Answer.of("SIGBUS");
  }

  /** copy_to_user of zeroes, copy_from_user: short where a page is not to be had. */
  Answer copy(int number, long offset, long size, boolean in) {
    if (size == 0) {
      return Answer.of("OK", "ret", 0);
    }
    Optional<Lab.Mapping> mapping = mapping(number, offset, size);
    if (mapping.isEmpty()) {
      return noMapping();
    }
    long done = 0;
    while (done < size) {
      long at = offset + done;
      // Model: a page's byte is its first.
      Access access = in && Lab.isAligned(at) ? new Access.Store(0) : new Access.Load();
      if (mapping.get().readOnly() && in
          || touch(mapping.get(), page(at), access) instanceof Result.Sigbus) {
        break;
      }
      done += Math.min(size - done, Page.BYTES - at % Page.BYTES);
    }
    return Answers.count(done, Errno.EFAULT.name());
  }

  /** Faults pages in; tells whether all are there. */
  private boolean populate(Lab.Mapping mapping, GfnRange pages) {
    for (long page = pages.start(); page < pages.end(); page++) {
      Result result = touch(mapping.memory(), new GfnRange(page, page + 1), new Access.Load());
      if (result instanceof Result.Sigbus) {
        return false;
      }
    }
    return true;
  }

  /** mlock: the range is locked also where a page cannot be faulted in. */
  Answer lock(int number, long offset, long size) {
    if (size == 0 && Lab.isAligned(offset)) {
      return Answers.OK;
    }
    Optional<Lab.Mapping> found = mapping(number, offset, size);
    if (found.isEmpty()) {
      return lab.refuse(Errno.ENOMEM, "nothing is mapped there");
    }
    Lab.Mapping mapping = found.get();
    GfnRange pages = pages(offset, size);
    lab.mappings.set(number, mapping.lock(pages));
    return populate(mapping, pages)
        ? Answers.OK
        : lab.refuse(Errno.ENOMEM, "a page cannot be faulted in");
  }

  /** mincore: pages in the page cache that hold something. */
  Answer resident(int number, long offset, long size) {
    if (!Lab.isAligned(offset)) {
      return lab.refuse(Errno.EINVAL, "no whole pages");
    }
    if (size == 0) {
      return Answer.of("OK", "resident", 0L);
    }
    Optional<Lab.Mapping> found = mapping(number, offset, size);
    if (found.isEmpty()) {
      return lab.refuse(Errno.ENOMEM, "nothing is mapped there");
    }
    GfnRange pages = pages(offset, size);
    long first = found.get().firstIndex();
    IndexRange indices = new IndexRange(pages.start() + first, pages.end() + first);
    long resident = 0;
    for (Run<IndexRange, Folio> run : lab.inodeState(found.get().inode()).folios(indices)) {
      if (run.value().uptodate()) {
        resident += run.range().pageCount();
      }
    }
    return Answer.of("OK", "resident", resident);
  }

  /** madvise, of which the advice that changes something here is modelled, the rest is checked. */
  Answer advise(int number, long offset, long size, int advice) {
    Optional<Lab.Mapping> found = mapping(number, offset, size);
    Optional<Advice> known = Advice.of(advice);
    if (known.isEmpty()) {
      return lab.refuse(Errno.EINVAL, "advice " + advice + " is not for such a mapping");
    }
    if (!Lab.isAligned(offset)) {
      return lab.refuse(Errno.EINVAL, "no whole pages");
    }
    if (size < 0 && size > -Page.BYTES) {
      return lab.refuse(Errno.EINVAL, "the size wraps");
    }
    if (size == 0) {
      return Answers.OK;
    }
    if (found.isEmpty()) {
      return lab.refuse(Errno.ENOMEM, "nothing is mapped there");
    }
    Lab.Mapping mapping = found.get();
    GfnRange pages = pages(offset, size);
    boolean locked = mapping.locked().overlaps(pages);
    return switch (known.get()) {
      case NOTHING -> Answers.OK;
      case RECLAIM -> locked ? lab.refuse(Errno.EINVAL, "the pages are locked") : Answers.OK;
      case DONTNEED ->
          locked ? lab.refuse(Errno.EINVAL, "the pages are locked") : dropped(mapping, pages);
      case DONTNEED_LOCKED -> dropped(mapping, pages);
      case REMOVE -> {
        if (locked) {
          yield lab.refuse(Errno.EINVAL, "the pages are locked");
        }
        long start = (pages.start() + mapping.firstIndex()) * Page.BYTES;
        Message answer =
            lab.ask(
                mapping.inode(),
                new ProcessToGmem.PunchHole(start, pages.pageCount() * Page.BYTES));
        yield Answers.of(((GmemToProcess.Returned) answer).result());
      }
      case POPULATE_READ -> populated(mapping, pages);
      case POPULATE_WRITE ->
          mapping.readOnly()
              ? lab.refuse(Errno.EINVAL, "the mapping is only read")
              : populated(mapping, pages);
    };
  }

  private Answer dropped(Lab.Mapping mapping, GfnRange pages) {
    lab.ask(mapping.memory(), new ProcessToHostMemory.Unmap(pages));
    return Answers.OK;
  }

  private Answer populated(Lab.Mapping mapping, GfnRange pages) {
    return populate(mapping, pages)
        ? Answers.OK
        : lab.refuse(Errno.EFAULT, "a page cannot be faulted in");
  }
}
