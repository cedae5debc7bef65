package dev.faultline.conform;

/** Which part of the bench does which operation. */
final class Calls {

  private final VmCalls vm;
  private final GuestCalls guest;
  private final FileCalls files;
  private final MemoryCalls memory;
  private final Users users;

  Calls(Lab lab) {
    this.vm = new VmCalls(lab);
    this.guest = new GuestCalls(lab);
    this.files = new FileCalls(lab);
    this.memory = new MemoryCalls(lab);
    this.users = new Users(lab);
  }

  Answer answer(TraceOperation operation) {
    return switch (operation) {
      case TraceOperation.New _, TraceOperation.Cap _ ->
          throw new IllegalStateException("not on a VM: " + operation);

      // The VM.
      case TraceOperation.VmCap(long number) -> vm.checkExtension(number);
      case TraceOperation.EnableCap(long number, long argument) -> vm.enableCap(number, argument);
      case TraceOperation.Gmem(long size, long flags) -> vm.createGmem(size, flags);
      case TraceOperation.Slot slot -> vm.setSlot(slot);
      case TraceOperation.Attr attr -> vm.setAttributes(attr);
      case TraceOperation.VmAttr2 _ -> Answers.failed("ENOTTY");

      // The guest.
      case TraceOperation.GuestRead(long gpa) -> guest.read(gpa);
      case TraceOperation.GuestWrite(long gpa, int value) -> guest.write(gpa, value);
      case TraceOperation.GuestIncrement(long gpa) -> guest.increment(gpa);
      case TraceOperation.GuestHypercall(long gpa, long pages, long attributes) ->
          guest.hypercall(gpa, pages, attributes);
      case TraceOperation.Prefault(long gpa, long size) -> guest.prefault(gpa, size);

      // Files.
      case TraceOperation.Attr2 attr -> files.setAttributes(attr);
      case TraceOperation.Mmap mmap -> files.mmap(mmap);
      case TraceOperation.CloseGmem(int gmem) -> files.close(gmem);
      case TraceOperation.Punch(int gmem, long offset, long size) ->
          files.fallocate(gmem, FileCalls.KEEP_SIZE | FileCalls.PUNCH_HOLE, offset, size);
      case TraceOperation.Alloc(int gmem, long offset, long size) ->
          files.fallocate(gmem, FileCalls.KEEP_SIZE, offset, size);
      case TraceOperation.Falloc(int gmem, long mode, long offset, long size) ->
          files.fallocate(gmem, mode, offset, size);
      case TraceOperation.Ftruncate(int gmem, long size) -> files.truncate(gmem, size);
      case TraceOperation.Fstat(int gmem) -> files.stat(gmem);
      case TraceOperation.ReadFile(int gmem, long offset) -> files.seek(gmem, offset);
      case TraceOperation.WriteFile(int gmem, long offset) -> files.seek(gmem, offset);

      // Mappings.
      case TraceOperation.Anon(long size) -> memory.anonymous(size);
      case TraceOperation.Munmap(int mapping) -> memory.unmap(mapping);
      case TraceOperation.Read(int mapping, long offset) -> memory.read(mapping, offset);
      case TraceOperation.Write(int mapping, long offset, int value) ->
          memory.write(mapping, offset, value);
      case TraceOperation.Fill(int mapping, long offset, long size, int value) ->
          memory.fill(mapping, offset, size, value);
      case TraceOperation.Count(int mapping, long offset, long size) ->
          memory.count(mapping, offset, size);
      case TraceOperation.ForkRead(int mapping, long offset) -> memory.forkRead(mapping, offset);
      case TraceOperation.CopyIn(int mapping, long offset, long size) ->
          memory.copy(mapping, offset, size, true);
      case TraceOperation.CopyOut(int mapping, long offset, long size) ->
          memory.copy(mapping, offset, size, false);
      case TraceOperation.Madvise(int mapping, long offset, long size, int advice) ->
          memory.advise(mapping, offset, size, advice);
      case TraceOperation.Mlock(int mapping, long offset, long size) ->
          memory.lock(mapping, offset, size);
      case TraceOperation.Mincore(int mapping, long offset, long size) ->
          memory.resident(mapping, offset, size);

      // Users of pages.
      case TraceOperation.Pin(int mapping, long offset, long size) ->
          users.pin(mapping, offset, size);
      case TraceOperation.Unpin(int pin) -> users.unpin(pin);
      case TraceOperation.UnpinClose(int pin) -> users.unpinClose(pin);
      case TraceOperation.Splice(int mapping, long offset, long size) ->
          users.splice(mapping, offset, size);
      case TraceOperation.Unsplice(int pipe) -> users.unsplice(pipe);
      case TraceOperation.Odirect(boolean into, int mapping, long offset, long size) ->
          users.direct(into, mapping, offset, size);
      case TraceOperation.PvRead(int mapping, long offset) -> users.readRemote(mapping, offset);
    };
  }
}
