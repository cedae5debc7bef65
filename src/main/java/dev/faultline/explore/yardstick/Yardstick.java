package dev.faultline.explore.yardstick;

import dev.faultline.explore.Actor;
import dev.faultline.explore.Model;
import dev.faultline.explore.Promise;
import dev.faultline.explore.Sight;
import dev.faultline.explore.Slot;
import dev.faultline.explore.Symmetry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The small conversion model that explorers are measured on: pages, one guest, one VMM, one
 * conversion in KVM at a time, one VFIO device, threads of the host. Its exact counts are known.
 *
 * @param pages 1..4
 * @param threads of the host, 1..3
 * @param bug what is wrong with it
 */
public record Yardstick(int pages, int threads, Bug bug) implements Model {

  /** How many references a page can have besides the page cache's. */
  static final int MAX_PINS = 2;

  /** What a variant of the model does wrong. */
  public enum Bug {
    /** Nothing. */
    NONE,
    /** References are looked at before the unmap. */
    CHECK_BEFORE_UNMAP,
    /** The invalidate lock does not wait for readers. */
    LOCK_IGNORES_READERS,
    /** A conversion that is refused leaves host faults forbidden. */
    REFUSAL_LEAVES_FAULTS_FORBIDDEN
  }

  /** What a page is. */
  enum Share {
    PRIVATE,
    SHARED
  }

  /**
   * A page.
   *
   * @param faultable a host fault may map it
   * @param mapped a host page table has it
   * @param pins references beyond the page cache's, 0..2
   */
  record Page(Share share, boolean faultable, boolean mapped, int pins) {
    Page with(Share other) {
      return new Page(other, faultable, mapped, pins);
    }

    Page faultable(boolean other) {
      return new Page(share, other, mapped, pins);
    }

    Page mapped(boolean other) {
      return new Page(share, faultable, other, pins);
    }

    Page pinned(int more) {
      return new Page(share, faultable, mapped, pins + more);
    }
  }

  /**
   * The guest.
   *
   * @param waits for the answer to a request
   * @param page that it asked for; -1 if none
   * @param target what it is to become
   */
  record Guest(boolean waits, int page, Share target) {}

  /** Where the VMM is. */
  enum Vmm {
    IDLE,
    PREPARE,
    CALL,
    RETURNED,
    REPLY
  }

  /** Where KVM is. */
  enum Kvm {
    IDLE,
    ENTER,
    LOCKED,
    CLEARED,
    UNMAPPED,
    SHARED,
    UNLOCK
  }

  /** What a conversion returned. */
  enum Answer {
    NONE,
    OK,
    AGAIN
  }

  /**
   * The invalidate lock.
   *
   * @param readers how many hold it shared
   */
  record Lock(boolean writer, int readers) {
    boolean isFree() {
      return !writer && readers == 0;
    }
  }

  /** Where a thread of the host is. */
  enum At {
    IDLE,
    FAULT,
    SIGBUS,
    GUP,
    CHECK,
    PINNED
  }

  /**
   * A thread of the host.
   *
   * @param page that it is at; -1 if none
   */
  record Host(At at, int page) {
    static final Host IDLE = new Host(At.IDLE, -1);
  }

  static final Slot<Guest> GUEST = new Slot<>("guest", "", new Guest(false, -1, Share.PRIVATE));
  static final Slot<Vmm> VMM = new Slot<>("vmm", "", Vmm.IDLE);
  static final Slot<Kvm> KVM = new Slot<>("kvm", "", Kvm.IDLE);
  static final Slot<Answer> ANSWER = new Slot<>("answer", "", Answer.NONE);
  static final Slot<Lock> LOCK = new Slot<>("lock", "", new Lock(false, 0));

  static Slot<Page> page(int page) {
    return new Slot<>("page", page, new Page(Share.PRIVATE, false, false, 0));
  }

  /** Whether the IOMMU has a mapping of a page; it owns one of the page's references. */
  static Slot<Boolean> vfio(int page) {
    return new Slot<>("vfio", page, false);
  }

  static Slot<Host> host(int thread) {
    return new Slot<>("host", thread, Host.IDLE);
  }

  @Override
  public List<Slot<?>> slots() {
    List<Slot<?>> slots = new ArrayList<>();
    for (int page = 0; page < pages; page++) {
      slots.add(page(page));
      slots.add(vfio(page));
    }
    slots.addAll(List.of(GUEST, VMM, KVM, ANSWER, LOCK));
    for (int thread = 0; thread < threads; thread++) {
      slots.add(host(thread));
    }
    return slots;
  }

  @Override
  public List<Actor> actors(Collection<Slot<?>> known) {
    List<Actor> actors = new ArrayList<>();
    actors.add(new GuestActor(pages));
    actors.add(new VmmActor());
    actors.add(new KvmActor(bug));
    actors.add(new DeviceActor(pages));
    for (int thread = 0; thread < threads; thread++) {
      actors.add(new HostActor(thread, pages));
    }
    return actors;
  }

  @Override
  public List<Promise> promises() {
    return IntStream.range(0, pages)
        .<Promise>mapToObj(page -> new PagePromise(page, threads))
        .toList();
  }

  /** Somebody can always move. */
  @Override
  public List<String> waiting(Sight sight) {
    return List.of("nobody can move");
  }

  /** Pages and threads are not told apart. */
  @Override
  public List<Symmetry> symmetries() {
    List<Symmetry> all = new ArrayList<>();
    for (List<Integer> pageTo : permutations(pages)) {
      for (List<Integer> threadTo : permutations(threads)) {
        all.add(new Exchange(pageTo, threadTo));
      }
    }
    return all.subList(1, all.size());
  }

  /** All orders of 0..count-1, the usual one first. */
  private static List<List<Integer>> permutations(int count) {
    List<List<Integer>> all = List.of(List.of());
    for (int length = 0; length < count; length++) {
      List<List<Integer>> longer = new ArrayList<>();
      for (List<Integer> each : all) {
        for (int next = 0; next < count; next++) {
          if (!each.contains(next)) {
            List<Integer> more = new ArrayList<>(each);
            more.add(next);
            longer.add(more);
          }
        }
      }
      all = longer;
    }
    return all;
  }
}
