package dev.faultline.property.expression;

import dev.faultline.protocol.design.Act;
import dev.faultline.protocol.design.Lock;
import dev.faultline.protocol.hostio.HostIoSetup;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.world.HostUser;
import dev.faultline.world.Parties;
import dev.faultline.world.Script;
import dev.faultline.world.WorldSetup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What the words of an expression can name: the parties and lines of a setup, and what all have.
 */
final class Names {

  private final WorldSetup setup;
  private final SequencedMap<String, PartyId> parties = new LinkedHashMap<>();
  private final SequencedMap<String, LineRef> lines = new LinkedHashMap<>();

  Names(WorldSetup setup) {
    this.setup = setup;
    setup.vcpus().forEach(this::add);
    List.of(Parties.VMM, Parties.KVM, Parties.GMEM, Parties.ANCHOR, Parties.IOMMU)
        .forEach(this::add);
    if (setup.sharedElsewhere()) {
      add(Parties.SHMEM);
    }
    setup.users().forEach(user -> add(user.id()));
    for (Script script : setup.scripts()) {
      for (int index = 0; index < script.lines().size(); index++) {
        String name = script.lines().get(index).name();
        lines.putIfAbsent(name, new LineRef(script.party(), index, name));
      }
    }
  }

  private void add(PartyId party) {
    parties.put(party.name(), party);
  }

  WorldSetup setup() {
    return setup;
  }

  // Parties.

  Optional<PartyId> findParty(String name) {
    return Optional.ofNullable(parties.get(name));
  }

  List<String> parties() {
    return List.copyOf(parties.keySet());
  }

  List<PartyId> partyIds() {
    return List.copyOf(parties.values());
  }

  /** The party that a token names. */
  PartyId party(Token name) {
    return findParty(name.text())
        .orElseThrow(
            () -> Tokens.unknown(name, "no party \"" + name.text() + "\"", parties.keySet()));
  }

  private Optional<HostUser> user(PartyId party) {
    return setup.users().stream().filter(user -> user.id().equals(party)).findFirst();
  }

  /** The address space in which a party's process has pages mapped. */
  PartyId memory(Token name) {
    PartyId party = party(name);
    if (party.equals(Parties.VMM)) {
      return Parties.VMM_MEMORY;
    }
    Optional<HostUser> user = user(party);
    if (user.isEmpty() || user.get().kind() == HostIoSetup.Kind.VFIO) {
      throw Tokens.senseless(
          name,
          party
              + " has no page table of a process"
              + switch (party.kind()) {
                case GUEST, KVM -> "; what the guest has is guest-mapped";
                case HOST_IO, IOMMU -> "; what a device has is dma-mapped";
                case VMM, GMEM, ANCHOR, HOST_MEMORY -> "";
              });
    }
    Optional<PartyId> process =
        user.get().kind() == HostIoSetup.Kind.PROCESS ? Optional.of(party) : user.get().process();
    return process.map(Parties::memoryOf).orElse(Parties.VMM_MEMORY);
  }

  /** A host user that can pin pages. */
  PartyId pinner(Token name) {
    PartyId party = party(name);
    if (party.kind() != PartyKind.HOST_IO) {
      throw Tokens.senseless(name, party + " is no host user; only those hold pins");
    }
    return party;
  }

  boolean isDevice(PartyId party) {
    return user(party).filter(user -> user.kind() == HostIoSetup.Kind.VFIO).isPresent();
  }

  /** A device whose DMA goes through the IOMMU. */
  PartyId device(Token name) {
    PartyId party = party(name);
    if (!isDevice(party)) {
      throw Tokens.senseless(name, party + " is no device (kind vfio); only those are dma-mapped");
    }
    return party;
  }

  // Lines.

  Optional<LineRef> findLine(String name) {
    return Optional.ofNullable(lines.get(name));
  }

  LineRef line(Token name) {
    return findLine(name.text())
        .orElseThrow(() -> Tokens.unknown(name, "no line \"" + name.text() + "\"", lines.keySet()));
  }

  /** Whether a party has a script whose end can be told. */
  boolean hasScript(PartyId party) {
    return setup.scripts().stream().anyMatch(script -> script.party().equals(party));
  }

  // What all setups have.

  static List<String> locks() {
    return Arrays.stream(Lock.values()).map(Lock::word).toList();
  }

  static Optional<Lock> findLock(String word) {
    return Arrays.stream(Lock.values()).filter(lock -> lock.word().equals(word)).findFirst();
  }

  static Lock lock(Token word) {
    return findLock(word.text())
        .orElseThrow(() -> Tokens.unknown(word, "no lock \"" + word.text() + "\"", locks()));
  }

  static Operations operations(Token word) {
    return Optional.ofNullable(Operations.WORDS.get(word.text()))
        .orElseThrow(
            () ->
                Tokens.unknown(
                    word, "no operation \"" + word.text() + "\"", Operations.WORDS.keySet()));
  }

  static String act(Token word) {
    List<String> acts = acts();
    if (!acts.contains(word.text())) {
      throw Tokens.unknown(word, "no act \"" + word.text() + "\"", acts);
    }
    return word.text();
  }

  /** The acts of all revisions: what a scenario says of one is understood in another, too. */
  @SuppressWarnings("unchecked") // what is permitted to extend Act, extends it
  private static List<String> acts() {
    return Arrays.stream(Act.class.getPermittedSubclasses())
        .map(act -> Act.word((Class<? extends Act>) act))
        .toList();
  }

  static Errno errno(Token word) {
    List<String> known = Arrays.stream(Errno.values()).map(Errno::name).toList();
    if (!known.contains(word.text())) {
      throw Tokens.unknown(word, "no errno \"" + word.text() + "\"", known);
    }
    return Errno.valueOf(word.text());
  }

  /** Everything that a statement can begin with. */
  List<String> subjects() {
    List<String> subjects =
        new ArrayList<>(List.of("page", "pages", "any", "all", "no", "line", "party", "lock"));
    subjects.addAll(lines.keySet());
    subjects.addAll(parties.keySet());
    subjects.addAll(locks());
    subjects.addAll(Operations.WORDS.keySet());
    return subjects;
  }
}
