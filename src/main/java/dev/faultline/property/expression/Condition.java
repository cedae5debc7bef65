package dev.faultline.property.expression;

import dev.faultline.protocol.design.Act;
import dev.faultline.protocol.design.Instruction;
import dev.faultline.protocol.design.Lock;
import dev.faultline.protocol.design.LockMode;
import dev.faultline.protocol.guest.GuestState;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.Result;
import dev.faultline.world.Await;
import dev.faultline.world.World;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What an expression means: a pure predicate on worlds. */
sealed interface Condition {

  boolean holds(World world);

  /**
   * A page, or several, that show that it is so, or that it is not.
   *
   * @param so which of the two; it is the one that the world is like
   */
  default Optional<IndexRange> witness(World world, boolean so) {
    return Optional.empty();
  }

  /** Both; the second is not asked where the first is not so. */
  record And(Condition first, Condition second) implements Condition {
    @Override
    public boolean holds(World world) {
      return first.holds(world) && second.holds(world);
    }

    @Override
    public Optional<IndexRange> witness(World world, boolean so) {
      return so
          ? first.witness(world, true).or(() -> second.witness(world, true))
          : (first.holds(world) ? second : first).witness(world, false);
    }
  }

  /** One or both; the second is not asked where the first is so. */
  record Or(Condition first, Condition second) implements Condition {
    @Override
    public boolean holds(World world) {
      return first.holds(world) || second.holds(world);
    }

    @Override
    public Optional<IndexRange> witness(World world, boolean so) {
      return so
          ? (first.holds(world) ? first : second).witness(world, true)
          : first.witness(world, false).or(() -> second.witness(world, false));
    }
  }

  /** The opposite. */
  record Not(Condition condition) implements Condition {
    @Override
    public boolean holds(World world) {
      return !condition.holds(world);
    }

    @Override
    public Optional<IndexRange> witness(World world, boolean so) {
      return condition.witness(world, !so);
    }
  }

  /** Of how many pages of a range a fact has to be so. */
  enum Quantity {
    ANY,
    ALL,
    NO
  }

  /** A fact about pages of a file. */
  record OfPages(Quantity quantity, PartyId inode, IndexRange range, PageFact fact)
      implements Condition {
    @Override
    public boolean holds(World world) {
      List<IndexRange> where = fact.where(new Sight(world, inode), range);
      return switch (quantity) {
        case ANY -> !where.isEmpty();
        case ALL -> where.equals(List.of(range));
        case NO -> where.isEmpty();
      };
    }

    @Override
    public Optional<IndexRange> witness(World world, boolean so) {
      List<IndexRange> where = fact.where(new Sight(world, inode), range);
      // Where no page is such that it shows it, all of the range do.
      boolean such = so == (quantity != Quantity.NO);
      List<IndexRange> shown = such ? where : Ranges.rest(range, where);
      return shown.stream().findFirst();
    }
  }

  // Scripts.

  /** A line has ended, and so; or otherwise. */
  record LineEnded(LineRef line, Ending ending, boolean otherwise) implements Condition {
    @Override
    public boolean holds(World world) {
      return line.result(world).filter(result -> ending.is(result) != otherwise).isPresent();
    }
  }

  /** A line has read a byte that compares so with a number. */
  record LineRead(LineRef line, Comparison comparison, int value) implements Condition {
    @Override
    public boolean holds(World world) {
      Optional<Result> result = line.result(world);
      return comparison == Comparison.OTHER
          ? result.isPresent() && !result.get().equals(new Result.Loaded(value))
          : result.isPresent()
              && result.get() instanceof Result.Loaded(int found)
              && comparison.holds(found, value);
    }
  }

  /** How far a line has come. */
  enum Stage {
    /** It is under way, or has ended. */
    STARTED,
    /** It has started and is not answered. */
    UNDER_WAY,
    /** It is answered, or its party died. */
    ENDED
  }

