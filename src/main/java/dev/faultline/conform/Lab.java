package dev.faultline.conform;

import dev.faultline.protocol.design.GmemFlag;
import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.gmem.GmemSetup;
import dev.faultline.protocol.gmem.GmemState;
import dev.faultline.protocol.hostmemory.HostMemoryDecider;
import dev.faultline.protocol.hostmemory.HostMemoryState;
import dev.faultline.protocol.kvm.KvmDecider;
import dev.faultline.protocol.kvm.KvmSetup;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.memory.RangeSet;
import dev.faultline.protocol.message.Foll;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.protocol.message.ProcessToHostMemory;
import dev.faultline.protocol.message.View;
import dev.faultline.protocol.message.VmmToKvm;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a trace's program has made since its last {@code new}: files, mappings, memslots, pins, and
 * the parties behind them. It changes while an operation runs; each operation has a copy.
 *
 * <p>Each mapping is an address space of its own, from page 0. Model: so are the mappings of one
 * process here, which share nothing but the pages of a file. Shared anonymous memory is a file
 * whose pages are all shared, as shmem makes one for it.
 */
final class Lab {

  static final PartyId PROGRAM = PartyId.of(PartyKind.VMM, "program");
  static final PartyId VCPU = PartyId.of(PartyKind.GUEST, "vcpu");
  static final PartyId KVM = PartyId.of(PartyKind.KVM, "kvm");

  /** An address space in which nothing is mapped: of a slot whose mapping is not there. */
  static final PartyId NOWHERE = PartyId.of(PartyKind.HOST_MEMORY, "nowhere");

  private static final PartyId ANCHOR = PartyId.of(PartyKind.ANCHOR, "anchor");

  /** The frames of one inode, and of all its generations. */
  private static final long FRAMES = 1L << 40;

  /** Model: so many pages of a larger file are there; the rest is beyond its end. */
  static final long MOST_PAGES = 1L << 30;

  /** A gmem file. */
  record File(PartyId inode, long pageCount, boolean mmap, boolean open) {}

  /**
   * A mapping.
   *
   * @param inode whose pages are mapped
   * @param firstIndex the page of the file that page 0 shows
   * @param locked the pages of VMAs that mlock has locked
   */
  record Mapping(
      PartyId memory,
      PartyId inode,
      long firstIndex,
      long pageCount,
      boolean readOnly,
      boolean mapped,
      RangeSet<GfnRange> locked) {

    Mapping unmapped() {
      return new Mapping(memory, inode, firstIndex, pageCount, readOnly, false, locked);
    }

    Mapping lock(GfnRange pages) {
      return new Mapping(
          memory, inode, firstIndex, pageCount, readOnly, mapped, locked.with(pages));
    }
  }

  /**
   * Pages that are held: by a registered buffer, or by a pipe.
   *
   * @param sizeBytes how much was asked for and got
   * @param held they are not given back yet
   */
  record Held(List<PfnRange> frames, Foll foll, long sizeBytes, boolean held) {

    Held givenBack() {
      return new Held(frames, foll, sizeBytes, false);
    }
  }

  final Revision revision;
  final Mode mode;
  private final InodeRules rules;
  private final Machine machine;
  final List<File> files;
  final List<Mapping> mappings;
  final List<Held> pins;
  final List<Held> pipes;
  final List<KvmSetup.Slot> slots;

  /** Pins of closed rings: they go a little later. */
  final List<Held> late;

  private final List<GmemSetup> inodes;
  boolean mapGpaExits;

  /** Why things were refused since the operation began. */
  final List<String> reasons = new ArrayList<>();

