package dev.faultline.scenario;

import dev.faultline.protocol.hostio.HostIoSetup;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.protocol.message.ScriptToGuest;
import dev.faultline.scenario.ScriptYaml.Action;
import dev.faultline.scenario.ScriptYaml.Awaited;
import dev.faultline.scenario.ScriptYaml.Line;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.world.Await;
import dev.faultline.world.Parties;
import dev.faultline.world.Script;
import dev.faultline.world.ScriptAction;
import dev.faultline.world.ScriptLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Makes scripts of their lines: verbs become messages, names become what is waited for. */
final class ScriptBuilder {

  private final PartyNames parties;
  private final GuestMemory memory;
  private final LineNames names;
  private final Optional<Answers> answers;
  private final Problems problems;
  private final SortedMap<String, Expected> expected = new TreeMap<>();

  /** Whose script tells a vCPU what to do. */
  private final SortedMap<PartyId, PartyId> runners = new TreeMap<>();

  /**
   * A builder.
   *
   * @param answers what expected answers are checked against; empty if they are not checked
   */
  ScriptBuilder(
      PartyNames parties,
      GuestMemory memory,
      LineNames names,
      Optional<Answers> answers,
      Problems problems) {
    this.parties = parties;
    this.memory = memory;
    this.names = names;
    this.answers = answers;
    this.problems = problems;
  }

  /**
   * The scripts of a scenario.
   *
   * @param written by the name of their party
   * @param start the lines of the VMM that come before all others
   */
  List<Script> scripts(Map<Located<String>, List<Line>> written, List<ScriptLine> start) {
    List<Await> afterStart =
        start.isEmpty() ? List.of() : List.of(new Await.Ended(start.getLast().name()));
    List<Script> scripts = new ArrayList<>();
    written
        .keySet()
        .forEach(
            name ->
                parties
                    .find(name.value())
                    .filter(party -> party.kind() == PartyKind.GUEST)
                    .ifPresent(vcpu -> runners.put(vcpu, vcpu)));
    written.forEach(
        (name, lines) ->
            active(name)
                .ifPresent(
                    party -> {
                      boolean vmm = party.equals(Parties.VMM);
                      List<ScriptLine> all = new ArrayList<>(vmm ? start : List.of());
                      all.addAll(lines(party, lines, vmm ? List.of() : afterStart));
                      scripts.add(new Script(party, all));
                    }));
    boolean vmmHasOne = scripts.stream().anyMatch(script -> script.party().equals(Parties.VMM));
    if (!vmmHasOne && !start.isEmpty()) {
      scripts.addFirst(new Script(Parties.VMM, start));
    }
    return scripts;
  }

  /** How lines of the scripts so far are expected to end, by their names. */
  SortedMap<String, Expected> expected() {
    return expected;
  }

  /** A party that can have a script. */
  private Optional<PartyId> active(Located<String> name) {
    Optional<PartyId> party = parties.named(name);
    if (party.isPresent() && !acts(party.get())) {
      problems.add(
          name.at(),
          "\"" + name.value() + "\" does nothing of its own; it answers what it is told");
      return Optional.empty();
    }
    return party;
  }

  private static boolean acts(PartyId party) {
    return switch (party.kind()) {
      case GUEST, VMM, HOST_IO -> true;
      case KVM, GMEM, ANCHOR, HOST_MEMORY, IOMMU -> false;
    };
  }

  private List<ScriptLine> lines(PartyId party, List<Line> written, List<Await> first) {
    List<ScriptLine> lines = new ArrayList<>();
    List<Await> awaits = new ArrayList<>(first);
    Set<String> passed = new TreeSet<>();
    int number = 0;
    int lastAwait = 0;
    for (Line line : written) {
      number++;
      Position at = line.action().at();
      if (line.action().value() instanceof Action.Await(List<Awaited> awaited)) {
        awaited.forEach(what -> names.await(party, passed, what).ifPresent(awaits::add));
        lastAwait = at.line();
        if (line.name().isPresent() || line.expect().isPresent()) {
          problems.add(at, "an await has no name and no answer; the line after it has");
        }
        continue;
      }
      String name = name(party.name(), number, line);
      expect(name, line);
      Optional<ScriptAction> action = action(party, line.action());
      if (action.isPresent()) {
        lines.add(new ScriptLine(name, List.copyOf(awaits), action.get(), at.line(), line.tries()));
      }
      awaits.clear();
      passed.add(name);
    }
    if (!awaits.isEmpty() && lastAwait > 0) {
      String name = party + "-" + number;
      lines.add(new ScriptLine(name, List.copyOf(awaits), new ScriptAction.Wait(), lastAwait));
    }
    return lines;
  }

