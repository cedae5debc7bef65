package dev.faultline.protocol.gmem;

import dev.faultline.protocol.Family;
import dev.faultline.protocol.LockState;
import dev.faultline.protocol.Part;
import dev.faultline.protocol.Parts;
import dev.faultline.protocol.PartyState;
import dev.faultline.protocol.Tasks;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.memory.RangeSet;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.View;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * The state of an inode: named access to its parts.
 *
 * <p>A frame number says which page of the file a frame belongs or belonged to: pfn = first frame
 * of the file + index + generation x pages of the file. So runs of pages are runs of frames. Model:
 * real frames have no such order.
 */
public record GmemState(Parts parts, long pageCount, long firstPfn) implements PartyState {

  /** The attribute of each index (gmem_inode.attributes). */
  private static final Part<RangeMap<IndexRange, View>> ATTRIBUTES =
      Part.of("attributes", RangeMap.empty());

  /**
   * The indices that host faults are let through to (RFC v1: kvm_gmem_inode_private.faultability).
   */
  private static final Part<RangeSet<IndexRange>> FAULTABILITY =
      Part.of("faultability", RangeSet.empty());

  /** The page cache by block, from 0: a block a page in a small file, 16 blocks in a large one. */
  private static final Family<Integer, RangeMap<IndexRange, Folio>> FOLIOS =
      new Family<>("folios", RangeMap.empty(), block -> Integer.toString(block));

  /** Frames that left the page cache while they were referenced. */
  private static final Part<RangeMap<PfnRange, Folio>> DETACHED =
      Part.of("detached", RangeMap.empty());

  /** The byte of each frame, by block of its index; a frame that is not mentioned holds 0. */
  private static final Family<Integer, RangeMap<PfnRange, Integer>> BYTES =
      new Family<>("bytes", RangeMap.empty(), block -> Integer.toString(block));

  /**
   * The page table entries of one process for this file: the generation of the frame they point at.
   */
  private static final Family<PartyId, RangeMap<IndexRange, Integer>> PAGE_TABLES =
      new Family<>("page-table", RangeMap.empty(), PartyId::name);

  /**
   * Frames that the host does not reach as usual, by the state in which the trust anchor keeps them
   * (RMP, pKVM's host stage 2, the direct map).
   */
  private static final Part<RangeMap<PfnRange, String>> GUARDED =
      Part.of("guarded", RangeMap.empty());

  /** Frames in the batch of a CPU on their way to the LRU, by who makes calls on that CPU. */
  private static final Family<PartyId, RangeSet<PfnRange>> BATCHES =
      new Family<>("batch", RangeSet.empty(), PartyId::name);

  /** Frames whose last put is told (PGTY_guestmem); the page cache has no reference on them. */
  private static final Part<RangeSet<PfnRange>> CALLBACKS = Part.of("callbacks", RangeSet.empty());

  /** mapping-&gt;invalidate_lock. */
  private static final Part<LockState> INVALIDATE_LOCK = Part.of("invalidate-lock", LockState.FREE);

  /** The operations under way. */
  private static final Tasks<GmemTask> TASKS = new Tasks<>();

  /** Who waits for references to go. */
  private static final Part<List<Watch>> WATCHES = Part.of("watches", List.of());

  /** Address spaces that go once the faults and get_user_pages of their last threads are over. */
  private static final Part<List<PartyId>> EXITING = Part.of("exiting", List.of());

  private static final int BLOCKS = 16;

  private <T> GmemState with(Part<T> part, T value) {
    return new GmemState(parts.with(part, value), pageCount, firstPfn);
  }

  // Attributes and faultability.

  /** The attribute of each index: what KVM and host faults ask where the inode has them. */
  public RangeMap<IndexRange, View> attributes() {
    return parts.get(ATTRIBUTES);
  }

  GmemState withAttributes(RangeMap<IndexRange, View> attributes) {
    return with(ATTRIBUTES, attributes);
  }

  /** The indices that host faults are let through to. */
  public RangeSet<IndexRange> faultable() {
    return parts.get(FAULTABILITY);
  }

  GmemState withFaultable(RangeSet<IndexRange> faultable) {
    return with(FAULTABILITY, faultable);
  }

  // The page cache.

  private long blockSize() {
    return (pageCount + BLOCKS - 1) / BLOCKS;
  }

  private int block(long index) {
    return (int) (index / blockSize());
  }

  private IndexRange blockRange(int block) {
    return new IndexRange(block * blockSize(), Math.min(pageCount, (block + 1) * blockSize()));
  }

