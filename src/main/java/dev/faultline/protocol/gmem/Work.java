package dev.faultline.protocol.gmem;

import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.Foll;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.View;
import java.util.List;
import java.util.Optional;

/** What a task of the inode is about, with what it has in hand. */
public sealed interface Work {

  IndexRange range();

  /**
   * A conversion, or the inode's part of one.
   *
   * @param awaiting VMs that have not yet answered an invalidation
   * @param items the runs of the range that it works on, once they are listed; before, and in
   *     designs without a list, all of it
   */
  record Conversion(
      IndexRange range, View target, List<PartyId> awaiting, Optional<List<IndexRange>> items)
      implements Work {
    public Conversion {
      awaiting = List.copyOf(awaiting);
      items = items.map(List::copyOf);
    }

    Conversion(IndexRange range, View target, List<PartyId> awaiting) {
      this(range, target, awaiting, Optional.empty());
    }

    @Override
    public List<IndexRange> pieces() {
      return items.orElse(List.of(range));
    }
  }

  /** The runs of its range that it works on. */
  default List<IndexRange> pieces() {
    return List.of(range());
  }

  /** A hole being punched. */
  record Punch(IndexRange range, List<PartyId> awaiting) implements Work {
    public Punch {
      awaiting = List.copyOf(awaiting);
    }
  }

  /**
   * A fault of a host process.
   *
   * @param memory whose page table is to be filled
   * @param folios what it holds a reference on, and locked
   * @param then what is to be done once the page is mapped
   */
  record HostFault(PartyId memory, IndexRange range, List<PfnRange> folios, Then then)
      implements Work {
    public HostFault {
      folios = List.copyOf(folios);
    }
  }

  /** Why a host process faulted. */
  sealed interface Then {
    /** A thread loads or stores and will try again. */
    record Touch(Access access) implements Then {}

    /** get_user_pages of this task goes on. */
    record Resume(TaskId pin) implements Then {}
  }

  /**
   * get_user_pages.
   *
   * @param foll how each page is held
   * @param taken frames with a reference so far: the first pages of the range
   * @param seen what the unlocked read of the page table found
   */
  record GetUserPages(
      PartyId memory, IndexRange range, Foll foll, List<PfnRange> taken, List<PfnRange> seen)
      implements Work {
    public GetUserPages {
      taken = List.copyOf(taken);
      seen = List.copyOf(seen);
    }

    long takenPages() {
      return taken.stream().mapToLong(PfnRange::pageCount).sum();
    }
  }

  /**
   * A question about a page.
   *
   * @param answer once it is known
   */
  record Query(IndexRange range, Optional<Result> answer) implements Work {}

  /**
   * The last put of frames whose callback is due.
   *
   * @param putter the task that put them, and waits; empty if it is another party's CPU, or waits
   *     no more
   */
  record LastPut(IndexRange range, PfnRange frames, Optional<TaskId> putter) implements Work {}

  /**
   * kvm_gmem_get_pfn, and fallocate, which puts at once what it got.
   *
   * @param folios what it holds a reference on, and locked
   */
  record Get(IndexRange range, List<PfnRange> folios) implements Work {
    public Get {
      folios = List.copyOf(folios);
    }
  }
}