  /**
   * The name of a line, made up where the scenario gives none.
   *
   * @param number in the script, from 1
   */
  static String name(String party, int number, Line line) {
    return line.name().map(Located::value).orElse(party + "-" + number);
  }

  /** Keeps what answer a line expects, beside its verb or within its argument. */
  private void expect(String name, Line line) {
    Action action = line.action().value();
    Optional<Located<Expected>> inner = Verbs.inner(action);
    if (line.expect().isPresent() && inner.isPresent()) {
      problems.add(line.expect().get().at(), "the answer is expected twice in this line");
    }
    Optional<Located<Expected>> wanted = line.expect().or(() -> inner);
    if (wanted.isPresent()) {
      answers.ifPresent(possible -> possible.check(action, wanted.get()));
      expected.put(name, wanted.get().value());
    }
  }

  private Optional<ScriptAction> action(PartyId party, Located<Action> written) {
    if (written.value() instanceof Action.Kill(Located<String> victim)) {
      return parties.mortal(victim).map(ScriptAction.Kill::new);
    }
    Optional<GfnRange> range = Verbs.range(written.value());
    if (range.isPresent() && !memory.has(range.get(), written.at())) {
      return Optional.empty();
    }
    Optional<ScriptToGuest> vcpus = Verbs.vcpu(written.value());
    if (vcpus.isPresent() && isThread(party)) {
      return runVcpu(party, vcpus.get(), written.at());
    }
    Optional<? extends Message> message = message(party, written.value());
    if (message.isEmpty()) {
      problems.add(
          written.at(),
          "a " + kind(party) + " cannot do this; it can: " + String.join(", ", verbs(party)));
    }
    return message.map(ScriptAction.Tell::new);
  }

  private boolean isThread(PartyId party) {
    return party.kind() == PartyKind.HOST_IO && parties.kind(party) == HostIoSetup.Kind.THREAD;
  }

  /** A thread and its vCPU are one: no other script tells that vCPU anything. */
  private Optional<ScriptAction> runVcpu(PartyId thread, ScriptToGuest message, Position at) {
    Optional<PartyId> vcpu = parties.vcpuOf(thread, at);
    if (vcpu.isEmpty()) {
      return Optional.empty();
    }
    PartyId runner = runners.computeIfAbsent(vcpu.get(), _ -> thread);
    if (!runner.equals(thread)) {
      problems.add(
          at,
          "vCPU "
              + vcpu.get()
              + (runner.equals(vcpu.get())
                  ? " has a script of its own; write all it does in one of the two"
                  : " is run by "
                      + runner
                      + "; declare another vcpu and say what "
                      + thread
                      + " runs"));
      return Optional.empty();
    }
    return Optional.of(new ScriptAction.RunVcpu(vcpu.get(), message));
  }

  private Optional<? extends Message> message(PartyId party, Action action) {
    return switch (party.kind()) {
      case GUEST -> Verbs.guest(action);
      case VMM -> Verbs.vmm(action);
      case HOST_IO -> Verbs.hostIo(parties.kind(party), action);
      case KVM, GMEM, ANCHOR, HOST_MEMORY, IOMMU -> Optional.empty();
    };
  }

  private String kind(PartyId party) {
    return switch (party.kind()) {
      case GUEST -> "guest";
      case VMM -> "vmm";
      case HOST_IO -> parties.kind(party).word();
      case KVM, GMEM, ANCHOR, HOST_MEMORY, IOMMU -> party.name();
    };
  }

  private List<String> verbs(PartyId party) {
    return switch (party.kind()) {
      case GUEST -> Verbs.OF_GUEST;
      case VMM -> Verbs.OF_VMM;
      case HOST_IO -> Verbs.ofHostIo(parties.kind(party));
      case KVM, GMEM, ANCHOR, HOST_MEMORY, IOMMU -> List.of();
    };
  }
}
