package dev.faultline.world;

import dev.faultline.protocol.Chance;
import dev.faultline.protocol.design.GmemFlag;
import dev.faultline.protocol.design.GuestProfile;
import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.design.VmmProfile;
import dev.faultline.protocol.hostio.HostIoSetup;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.RangeSet;
import dev.faultline.protocol.message.PartyId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that a world is made of.
 *
 * @param pageCount guest memory in 4 KiB pages, from guest address 0; one slot, one file
 * @param shared the pages that a scenario wants shared at first; the rest private
 * @param vcpus the guest's vCPUs
 * @param users host users of its memory
 * @param beginning what has been before the first step
 * @param open what may happen besides the usual
 * @param scripts at most one a party
 * @param channelBound how many messages a channel holds; reaching it is a verdict
 */
public record WorldSetup(
    Mode mode,
    Revision revision,
    VmmProfile vmm,
    GuestProfile guest,
    long pageCount,
    RangeSet<GfnRange> shared,
    List<PartyId> vcpus,
    List<HostUser> users,
    Beginning beginning,
    List<Chance> open,
    List<Script> scripts,
    int channelBound) {

  /** Enough for what the shipped designs send; a world that needs more does not end. */
  public static final int CHANNEL_BOUND = 64;

  public WorldSetup {
    revision = revision.under(mode);
    vcpus = List.copyOf(vcpus);
    users = List.copyOf(users);
    open = List.copyOf(open);
    scripts = List.copyOf(scripts);
  }

  /** A world in which nothing has been before the first step. */
  public WorldSetup(
      Mode mode,
      Revision revision,
      VmmProfile vmm,
      GuestProfile guest,
      long pageCount,
      RangeSet<GfnRange> shared,
      List<PartyId> vcpus,
      List<HostUser> users,
      List<Chance> open,
      List<Script> scripts,
      int channelBound) {
    this(
        mode,
        revision,
        vmm,
        guest,
        pageCount,
        shared,
        vcpus,
        users,
        Beginning.NONE,
        open,
        scripts,
        channelBound);
  }

  /** The world of the time before, in which the VMM makes calls and no choice is open. */
  WorldSetup before(List<ScriptLine> calls) {
    List<Script> script = calls.isEmpty() ? List.of() : List.of(new Script(Parties.VMM, calls));
    return new WorldSetup(
        mode,
        revision,
        vmm,
        guest,
        pageCount,
        shared,
        vcpus,
        users,
        List.of(),
        script,
        channelBound);
  }

  /**
   * Whether shared pages are no pages of the gmem file: the file cannot be made with shared pages,
   * and the guest finds them through the user address of its memslot (Linux 7.3 with private
   * memory). Then each page is there twice, and a conversion changes which of them the guest has.
   */
  public boolean sharedElsewhere() {
    return revision.sharedThroughMapping()
        && mode.privateMemory()
        && (revision.gmemFlags().bits(mode) & GmemFlag.MMAP.bit()) != 0
        && (revision.gmemFlags().bits(mode) & GmemFlag.INIT_SHARED.bit()) == 0;
  }

  /** The parties whose processes may die at any moment, in a fixed order. */
  public List<PartyId> mortals() {
    return Stream.concat(Stream.of(Parties.VMM), users.stream().map(HostUser::id))
        .filter(party -> deathOf(party).filter(open::contains).isPresent())
        .toList();
  }

  /**
   * The chance that the process of a party dies. Threads, transfers and io_urings are parts of one,
   * and die with it; a device is none.
   */
  public Optional<Chance> deathOf(PartyId party) {
    if (party.equals(Parties.VMM)) {
      return Optional.of(Chance.VMM_DIES);
    }
    return users.stream()
        .filter(user -> user.id().equals(party) && user.kind() == HostIoSetup.Kind.PROCESS)
        .findFirst()
        .map(_ -> Chance.PROCESS_DIES);
  }

  /** Whether a party's decision can have alternatives. */
  boolean hasChoices() {
    return open.stream()
        .anyMatch(chance -> chance != Chance.PROCESS_DIES && chance != Chance.VMM_DIES);
  }

  /** All of the guest's memory. */
  public GfnRange ram() {
    return new GfnRange(0, pageCount);
  }
}
