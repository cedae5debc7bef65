package dev.faultline.conform;

import dev.faultline.protocol.design.ConvertCall;
import dev.faultline.protocol.design.GmemFlag;
import dev.faultline.protocol.hostio.HostIoSetup;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.memory.PageIndex;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.ScriptToGuest;
import dev.faultline.protocol.message.ScriptToHostIo;
import dev.faultline.protocol.message.ScriptToVmm;
import dev.faultline.protocol.message.View;
import dev.faultline.world.HostUser;
import dev.faultline.world.Parties;
import dev.faultline.world.ScriptAction;
import dev.faultline.world.WorldSetup;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A scenario as the operations of a trace, so that it can be put to a kernel: a VM, its file and
 * memslot, and then what each line of a script does, in the order in which the lines happen.
 *
 * <p>The answers are those of the scenario's own world. So that {@code conform} agrees with them
 * says that a world and the bench, which call the same deciders in different ways, say the same.
 */
public final class Emission {

  /** The guest's memory begins behind what the trace's program has for itself. */
  private static final long FIRST_PAGE = 256;

  private static final long KVM_MEM_GUEST_MEMFD = 4;
  private static final int MADV_DONTNEED = 4;

  private final WorldSetup setup;
  private final List<Line> lines = new ArrayList<>();

  /** Which mapping of the trace an address space is. */
  private final SortedMap<PartyId, Integer> mappings = new TreeMap<>();

  /** The buffers that are registered. */
  private final List<Buffer> buffers = new ArrayList<>();

  private int pins;
  private Optional<Transfer> transfer = Optional.empty();

  /** A line of a trace. */
  public record Line(String operation, Answer answer) {

    /** As it is put to a kernel. */
    public String bare() {
      return "{\"op\":\"" + operation + "\"}";
    }

    /** As a kernel that agrees with the model would have it recorded. */
    public String answered() {
      StringBuilder text = new StringBuilder("{\"op\":\"" + operation + "\"");
      answer.fields().forEach((name, value) -> text.append(",\"" + name + "\":" + json(value)));
      return text.append('}').toString();
    }

    /** Texts of answers are words: they need no escapes. */
    private static String json(Object value) {
      return value instanceof Long number ? number.toString() : "\"" + value + "\"";
    }
  }

  private record Buffer(PartyId user, GfnRange range, int number) {}

  /**
   * An O_DIRECT transfer that has begun.
   *
   * @param access what it does, once that is known
   */
  private record Transfer(PartyId user, GfnRange page, int line, Optional<Access> access) {}

  private Emission(WorldSetup setup) {
    this.setup = setup;
  }

  /**
   * The lines of a scenario.
   *
   * @throws Unwritable if it has no form as a trace: something in it has no word, or its scripts
   *     have no one order
   */
  public static List<Line> of(WorldSetup setup) throws Unwritable {
    Wordless.refuse(setup);
    Emission emission = new Emission(setup);
    emission.machine();
    for (Order.Done done : Order.of(setup)) {
      emission.write(done);
    }
    if (emission.transfer.isPresent()) {
      throw Unwritable.at(
          emission.transfer.get().line(), "the transfer never ends; odirect is one operation");
    }
    return List.copyOf(emission.lines);
  }

  private void add(Answer answer, Object... words) {
    List<String> texts = new ArrayList<>();
    for (Object word : words) {
      texts.add(word.toString());
    }
    lines.add(new Line(String.join(" ", texts), answer));
  }

  // The VM.

  private void machine() {
    add(Answers.OK, "new", setup.mode().privateMemory() ? 1 : 0);
    String size = pages(setup.pageCount());
    if (setup.sharedElsewhere()) {
      add(Answer.of("OK", "g", 0), "gmem", size, 0);
      map(Parties.VMM_MEMORY, "anon", size);
    } else {
      long flags = GmemFlag.MMAP.bit() | (startsShared() ? GmemFlag.INIT_SHARED.bit() : 0);
      add(Answer.of("OK", "g", 0), "gmem", size, flags);
      map(Parties.VMM_MEMORY, "mmap", "g0", 0, size);
      for (HostUser user : setup.users()) {
        if (user.kind() == HostIoSetup.Kind.PROCESS) {
          map(Parties.memoryOf(user.id()), "mmap", "g0", 0, size);
        }
      }
    }
    add(Answers.OK, "slot", 1, pages(FIRST_PAGE), size, KVM_MEM_GUEST_MEMFD, "g0", 0, "m0");
  }

