package dev.faultline.scenario;

import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.hostio.HostIoSetup;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.RangeSet;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.protocol.message.View;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.world.Beginning;
import dev.faultline.world.Parties;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The pages that a scenario says are there before its first step. */
final class PresentPages {

  private final PartyNames parties;
  private final GuestMemory memory;
  private final Problems problems;

  PresentPages(PartyNames parties, GuestMemory memory, Problems problems) {
    this.parties = parties;
    this.memory = memory;
    this.problems = problems;
  }

  /**
   * What is there, by ids; what no kernel has is a problem.
   *
   * @param shared the pages that are shared at first
   */
  List<Beginning.Present> of(
      List<ScenarioYaml.Present> written, RangeSet<GfnRange> shared, Mode mode) {
    List<Beginning.Present> all = new ArrayList<>();
    RangeSet<GfnRange> said = RangeSet.empty();
    for (ScenarioYaml.Present one : written) {
      GfnRange pages = one.pages().value();
      if (!memory.has(pages, one.pages().at())) {
        continue;
      }
      if (said.overlaps(pages)) {
        problems.add(one.pages().at(), "a page of it is said to be there above already");
      }
      said = said.with(pages);
      all.add(present(one, pages, shared, mode));
    }
    return all;
  }

  private Beginning.Present present(
      ScenarioYaml.Present written, GfnRange pages, RangeSet<GfnRange> shared, Mode mode) {
    boolean isPrivate = !shared.containsAll(pages);
    if (isPrivate && shared.overlaps(pages)) {
      problems.add(
          written.pages().at(), "some of it is shared and some private; say each for itself");
    }
    List<PartyId> memories = new ArrayList<>();
    boolean guest = false;
    for (Located<String> name : written.mappedBy()) {
      Optional<PartyId> mapper = parties.named(name);
      if (mapper.isEmpty()) {
        continue;
      }
      Optional<PartyId> tables = memory(mapper.get());
      tables.ifPresent(memories::add);
      if (mapper.get().kind() == PartyKind.GUEST) {
        guest = true;
      } else if (tables.isEmpty()) {
        problems.add(
            name.at(), "\"" + name.value() + "\" maps nothing; vmm, guest and processes do");
      } else if (isPrivate) {
        problems.add(name.at(), "a private page is in no host page table");
      }
    }
    if (guest && mode.anchor().checks(isPrivate ? View.PRIVATE : View.SHARED)) {
      problems.add(
          written.pages().at(),
          "mode "
              + mode.name()
              + " has "
              + (isPrivate ? "private" : "shared")
              + " pages in a table of its own; let the guest accept or touch them");
    }
    List<PartyId> pinners = new ArrayList<>();
    for (Located<String> name : written.pinnedBy()) {
      parties.named(name).filter(party -> pins(party, name)).ifPresent(pinners::add);
      if (isPrivate) {
        problems.add(name.at(), "a private page cannot be pinned");
      }
    }
    if (twice(memories) || twice(pinners)) {
      problems.add(written.pages().at(), "somebody is named twice");
    }
    return new Beginning.Present(
        pages,
        written.value(),
        memories.stream().distinct().sorted().toList(),
        guest,
        pinners.stream().distinct().toList());
  }

  /** The address space of a process. */
  private Optional<PartyId> memory(PartyId party) {
    if (party.equals(Parties.VMM)) {
      return Optional.of(Parties.VMM_MEMORY);
    }
    return party.kind() == PartyKind.HOST_IO && parties.kind(party) == HostIoSetup.Kind.PROCESS
        ? Optional.of(Parties.memoryOf(party))
        : Optional.empty();
  }

  private static boolean twice(List<PartyId> named) {
    return named.stream().distinct().count() < named.size();
  }

  private boolean pins(PartyId party, Located<String> name) {
    boolean can = party.kind() == PartyKind.HOST_IO && parties.kind(party) != HostIoSetup.Kind.VFIO;
    if (!can) {
      problems.add(
          name.at(),
          "\""
              + name.value()
              + "\" pins nothing of its own; a thread, a process, an io-uring or an o-direct does");
    }
    return can;
  }
}
