package dev.faultline.conform;

import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.Foll;
import dev.faultline.protocol.message.KvmToGmem;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PageUserToGmem;
import dev.faultline.protocol.message.PagesAnswer;
import dev.faultline.protocol.message.ProcessToHostMemory;
import dev.faultline.protocol.message.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What takes references on mapped pages: registered buffers, pipes, direct I/O, other processes.
 */
final class Users {

  /** PIPE_DEF_BUFFERS: a page each. */
  private static final int PIPE_BUFFERS = 16;

  private final Lab lab;

  Users(Lab lab) {
    this.lab = lab;
  }

  private Optional<Lab.Mapping> mapping(int number, long offset, long size) {
    return lab.mapping(number).filter(it -> MemoryCalls.isWithin(it, offset, size));
  }

  /** get_user_pages; empty if a page is not to be had. */
  private Optional<List<PfnRange>> get(Lab.Mapping mapping, GfnRange pages, Foll foll) {
    Message answer =
        lab.ask(mapping.memory(), new ProcessToHostMemory.GetUserPages(pages, true, foll));
    return answer instanceof PagesAnswer.Got(var _, List<PfnRange> frames)
        ? Optional.of(frames)
        : Optional.empty();
  }

  /** The frames of the first pages of a range that can be had. */
  private List<PfnRange> getSome(Lab.Mapping mapping, GfnRange pages, Foll foll) {
    List<PfnRange> frames = new ArrayList<>();
    for (long page = pages.start(); page < pages.end(); page++) {
      Optional<List<PfnRange>> got = get(mapping, new GfnRange(page, page + 1), foll);
      if (got.isEmpty()) {
        break;
      }
      frames.addAll(got.get());
    }
    return frames;
  }

  /** unpin_user_pages, or put_page. */
  void giveBack(Lab.Held held) {
    for (PfnRange frames : held.frames()) {
      lab.tell(
          Lab.PROGRAM,
          Lab.owner(frames),
          switch (held.foll()) {
            case GET -> new KvmToGmem.PutPage(List.of(frames));
            case PIN, LONGTERM -> new PageUserToGmem.PutPages(List.of(frames));
          });
    }
  }

  private int load(PfnRange frames) {
    Message answer =
        lab.ask(Lab.owner(frames), new PageUserToGmem.Transfer(first(frames), new Access.Load()));
    return answer instanceof PagesAnswer.Transferred(Result.Loaded(int value)) ? value : 0;
  }

  private static PfnRange first(PfnRange frames) {
    return new PfnRange(frames.start(), frames.start() + 1);
  }

  // Registered buffers.

  Answer pin(int number, long offset, long size) {
    // A registered buffer may be written: FOLL_WRITE.
    Optional<Lab.Mapping> mapping = mapping(number, offset, size).filter(it -> !it.readOnly());
    Optional<List<PfnRange>> frames =
        mapping.flatMap(it -> get(it, MemoryCalls.pages(offset, size), Foll.LONGTERM));
    if (frames.isEmpty()) {
      return lab.refuse(Errno.EFAULT, "a page is not to be had");
    }
    lab.pins.add(new Lab.Held(frames.get(), Foll.LONGTERM, size, true));
    return Answer.of("OK", "pin", lab.pins.size() - 1);
  }

  private Optional<Lab.Held> held(List<Lab.Held> of, int number) {
    Optional<Lab.Held> held =
        number < of.size() ? Optional.of(of.get(number)).filter(Lab.Held::held) : Optional.empty();
    held.ifPresent(it -> of.set(number, it.givenBack()));
    return held;
  }

  Answer unpin(int number) {
    Optional<Lab.Held> pin = held(lab.pins, number);
    if (pin.isEmpty()) {
      return lab.refuse(Errno.EBADF, "nothing is registered");
    }
    giveBack(pin.get());
    return Answers.OK;
  }

  /** The ring is closed; its pins go when the kernel gets round to it. */
  Answer unpinClose(int number) {
    Optional<Lab.Held> pin = held(lab.pins, number);
    if (pin.isEmpty()) {
      return lab.refuse(Errno.EBADF, "there is no ring");
    }
    lab.late.add(pin.get());
    return Answers.OK;
  }

  // Pipes.

  /**
   * vmsplice: references without pins, of the first pages that can be had and find room in the pipe
   * (iter_to_pipe).
   */
  Answer splice(int number, long offset, long size) {
    Optional<Lab.Mapping> mapping = mapping(number, offset, size);
    if (mapping.isEmpty()) {
      return lab.refuse(Errno.EFAULT, "nothing is mapped there");
    }
    GfnRange pages = MemoryCalls.pages(offset, size);
    long end = Math.min(pages.end(), pages.start() + PIPE_BUFFERS);
    List<PfnRange> frames = getSome(mapping.get(), new GfnRange(pages.start(), end), Foll.GET);
    long bytes = bytes(frames, offset, size);
    if (bytes == 0) {
      return lab.refuse(Errno.EFAULT, "the first page is not to be had");
    }
    lab.pipes.add(new Lab.Held(frames, Foll.GET, bytes, true));
    return Answer.of("OK", "pipe", lab.pipes.size() - 1, "ret", bytes);
  }

  private static long bytes(List<PfnRange> frames, long offset, long size) {
    long pages = frames.stream().mapToLong(PfnRange::pageCount).sum();
    return pages == 0 ? 0 : Math.min(size, pages * Page.BYTES - offset % Page.BYTES);
  }

  Answer unsplice(int number) {
    Optional<Lab.Held> pipe = held(lab.pipes, number);
    if (pipe.isEmpty()) {
      return lab.refuse(Errno.EBADF, "there is no pipe");
    }
    int first = load(pipe.get().frames().getFirst());
    giveBack(pipe.get());
    return Answer.of("OK", "ret", pipe.get().sizeBytes(), "first", first);
  }

  // Direct I/O, other processes.

  /**
   * O_DIRECT, short where a page is not to be had. Model: the file on the other side holds zeroes.
   */
  Answer direct(boolean into, int number, long offset, long size) {
    Optional<Lab.Mapping> mapping =
        mapping(number, offset, size).filter(it -> !into || !it.readOnly());
    if (mapping.isEmpty()) {
      return lab.refuse(Errno.EFAULT, "nothing is mapped there, or it is only read");
    }
    List<PfnRange> frames = getSome(mapping.get(), MemoryCalls.pages(offset, size), Foll.PIN);
    for (PfnRange piece : frames) {
      lab.ask(
          Lab.owner(piece),
          new PageUserToGmem.Transfer(
              first(piece), into ? new Access.Store(0) : new Access.Load()));
    }
    giveBack(new Lab.Held(frames, Foll.PIN, size, true));
    return Answers.count(bytes(frames, offset, size), Errno.EFAULT.name());
  }

  /** process_vm_readv of 16 bytes; short where they lie in two pages and one is not to be had. */
  Answer readRemote(int number, long offset) {
    Optional<Lab.Mapping> mapping = mapping(number, offset, 16);
    if (mapping.isEmpty()) {
      return lab.refuse(Errno.EFAULT, "nothing is mapped there");
    }
    List<PfnRange> frames = getSome(mapping.get(), MemoryCalls.pages(offset, 16), Foll.PIN);
    if (frames.isEmpty()) {
      return lab.refuse(Errno.EFAULT, "the page is not to be had");
    }
    giveBack(new Lab.Held(frames, Foll.PIN, 16, true));
    return Answer.of("OK", "ret", bytes(frames, offset, 16));
  }
}