  private void map(PartyId memory, Object... words) {
    int number = mappings.size();
    mappings.put(memory, number);
    add(Answer.of("OK", "m", number), words);
  }

  /** The file is made with all pages shared, where it can be, and nothing has to be set then. */
  private boolean startsShared() {
    boolean can =
        (setup.revision().gmemFlags().bits(setup.mode()) & GmemFlag.INIT_SHARED.bit()) != 0;
    return can && setup.shared().containsAll(setup.ram());
  }

  private static String pages(long count) {
    return count == 0 ? "0" : count + "p";
  }

  private static String bytes(long bytes) {
    return bytes % Page.BYTES == 0 ? pages(bytes / Page.BYTES) : Long.toString(bytes);
  }

  private static String address(long page) {
    return pages(FIRST_PAGE + page);
  }

  // Lines of scripts.

  private void write(Order.Done done) throws Unwritable {
    if (transfer.isPresent() && !transfer.get().user().equals(done.party())) {
      throw Unwritable.at(
          done.line().line(),
          "it happens while "
              + transfer.get().user()
              + "'s O_DIRECT transfer is under way; odirect is one operation");
    }
    switch (done.result()) {
      case Result.Ok _, Result.Loaded _, Result.Failed _, Result.Sigbus _ -> {}
      case Result.Sigsegv _, Result.Died _, Result.MemoryFault _, Result.Mmio _, Result.VmDead _ ->
          throw Unwritable.at(
              done.line().line(), "its VMM or VM is dead then; a trace's program lives on");
    }
    if (done.line().action() instanceof ScriptAction.Tell(var message)) {
      switch (message) {
        case ScriptToGuest.Touch touch -> guest(touch, done);
        case ScriptToVmm told -> vmm(told, done);
        case ScriptToHostIo told -> hostIo(told, done);
        default -> throw new IllegalStateException("no word, and not refused: " + message);
      }
    }
  }

  private void guest(ScriptToGuest.Touch touch, Order.Done done) throws Unwritable {
    String gpa = address(touch.range().start());
    switch (touch.access()) {
      case Access.Load _ when done.result() instanceof Result.Loaded(int value) ->
          add(Answer.of("OK", "exit", "IO", "val", value), "gread", gpa);
      case Access.Store(int value) when done.result() instanceof Result.Ok ->
          add(Answer.of("OK", "exit", "IO", "val", value), "gwrite", gpa, value);
      case Access.Load _, Access.Store _, Access.Instruct _ ->
          throw Unwritable.at(done.line().line(), "the guest's access does not reach its page");
    }
  }

  private void vmm(ScriptToVmm told, Order.Done done) throws Unwritable {
    switch (told) {
      case ScriptToVmm.SetFirstView(GfnRange range, View view) -> {
        if (!startsShared()) {
          setAttributes(
              range.start() * Page.BYTES, range.pageCount() * Page.BYTES, view, done.result());
        }
      }
      case ScriptToVmm.SetAttributes(long offset, long size, View target) ->
          setAttributes(offset, size, target, done.result());
      case ScriptToVmm.SetAttributesWith(long offset, long size, long _, View target) ->
          setAttributes(offset, size, target, done.result());
      case ScriptToVmm.PunchHole(GfnRange range) -> punch(range, done.result());
      case ScriptToVmm.Allocate(GfnRange range) ->
          add(
              Answers.of(done.result()),
              "alloc",
              "g0",
              pages(range.start()),
              pages(range.pageCount()));
      case ScriptToVmm.Touch(GfnRange range, Access access) ->
          touch(Parties.VMM_MEMORY, range, access, done);
      case ScriptToVmm.Unmap(GfnRange range) -> unmap(Parties.VMM_MEMORY, range, done.result());
      case ScriptToVmm.QueryMappable _, ScriptToVmm.Convert _ ->
          throw new IllegalStateException("not refused: " + told);
    }
  }

