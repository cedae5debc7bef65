package dev.faultline.protocol.gmem;

import dev.faultline.protocol.LockState;
import dev.faultline.protocol.Part;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.memory.RangeSet;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.View;
import java.util.List;
import java.util.Optional;

/** The parts of an inode's state. */
public sealed interface GmemPart<T> extends Part<T> {

  @Override
  default String member() {
    return "";
  }

  /** The attribute of each index (gmem_inode.attributes). */
  record Attributes() implements GmemPart<RangeMap<IndexRange, View>> {
    @Override
    public String family() {
      return "attributes";
    }

    @Override
    public RangeMap<IndexRange, View> initial() {
      return RangeMap.empty();
    }
  }

  /**
   * The indices that host faults are let through to (RFC v1: kvm_gmem_inode_private.faultability).
   */
  record Faultability() implements GmemPart<RangeSet<IndexRange>> {
    @Override
    public String family() {
      return "faultability";
    }

    @Override
    public RangeSet<IndexRange> initial() {
      return RangeSet.empty();
    }
  }

  /**
   * The page cache, cut into blocks: a block a page in a small file, 16 blocks in a large one.
   *
   * @param block from 0
   */
  record Folios(int block) implements GmemPart<RangeMap<IndexRange, Folio>> {
    @Override
    public String family() {
      return "folios";
    }

    @Override
    public String member() {
      return Integer.toString(block);
    }

    @Override
    public RangeMap<IndexRange, Folio> initial() {
      return RangeMap.empty();
    }
  }

  /** Frames that left the page cache while they were referenced. */
  record Detached() implements GmemPart<RangeMap<PfnRange, Folio>> {
    @Override
    public String family() {
      return "detached";
    }

    @Override
    public RangeMap<PfnRange, Folio> initial() {
      return RangeMap.empty();
    }
  }

  /**
   * The byte of each frame, by block of its index; a frame that is not mentioned holds 0.
   *
   * @param block from 0
   */
  record Bytes(int block) implements GmemPart<RangeMap<PfnRange, Integer>> {
    @Override
    public String family() {
      return "bytes";
    }

    @Override
    public String member() {
      return Integer.toString(block);
    }

    @Override
    public RangeMap<PfnRange, Integer> initial() {
      return RangeMap.empty();
    }
  }

  /**
   * The page table entries of one process for this file: the generation of the frame they point at.
   */
  record PageTable(PartyId memory) implements GmemPart<RangeMap<IndexRange, Integer>> {
    @Override
    public String family() {
      return "page-table";
    }

    @Override
    public String member() {
      return memory.name();
    }

    @Override
    public RangeMap<IndexRange, Integer> initial() {
      return RangeMap.empty();
    }
  }

  /** mapping-&gt;invalidate_lock. */
  record InvalidateLock() implements GmemPart<LockState> {
    @Override
    public String family() {
      return "invalidate-lock";
    }

    @Override
    public LockState initial() {
      return LockState.FREE;
    }
  }

  /** An operation under way. */
  record Task(TaskId id) implements GmemPart<Optional<GmemTask>> {
    @Override
    public String family() {
      return "task";
    }

    @Override
    public String member() {
      return id.toString();
    }

    @Override
    public Optional<GmemTask> initial() {
      return Optional.empty();
    }
  }

  /** Who waits for references to go. */
  record Watches() implements GmemPart<List<Watch>> {
    @Override
    public String family() {
      return "watches";
    }

    @Override
    public List<Watch> initial() {
      return List.of();
    }
  }
}