  /** A line has come so far. */
  record LineIs(LineRef line, Stage stage) implements Condition {
    @Override
    public boolean holds(World world) {
      return switch (stage) {
        case STARTED -> line.result(world).isPresent() || line.isUnderWay(world);
        case UNDER_WAY -> line.isUnderWay(world);
        case ENDED -> line.result(world).isPresent();
      };
    }
  }

  /** All lines of a party's script have ended, or it is dead. */
  record ScriptEnded(PartyId party) implements Condition {
    @Override
    public boolean holds(World world) {
      return world.holds(new Await.Finished(party));
    }
  }

  // Parties.

  /** A party has refused something before; any of them if none is given. */
  record HasRefused(List<PartyId> parties) implements Condition {
    public HasRefused {
      parties = List.copyOf(parties);
    }

    @Override
    public boolean holds(World world) {
      return parties.stream().anyMatch(party -> world.holds(new Await.Refusal(party)));
    }
  }

  /** A refusal is on its way: of a party if one is given, with an errno if one is given. */
  record Refuses(Optional<PartyId> by, Optional<Errno> errno) implements Condition {
    @Override
    public boolean holds(World world) {
      return Refusals.any(world, by, found -> errno.isEmpty() || errno.get() == found);
    }
  }

  /** A process is dead, or the VM. */
  record Dead(PartyId party) implements Condition {
    @Override
    public boolean holds(World world) {
      return switch (party.kind()) {
        case KVM -> world.kvm().dead().isPresent();
        case GUEST -> ((GuestState) world.state(party)).stopped();
        case VMM, HOST_IO, GMEM, ANCHOR, HOST_MEMORY, IOMMU -> world.isDead(party);
      };
    }
  }

  // Locks and operations.

  /**
   * A lock is held: by a party's tasks if one is given, in a mode if one is given, by some
   * operations if they are given.
   */
  record Held(Lock lock, Optional<PartyId> owner, Optional<LockMode> mode, Optional<Operations> by)
      implements Condition {
    @Override
    public boolean holds(World world) {
      List<PartyId> owners = owner.map(List::of).orElseGet(() -> Locks.owners(world, lock));
      return owners.stream()
          .flatMap(party -> Locks.holders(world, lock, party).stream())
          .filter(holder -> mode.isEmpty() || mode.get() == holder.mode())
          .anyMatch(holder -> by.isEmpty() || by.get().has(world, holder.party(), holder.task()));
    }
  }

  /** An operation is under way. */
  record UnderWay(Operations operations) implements Condition {
    @Override
    public boolean holds(World world) {
      return operations.any(world, _ -> true);
    }
  }

  /** An operation is under way whose next act is this one, or that waits in it for an answer. */
  record At(Operations operations, String act) implements Condition {
    @Override
    public boolean holds(World world) {
      return operations.any(
          world,
          running ->
              running.instruction(world) instanceof Instruction.Perform(Act next, int _, int _)
                  && next.word().equals(act));
    }
  }

  /** An operation is under way that cannot go on before another lets go of a lock. */
  record WaitsFor(Operations operations, Lock lock) implements Condition {
    @Override
    public boolean holds(World world) {
      return operations.any(
          world,
          running ->
              running.instruction(world) instanceof Instruction.Acquire(Lock next, LockMode mode)
                  && next == lock
                  && Locks.keepsOut(world, lock, mode, running.party(), running.task()));
    }
  }

  /** A conversion was refused, and undoes what it did, or the answer is on its way. */
  record ConversionRefused(Operations operations, Optional<Errno> errno) implements Condition {
    @Override
    public boolean holds(World world) {
      Predicate<Errno> wanted = found -> errno.isEmpty() || errno.get() == found;
      return operations.any(
              world,
              running -> running.refusal().flatMap(Refusals::errno).filter(wanted).isPresent())
          || operations.conversions().stream()
              .anyMatch(target -> Refusals.anyOfConversion(world, target, wanted));
    }
  }
}