  private void hostIo(ScriptToHostIo told, Order.Done done) throws Unwritable {
    HostUser user =
        setup.users().stream()
            .filter(one -> one.id().equals(done.party()))
            .findFirst()
            .orElseThrow();
    switch (told) {
      case ScriptToHostIo.SetAttributes(long offset, long size, View target) ->
          setAttributes(offset, size, target, done.result());
      case ScriptToHostIo.PunchHole(GfnRange range) -> punch(range, done.result());
      case ScriptToHostIo.Touch(GfnRange range, Access access) ->
          touch(memory(user), range, access, done);
      case ScriptToHostIo.Unmap(GfnRange range) -> unmap(memory(user), range, done.result());
      case ScriptToHostIo.Pin(GfnRange range) when user.kind() == HostIoSetup.Kind.O_DIRECT ->
          begin(user, range, done);
      case ScriptToHostIo.Pin(GfnRange range) -> pin(user, range, done);
      case ScriptToHostIo.Transfer(GfnRange page, Access access) -> transfer(page, access, done);
      case ScriptToHostIo.Unpin(GfnRange range) when user.kind() == HostIoSetup.Kind.O_DIRECT ->
          end(user, range, done);
      case ScriptToHostIo.Unpin(GfnRange range) -> unpin(user, range, done);
      case ScriptToHostIo.CloseRing _,
          ScriptToHostIo.PinSlow _,
          ScriptToHostIo.MapDma _,
          ScriptToHostIo.UnmapDma _,
          ScriptToHostIo.Dma _ ->
          throw new IllegalStateException("not refused: " + told);
    }
  }

  private static PartyId memory(HostUser user) {
    Optional<PartyId> process =
        user.kind() == HostIoSetup.Kind.PROCESS ? Optional.of(user.id()) : user.process();
    return process.map(Parties::memoryOf).orElse(Parties.VMM_MEMORY);
  }

  private String mapping(PartyId memory) {
    return "m" + mappings.get(memory);
  }

  // Calls.

  private void setAttributes(long offset, long size, View target, Result result) {
    long attributes = target == View.PRIVATE ? VmCalls.PRIVATE : 0;
    if (setup.revision().call() == ConvertCall.KVM_SET_MEMORY_ATTRIBUTES2) {
      add(onFile(result), "attr2", "g0", bytes(offset), bytes(size), attributes);
    } else {
      String gpa = bytes(offset + FIRST_PAGE * Page.BYTES);
      add(Answers.of(result), "attr", gpa, bytes(size), attributes);
    }
  }

  private static Answer onFile(Result result) {
    if (!(result instanceof Result.Failed(Errno errno, Optional<PageIndex> at))) {
      return Answer.of("OK");
    }
    return at.map(PageIndex::number)
        .map(page -> Answer.of(errno.name(), "error_offset", page * Page.BYTES, "error_page", page))
        .orElse(Answer.of(errno.name()));
  }

  private void punch(GfnRange range, Result result) {
    add(Answers.of(result), "punch", "g0", pages(range.start()), pages(range.pageCount()));
  }

  private void unmap(PartyId memory, GfnRange range, Result result) {
    add(
        Answers.of(result),
        "madv",
        mapping(memory),
        pages(range.start()),
        pages(range.pageCount()),
        MADV_DONTNEED);
  }

  private void touch(PartyId memory, GfnRange page, Access access, Order.Done done)
      throws Unwritable {
    String offset = pages(page.start());
    Answer answer =
        switch (done.result()) {
          case Result.Loaded(int value) -> Answer.of("OK", "val", value);
          case Result.Ok() -> Answer.of("OK");
          case Result.Sigbus() -> Answers.SIGBUS;
          default -> throw Unwritable.at(done.line().line(), "the access has no answer of a trace");
        };
    if (access instanceof Access.Store(int value)) {
      add(answer, "write", mapping(memory), offset, value);
    } else {
      add(answer, "read", mapping(memory), offset);
    }
    if (done.result() instanceof Result.Sigbus
        && !memory.equals(Parties.VMM_MEMORY)
        && setup.users().stream()
            .noneMatch(user -> user.id().equals(done.party()) && user.catchesSigbus())) {
      exit(memory);
    }
  }