  private Lab(
      Revision revision,
      Mode mode,
      InodeRules rules,
      Machine machine,
      List<File> files,
      List<Mapping> mappings,
      List<Held> pins,
      List<Held> pipes,
      List<KvmSetup.Slot> slots,
      List<Held> late,
      List<GmemSetup> inodes) {
    this.revision = revision;
    this.mode = mode;
    this.rules = rules;
    this.machine = machine;
    this.files = new ArrayList<>(files);
    this.mappings = new ArrayList<>(mappings);
    this.pins = new ArrayList<>(pins);
    this.pipes = new ArrayList<>(pipes);
    this.slots = new ArrayList<>(slots);
    this.late = new ArrayList<>(late);
    this.inodes = new ArrayList<>(inodes);
  }

  /** A new VM; the program's own memory is its slot 100. */
  static Lab create(Revision revision, Mode mode, InodeRules rules) {
    Lab lab =
        new Lab(
            revision,
            mode,
            rules,
            new Machine(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of());
    PartyId own = lab.inode(16, View.SHARED);
    PartyId memory = lab.memory("program-memory", own, 0, 16);
    lab.machine.put(NOWHERE, new HostMemoryDecider(NOWHERE, RangeMap.empty(), Optional.of(KVM)));
    lab.slots.add(new KvmSetup.Slot(100, new GfnRange(0, 16), Optional.empty(), memory, 0, false));
    lab.slotsChanged();
    return lab;
  }

  Lab copy() {
    Lab copy =
        new Lab(
            revision,
            mode,
            rules,
            machine.copy(),
            files,
            mappings,
            pins,
            pipes,
            slots,
            late,
            inodes);
    copy.mapGpaExits = mapGpaExits;
    return copy;
  }

  // Parties.

  private static PartyId inodeId(int number) {
    return PartyId.of(PartyKind.GMEM, "inode-" + number);
  }

  private PartyId inode(long pageCount, View initial) {
    PartyId id = inodeId(inodes.size());
    GmemSetup setup =
        new GmemSetup(
            pageCount,
            inodes.size() * FRAMES,
            mode.privateMemory(),
            initial,
            revision.first(mode).hostFaults(),
            List.of(),
            List.of());
    inodes.add(setup);
    machine.put(id, rules.of(revision, setup));
    return id;
  }

  private PartyId memory(String name, PartyId inode, long firstIndex, long pageCount) {
    PartyId id = PartyId.of(PartyKind.HOST_MEMORY, name);
    RangeMap<GfnRange, HostMemoryState.Mapping> mapping =
        RangeMap.of(new GfnRange(0, pageCount), new HostMemoryState.Mapping(inode, firstIndex));
    machine.put(id, new HostMemoryDecider(id, mapping, Optional.of(KVM)));
    return id;
  }

  /** KVM_CREATE_GUEST_MEMFD, with arguments that are valid. */
  int file(long pageCount, long flags) {
    boolean shared = (flags & GmemFlag.INIT_SHARED.bit()) != 0;
    PartyId inode = inode(Math.min(pageCount, MOST_PAGES), shared ? View.SHARED : View.PRIVATE);
    files.add(new File(inode, pageCount, (flags & GmemFlag.MMAP.bit()) != 0, true));
    slotsChanged();
    return files.size() - 1;
  }

  /** Anonymous memory that is shared. */
  int anonymous(long pageCount) {
    PartyId inode = inode(pageCount, View.SHARED);
    slotsChanged();
    return mapping(inode, 0, pageCount, false);
  }

  int mapping(PartyId inode, long firstIndex, long pageCount, boolean readOnly) {
    PartyId memory = memory("m" + mappings.size(), inode, firstIndex, pageCount);
    mappings.add(
        new Mapping(
            memory, inode, firstIndex, pageCount, readOnly, true, RangeSet.<GfnRange>empty()));
    return mappings.size() - 1;
  }

  /** A child's copy of a mapping, whose page table is empty: shared mappings fault again. */
  PartyId forked(Mapping mapping) {
    return memory("child", mapping.inode(), mapping.firstIndex(), mapping.pageCount());
  }

  /** The child ends (exit_mmap). */
  void exited(PartyId child) {
    tell(PROGRAM, child, new ProcessToHostMemory.Exit());
    machine.remove(child);
  }

  /** Sets KVM and the inodes up anew after memslots or files have changed. */
  void slotsChanged() {
    List<KvmSetup.Inode> owners = new ArrayList<>();
    for (int number = 0; number < inodes.size(); number++) {
      GmemSetup setup = inodes.get(number);
      PartyId id = inodeId(number);
      List<GmemSetup.Binding> bindings =
          slots.stream()
              .filter(slot -> slot.file().map(KvmSetup.Bound::gmem).equals(Optional.of(id)))
              .filter(slot -> slot.file().get().open())
              .map(slot -> new GmemSetup.Binding(KVM, indices(slot)))
              .toList();
      machine.put(
          id,
          rules.of(
              revision,
              new GmemSetup(
                  setup.pageCount(),
                  setup.firstPfn(),
                  setup.privateMemory(),
                  setup.initialView(),
                  setup.hostFaults(),
                  bindings,
                  List.of())));
      owners.add(new KvmSetup.Inode(id, new PfnRange(setup.firstPfn(), setup.firstPfn() + FRAMES)));
    }
    machine.put(
        KVM,
        new KvmDecider(
            revision,
            mode,
            new KvmSetup(List.of(VCPU), PROGRAM, List.of(), ANCHOR, slots, owners, List.of())));
  }

  private static IndexRange indices(KvmSetup.Slot slot) {
    long first = slot.file().orElseThrow().firstIndex();
    return new IndexRange(first, first + slot.gfns().pageCount());
  }

  GmemState inodeState(PartyId inode) {
    return (GmemState) machine.state(inode);
  }

  /** The inode that frames belong to. */
  static PartyId owner(PfnRange frames) {
    return inodeId((int) (frames.start() / FRAMES));
  }

  // Calls.

  List<Message> tell(PartyId from, PartyId to, Message message) {
    Machine.Told told = machine.tell(from, to, message);
    reasons.addAll(told.reasons());
    return told.answers();
  }

  /** Tells a party something that it answers once. */
  Message ask(PartyId to, Message message) {
    List<Message> answers = tell(PROGRAM, to, message);
    if (answers.size() != 1) {
      throw new IllegalStateException(message + " is answered by " + answers);
    }
    return answers.getFirst();
  }

  /** A system call that returns -1. */
  Answer refuse(Errno errno, String reason) {
    reasons.add(reason);
    return Answers.failed(errno);
  }

  // Handles.

  /** Whether the file of an inode still has its descriptor or a mapping: kvm_gmem_release waits. */
  boolean isReferenced(PartyId inode) {
    return files.stream().anyMatch(file -> file.inode().equals(inode) && file.open())
        || mappings.stream().anyMatch(it -> it.inode().equals(inode) && it.mapped());
  }

  /** kvm_gmem_release, once nobody has the file: slots lose it, the guest its mappings of it. */
  void releaseUnlessReferenced(PartyId inode) {
    if (isReferenced(inode)) {
      return;
    }
    for (KvmSetup.Slot slot : slots) {
      if (slot.shows(inode)) {
        tell(PROGRAM, KVM, new VmmToKvm.FlushSlot(slot.gfns()));
      }
    }
    slots.replaceAll(slot -> slot.shows(inode) ? slot.withoutFile() : slot);
    slotsChanged();
  }

  Optional<File> openFile(int number) {
    return number < files.size() && files.get(number).open()
        ? Optional.of(files.get(number))
        : Optional.empty();
  }

  Optional<Mapping> mapping(int number) {
    return number < mappings.size() && mappings.get(number).mapped()
        ? Optional.of(mappings.get(number))
        : Optional.empty();
  }

  static boolean isAligned(long bytes) {
    return bytes % Page.BYTES == 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Lab lab && identity().equals(lab.identity());
  }

  @Override
  public int hashCode() {
    return Objects.hash(identity());
  }

  private List<Object> identity() {
    return List.of(mode, machine, files, mappings, pins, pipes, slots, late, inodes, mapGpaExits);
  }
}