  /** The folios of the page cache within a range. */
  public List<Run<IndexRange, Folio>> folios(IndexRange range) {
    List<Run<IndexRange, Folio>> found = new ArrayList<>();
    for (int block = block(range.start()); block <= block(range.end() - 1); block++) {
      for (Run<IndexRange, Folio> run : parts.get(FOLIOS.of(block)).runs(range)) {
        boolean follows =
            !found.isEmpty()
                && found.getLast().range().end() == run.range().start()
                && found.getLast().value().equals(run.value());
        if (follows) {
          found.set(
              found.size() - 1, new Run<>(found.getLast().range().hull(run.range()), run.value()));
        } else {
          found.add(run);
        }
      }
    }
    return found;
  }

  /** The pages of a range that have no folio. */
  List<IndexRange> absent(IndexRange range) {
    RangeSet<IndexRange> gaps = RangeSet.empty();
    for (int block = block(range.start()); block <= block(range.end() - 1); block++) {
      Optional<IndexRange> within = blockRange(block).intersect(range);
      if (within.isPresent()) {
        for (IndexRange gap : parts.get(FOLIOS.of(block)).gaps(within.get())) {
          gaps = gaps.with(gap);
        }
      }
    }
    return gaps.ranges(range);
  }

  /** Changes every folio of the range that is in the page cache; an empty answer takes it out. */
  GmemState changeFolios(IndexRange range, UnaryOperator<Optional<Folio>> change) {
    GmemState changed = this;
    for (int block = block(range.start()); block <= block(range.end() - 1); block++) {
      Part<RangeMap<IndexRange, Folio>> part = FOLIOS.of(block);
      Optional<IndexRange> within = blockRange(block).intersect(range);
      if (within.isPresent()) {
        changed = changed.with(part, changed.parts.get(part).update(within.get(), change::apply));
      }
    }
    return changed;
  }

  /** Frames that left the page cache while they were referenced. */
  public RangeMap<PfnRange, Folio> detached() {
    return parts.get(DETACHED);
  }

  GmemState withDetached(RangeMap<PfnRange, Folio> detached) {
    return with(DETACHED, detached);
  }

  /** Frames that the host does not reach as usual, by their state at the trust anchor. */
  public RangeMap<PfnRange, String> guarded() {
    return parts.get(GUARDED);
  }

  GmemState withGuarded(RangeMap<PfnRange, String> guarded) {
    return with(GUARDED, guarded);
  }

  /** The frames in the batch of a CPU, each with a reference. */
  RangeSet<PfnRange> batch(PartyId cpu) {
    return parts.get(BATCHES.of(cpu));
  }

  GmemState withBatch(PartyId cpu, RangeSet<PfnRange> frames) {
    return with(BATCHES.of(cpu), frames);
  }

  /** The CPUs that have something in their batch, in order. */
  List<PartyId> cpusWithBatch() {
    return parts.keys(BATCHES);
  }

  /** Frames whose last put is told; they may have left the page cache since. */
  public RangeSet<PfnRange> callbacks() {
    return parts.get(CALLBACKS);
  }

  GmemState withCallbacks(RangeSet<PfnRange> frames) {
    return with(CALLBACKS, frames);
  }

  // Frames.

  /** The frames of the given generation behind a range of the file. */
  public PfnRange frames(IndexRange range, int generation) {
    return PfnRange.behind(range, firstPfn + generation * pageCount);
  }

  int generation(PfnRange frames) {
    return (int) ((frames.start() - firstPfn) / pageCount);
  }

  /** The page of the file that the frames belong or belonged to. */
  public IndexRange indices(PfnRange frames) {
    long base = firstPfn + generation(frames) * pageCount;
    return new IndexRange(frames.start() - base, frames.end() - base);
  }

  /** The pages of the file that the frames are still behind; a detached frame is behind none. */
  public List<IndexRange> attached(PfnRange frames) {
    int generation = generation(frames);
    return folios(indices(frames)).stream()
        .filter(run -> run.value().generation() == generation)
        .map(Run::range)
        .toList();
  }

  // Bytes.

  /** The byte of a frame, 0..255. */
  public int value(PfnRange frame) {
    return parts.get(BYTES.of(block(indices(frame).start()))).getOr(frame.start(), 0);
  }

  /** The bytes of frames that are not 0. */
  List<Run<PfnRange, Integer>> bytes(PfnRange frames) {
    List<Run<PfnRange, Integer>> found = new ArrayList<>();
    IndexRange range = indices(frames);
    for (int block = block(range.start()); block <= block(range.end() - 1); block++) {
      found.addAll(parts.get(BYTES.of(block)).runs(frames));
    }
    return found;
  }