  /** A process that has died of SIGBUS leaves no pin and no mapping. */
  private void exit(PartyId memory) {
    for (HostUser user : setup.users()) {
      if (memory(user).equals(memory)) {
        giveBack(user.id(), GfnRange.ALL);
      }
    }
    add(Answers.OK, "munmap", mapping(memory));
  }

  // Registered buffers.

  private void pin(HostUser user, GfnRange range, Order.Done done) throws Unwritable {
    if (buffers.stream()
        .anyMatch(it -> it.user().equals(user.id()) && it.range().overlaps(range))) {
      throw Unwritable.at(
          done.line().line(), user.id() + " has some of " + range + " pinned already");
    }
    Answer answer;
    if (done.result() instanceof Result.Ok) {
      answer = Answer.of("OK", "pin", pins);
      buffers.add(new Buffer(user.id(), range, pins));
      pins++;
    } else {
      answer = Answers.of(done.result());
    }
    add(answer, "pin", mapping(memory(user)), pages(range.start()), pages(range.pageCount()));
  }

  private void unpin(HostUser user, GfnRange range, Order.Done done) throws Unwritable {
    boolean inPart =
        buffers.stream()
            .filter(it -> it.user().equals(user.id()) && it.range().overlaps(range))
            .anyMatch(it -> !range.contains(it.range()));
    if (inPart || giveBack(user.id(), range) == 0) {
      throw Unwritable.at(
          done.line().line(),
          "unpin: a trace gives back what one pin took, whole; here it is " + range);
    }
  }

  /** Unregisters what lies in a range, and says how many that are. */
  private int giveBack(PartyId user, GfnRange range) {
    int count = 0;
    for (Iterator<Buffer> all = buffers.iterator(); all.hasNext(); ) {
      Buffer buffer = all.next();
      if (buffer.user().equals(user) && range.contains(buffer.range())) {
        add(Answers.OK, "unpin", "p" + buffer.number());
        all.remove();
        count++;
      }
    }
    return count;
  }

  // O_DIRECT: pin, transfer and unpin are one operation of a trace.

  private static Unwritable notOne(Order.Done done) {
    return Unwritable.at(
        done.line().line(),
        "odirect is one operation: pin of a page, dma-load or dma-store of 0 there, unpin of it,"
            + " each once and ok");
  }

  private void begin(HostUser user, GfnRange page, Order.Done done) throws Unwritable {
    if (transfer.isPresent() || page.pageCount() != 1 || !(done.result() instanceof Result.Ok)) {
      throw notOne(done);
    }
    transfer = Optional.of(new Transfer(user.id(), page, done.line().line(), Optional.empty()));
  }

  private void transfer(GfnRange page, Access access, Order.Done done) throws Unwritable {
    Transfer begun = transfer.orElseThrow(() -> notOne(done));
    // The file on the other side of a trace's transfers holds zeroes.
    boolean zero = !(access instanceof Access.Store(int value)) || value == 0;
    if (begun.access().isPresent() || !begun.page().equals(page) || !zero) {
      throw notOne(done);
    }
    transfer = Optional.of(new Transfer(begun.user(), page, begun.line(), Optional.of(access)));
  }

  private void end(HostUser user, GfnRange page, Order.Done done) throws Unwritable {
    Transfer begun = transfer.orElseThrow(() -> notOne(done));
    if (begun.access().isEmpty() || !begun.page().equals(page)) {
      throw notOne(done);
    }
    String direction = begun.access().get() instanceof Access.Store ? "r" : "w";
    add(
        Answer.of("OK", "ret", Page.BYTES),
        "odirect",
        direction,
        mapping(memory(user)),
        pages(page.start()),
        pages(1));
    transfer = Optional.empty();
  }
}
