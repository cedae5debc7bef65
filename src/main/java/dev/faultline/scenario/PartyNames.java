package dev.faultline.scenario;

import dev.faultline.journal.EntryLine;
import dev.faultline.protocol.hostio.HostIoSetup;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.scenario.ScenarioYaml.Party;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Nearest;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.world.HostUser;
import dev.faultline.world.Parties;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The parties of a scenario by name: those that every world has, and those that it declares. */
final class PartyNames {

  private static final PartyId GUEST = PartyId.of(PartyKind.GUEST, "guest");

  private static final List<PartyId> ALWAYS =
      List.of(GUEST, Parties.VMM, Parties.KVM, Parties.GMEM, Parties.ANCHOR, Parties.IOMMU);

  private final Map<String, PartyId> parties = new LinkedHashMap<>();
  private final Map<PartyId, Party> declared = new LinkedHashMap<>();
  private final Problems problems;

  PartyNames(Map<Located<String>, Party> written, Problems problems) {
    this.problems = problems;
    ALWAYS.forEach(party -> parties.put(party.name(), party));
    written.forEach(this::declare);
  }

  private void declare(Located<String> name, Party party) {
    if (ALWAYS.stream().anyMatch(always -> always.name().equals(name.value()))) {
      problems.add(
          name.at(), "\"" + name.value() + "\" is there in every world; choose another name");
      return;
    }
    if (name.value().equals(EntryLine.WORLD)) {
      problems.add(name.at(), "\"world\" is what a journal calls the run; choose another name");
      return;
    }
    if (name.value().equals(Parties.SHMEM.name())) {
      problems.add(
          name.at(), "\"shmem\" is where shared memory outside of gmem is; choose another name");
      return;
    }
    if (name.value().endsWith("-memory")) {
      problems.add(name.at(), "names that end in -memory are those of address spaces");
      return;
    }
    PartyKind kind = party.kind().isPresent() ? PartyKind.HOST_IO : PartyKind.GUEST;
    PartyId id = PartyId.of(kind, name.value());
    parties.put(name.value(), id);
    declared.put(id, party);
  }

  /** All parties that a world of this scenario can have, whatever its designs. */
  List<PartyId> ofWorld() {
    List<PartyId> all = new ArrayList<>(parties.values());
    all.add(Parties.SHMEM);
    all.add(Parties.VMM_MEMORY);
    declared.forEach(
        (id, party) -> {
          if (party.kind().equals(Optional.of(HostIoSetup.Kind.PROCESS))) {
            all.add(Parties.memoryOf(id));
          }
        });
    return all;
  }

  /** The party of a name, if there is one. */
  Optional<PartyId> find(String name) {
    return Optional.ofNullable(parties.get(name));
  }

  /** The party of a name; there being none is a problem. */
  Optional<PartyId> named(Located<String> name) {
    Optional<PartyId> party = find(name.value());
    if (party.isEmpty()) {
      problems.add(
          name.at(),
          "unknown party \"" + name.value() + "\"" + hint(name.value(), parties.keySet().stream()));
    }
    return party;
  }

  /** What was meant; not looked for when no one would read it any more. */
  String hint(String found, Stream<String> known) {
    return problems.isFull() ? "" : Nearest.hint(found, known.toList());
  }

  /** A party whose process can be killed: the VMM, or a host user. */
  Optional<PartyId> mortal(Located<String> name) {
    Optional<PartyId> party = named(name);
    if (party.isPresent()
        && party.get().kind() != PartyKind.VMM
        && party.get().kind() != PartyKind.HOST_IO) {
      problems.add(name.at(), "\"" + name.value() + "\" is no process that could be killed");
      return Optional.empty();
    }
    return party;
  }

  /** What kind of host user a party is. */
  HostIoSetup.Kind kind(PartyId hostUser) {
    return declared.get(hostUser).kind().orElseThrow();
  }

  /** The guest's vCPUs, its first one first. */
  List<PartyId> vcpus() {
    List<PartyId> vcpus = new ArrayList<>(List.of(GUEST));
    for (PartyId party : declared.keySet()) {
      if (party.kind() == PartyKind.GUEST) {
        vcpus.add(party);
      }
    }
    return vcpus;
  }

  /** The host users of the memory; a thread of what is no process is a problem. */
  List<HostUser> users() {
    List<HostUser> users = new ArrayList<>();
    declared.forEach(
        (id, party) ->
            party
                .kind()
                .ifPresent(
                    kind ->
                        users.add(new HostUser(id, kind, process(party), party.catchesSigbus()))));
    return users;
  }

  /**
   * The vCPU that a thread runs; that it is none of the VMM's, or that there is none, a problem.
   */
  Optional<PartyId> vcpuOf(PartyId thread, Position at) {
    Party party = declared.get(thread);
    if (process(party).isPresent()) {
      problems.add(at, "only a thread of the VMM runs a vCPU");
      return Optional.empty();
    }
    if (party.runs().isEmpty()) {
      return Optional.of(GUEST);
    }
    Optional<PartyId> vcpu = named(party.runs().get());
    if (vcpu.isPresent() && vcpu.get().kind() != PartyKind.GUEST) {
      problems.add(party.runs().get().at(), "\"" + vcpu.get() + "\" is no vCPU");
      return Optional.empty();
    }
    return vcpu;
  }

  private Optional<PartyId> process(Party party) {
    Optional<Located<String>> name =
        party.of().filter(of -> !of.value().equals(Parties.VMM.name()));
    Optional<PartyId> process = name.flatMap(this::named);
    boolean isProcess =
        process
            .map(declared::get)
            .flatMap(Party::kind)
            .filter(kind -> kind == HostIoSetup.Kind.PROCESS)
            .isPresent();
    if (process.isPresent() && !isProcess) {
      problems.add(name.get().at(), "\"" + name.get().value() + "\" is no process");
    }
    return process;
  }
}