  /**
   * What a range of the file holds: the bytes that are not 0, and which pages were ever prepared.
   */
  public List<Run<IndexRange, Integer>> content(IndexRange range) {
    List<Run<IndexRange, Integer>> content = new ArrayList<>();
    for (Run<IndexRange, Folio> run : folios(range)) {
      if (run.value().uptodate()) {
        for (Run<PfnRange, Integer> bytes : bytes(frames(run.range(), run.value().generation()))) {
          content.add(new Run<>(indices(bytes.range()), bytes.value()));
        }
      }
    }
    return content;
  }

  GmemState withBytes(PfnRange frames, int value) {
    GmemState changed = this;
    IndexRange range = indices(frames);
    int generation = generation(frames);
    for (int block = block(range.start()); block <= block(range.end() - 1); block++) {
      Optional<IndexRange> within = blockRange(block).intersect(range);
      if (within.isPresent()) {
        Part<RangeMap<PfnRange, Integer>> part = BYTES.of(block);
        PfnRange piece = frames(within.get(), generation);
        RangeMap<PfnRange, Integer> bytes = changed.parts.get(part);
        changed = changed.with(part, value == 0 ? bytes.without(piece) : bytes.with(piece, value));
      }
    }
    return changed;
  }

  // Page tables.

  /** The entries of an address space for this file: the generation of the frame at each index. */
  public RangeMap<IndexRange, Integer> pageTable(PartyId memory) {
    return parts.get(PAGE_TABLES.of(memory));
  }

  GmemState withPageTable(PartyId memory, RangeMap<IndexRange, Integer> table) {
    return with(PAGE_TABLES.of(memory), table);
  }

  /** The address spaces that map anything of the file, in order. */
  public List<PartyId> mappers() {
    return parts.keys(PAGE_TABLES);
  }

  /** The address spaces that map something of the range, in order. */
  public List<PartyId> mappers(IndexRange range) {
    return mappers().stream().filter(memory -> !pageTable(memory).runs(range).isEmpty()).toList();
  }

  /**
   * The frames that a page table has for a range, as far as it is mapped without a gap from its
   * start.
   */
  List<PfnRange> mappedPrefix(PartyId memory, IndexRange range) {
    List<PfnRange> frames = new ArrayList<>();
    long next = range.start();
    for (Run<IndexRange, Integer> run : pageTable(memory).runs(range)) {
      if (run.range().start() != next) {
        break;
      }
      frames.add(frames(run.range(), run.value()));
      next = run.range().end();
    }
    return frames;
  }

  // Locks, tasks, watches.

  /** mapping-&gt;invalidate_lock. */
  public LockState invalidateLock() {
    return parts.get(INVALIDATE_LOCK);
  }

  GmemState withInvalidateLock(LockState lock) {
    return with(INVALIDATE_LOCK, lock);
  }

  /** The operations under way, in order of their numbers. */
  public List<TaskId> tasks() {
    return TASKS.ids(parts);
  }

  boolean isUnderWay(TaskId id) {
    return TASKS.isUnderWay(parts, id);
  }

  public Optional<GmemTask> findTask(TaskId id) {
    return TASKS.find(parts, id);
  }

  GmemTask task(TaskId id) {
    return TASKS.get(parts, id);
  }

  GmemState startTask(TaskId id, GmemTask task) {
    return new GmemState(TASKS.start(parts, id, task), pageCount, firstPfn);
  }

  GmemState proceedTask(TaskId id, GmemTask task) {
    return new GmemState(TASKS.proceed(parts, id, task), pageCount, firstPfn);
  }

  GmemState endTask(TaskId id) {
    return new GmemState(TASKS.end(parts, id), pageCount, firstPfn);
  }

  /** Who is told when a range is in use no more, in the order in which they asked. */
  public List<Watch> watches() {
    return parts.get(WATCHES);
  }

  GmemState withWatches(List<Watch> watches) {
    return with(WATCHES, List.copyOf(watches));
  }

  List<PartyId> exiting() {
    return parts.get(EXITING);
  }

  GmemState withExiting(List<PartyId> exiting) {
    return with(EXITING, List.copyOf(exiting));
  }

  /** Whether a thread of a process is in the kernel, with its address space in use. */
  boolean inUse(PartyId memory) {
    return tasks().stream()
        .map(this::task)
        .map(GmemTask::work)
        .anyMatch(
            work ->
                work instanceof Work.HostFault fault && fault.memory().equals(memory)
                    || work instanceof Work.GetUserPages pin && pin.memory().equals(memory));
  }
}
