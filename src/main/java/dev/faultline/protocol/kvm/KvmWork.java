package dev.faultline.protocol.kvm;

import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.View;
import java.util.List;
import java.util.Optional;

/** What a task of KVM is about, with what it has in hand. */
public sealed interface KvmWork {

  /**
   * A MapGPA under way; the vCPU is out of the guest.
   *
   * @param gpa the piece that the VMM works on, bytes
   * @param end where the request ends, bytes
   */
  record MapGpa(PartyId vcpu, long gpa, long end, View target) implements KvmWork {}

  /** Where a guest access stands. */
  enum Phase {
    /** The mapping is not there; KVM reads the attribute to know which view the fault has. */
    VIEW,
    /** The fault's acts are walked. */
    FAULT,
    /** The mapping was found; bytes are on their way. An invalidation waits for it. */
    UNDER_WAY,
    /** The fault's acts are walked, and its reference on the pages is being put. */
    PUT,
    /** KVM_RUN has returned to the VMM. */
    EXITED
  }

  /**
   * A guest access.
   *
   * @param range what is still to be accessed
   * @param piece the pages of it that the phase is about
   * @param stale a fault has no snapshot yet, or an invalidation has ended since
   * @param attribute what was read of the attribute
   * @param pages frames the fault holds a reference on
   * @param throughMapping the reference came through the VMM's mapping
   */
  record GuestAccess(
      PartyId vcpu,
      GfnRange range,
      View view,
      Access access,
      Phase phase,
      GfnRange piece,
      boolean stale,
      Optional<View> attribute,
      List<PfnRange> pages,
      boolean throughMapping)
      implements KvmWork {

    public GuestAccess {
      pages = List.copyOf(pages);
    }

    GuestAccess in(Phase next, GfnRange part) {
      boolean hasNoSnapshot = next == Phase.FAULT || next == Phase.VIEW;
      return new GuestAccess(
          vcpu, range, view, access, next, part, hasNoSnapshot, Optional.empty(), List.of(), false);
    }

    GuestAccess as(View other) {
      return new GuestAccess(
          vcpu, range, other, access, phase, piece, stale, attribute, pages, throughMapping);
    }

    GuestAccess rest(GfnRange left) {
      return new GuestAccess(
          vcpu, left, view, access, phase, left, true, Optional.empty(), List.of(), false);
    }

    GuestAccess stale(boolean value) {
      return new GuestAccess(
          vcpu, range, view, access, phase, piece, value, attribute, pages, throughMapping);
    }

    GuestAccess attribute(GfnRange part, View read) {
      return new GuestAccess(
          vcpu, range, view, access, phase, part, stale, Optional.of(read), pages, throughMapping);
    }

    GuestAccess pages(List<PfnRange> got, boolean mapped) {
      return new GuestAccess(
          vcpu, range, view, access, phase, piece, stale, attribute, got, mapped);
    }
  }

  /**
   * A change of the VM's attributes.
   *
   * @param zapping mappings on their way out
   */
  record AttributeChange(GfnRange range, View target, Optional<Zapping> zapping)
      implements KvmWork {}

  /** An invalidation begins that an inode or an address space asks for. */
  record Invalidation(GfnRange range, List<View> kinds, Optional<Zapping> zapping)
      implements KvmWork {
    public Invalidation {
      kinds = List.copyOf(kinds);
    }
  }

  /** Such an invalidation ends. */
  record InvalidationEnd(GfnRange range) implements KvmWork {}
}
