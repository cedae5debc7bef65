package dev.faultline.scenario;

import dev.faultline.journal.Source;
import dev.faultline.protocol.design.Act;
import dev.faultline.protocol.design.ArgumentCheck;
import dev.faultline.protocol.design.GuestProfile;
import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.design.StartCall;
import dev.faultline.protocol.design.VmmProfile;
import dev.faultline.protocol.hostio.HostIoSetup;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.RangeSet;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.protocol.message.ScriptToVmm;
import dev.faultline.protocol.message.View;
import dev.faultline.scenario.ScenarioYaml.Action;
import dev.faultline.scenario.ScenarioYaml.Awaited;
import dev.faultline.scenario.ScenarioYaml.Line;
import dev.faultline.scenario.ScenarioYaml.Party;
import dev.faultline.scenario.ScenarioYaml.Wish;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Nearest;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.world.Await;
import dev.faultline.world.HostUser;
import dev.faultline.world.Parties;
import dev.faultline.world.Script;
import dev.faultline.world.ScriptLine;
import dev.faultline.world.WorldSetup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Makes a scenario of its file: names become parties, verbs become messages. */
final class ScenarioBuilder {

  private static final long PAGE = 4096;
  private static final String GUEST = "guest";

  /** What the calls are called that bring memory to its first view. */
  private static final String START = "start";

  private static final List<String> FIXED = List.of(GUEST, "vmm", "kvm", "gmem", "anchor", "iommu");

  private final ScenarioYaml.File file;
  private final Library.Found found;
  private final Set<String> written;
  private final Problems problems;
  private final GfnRange ram;
  private final Map<String, PartyId> parties = new LinkedHashMap<>();
  private final Map<PartyId, Party> declared = new LinkedHashMap<>();
  private final SortedMap<String, Expected> expected = new TreeMap<>();

  /** The party whose script has the line of a name. */
  private final SortedMap<String, String> owners = new TreeMap<>();

  private final Set<String> withScript = new TreeSet<>();

  /** The revision whose errnos expected answers are checked against. */
  private Optional<Revision> answering = Optional.empty();

  /**
   * A builder.
   *
   * @param written names of lines that the text has, also where the line could not be read
   */
  ScenarioBuilder(
      ScenarioYaml.File file, Library.Found found, Set<String> written, Problems problems) {
    this.file = file;
    this.found = found;
    this.written = written;
    this.problems = problems;
    this.ram = new GfnRange(0, file.memory().sizeBytes() / PAGE);
    parties.put(GUEST, PartyId.of(PartyKind.GUEST, GUEST));
    for (PartyId fixed :
        List.of(Parties.VMM, Parties.KVM, Parties.GMEM, Parties.ANCHOR, Parties.IOMMU)) {
      parties.put(fixed.name(), fixed);
    }
    file.parties().forEach(this::declare);
  }

  private void declare(Located<String> name, Party party) {
    if (FIXED.contains(name.value())) {
      problems.add(
          name.at(), "\"" + name.value() + "\" is there in every world; choose another name");
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

  private void problem(Position at, String text) {
    problems.add(at, text);
  }

  // Names.

  private Optional<PartyId> party(Located<String> name) {
    PartyId party = parties.get(name.value());
    if (party == null) {
      problem(
          name.at(),
          "unknown party \"" + name.value() + "\"" + hint(name.value(), parties.keySet().stream()));
    }
    return Optional.ofNullable(party);
  }

  /** What was meant; not looked for when no one would read it any more. */
  private String hint(String found, Stream<String> known) {
    return problems.isFull() ? "" : Nearest.hint(found, known.toList());
  }

  /** Whether a process can be killed: the VMM's, or a host user's. */
  private Optional<PartyId> mortal(Located<String> name) {
    Optional<PartyId> party = party(name);
    if (party.isPresent()
        && party.get().kind() != PartyKind.VMM
        && party.get().kind() != PartyKind.HOST_IO) {
      problem(name.at(), "\"" + name.value() + "\" is no process that could be killed");
      return Optional.empty();
    }
    return party;
  }

  /** Checks what does not depend on any design. */
  void checkNames() {
    scripts(Optional.empty());
    users();
    file.wishes().forEach(wish -> wish(wish, Optional.empty()));
  }

  Optional<Scenario> build(
      boolean checkAnswers,
      Mode mode,
      Revision revision,
      VmmProfile vmm,
      GuestProfile guest,
      List<Source> sources) {
    int before = problems.count();
    answering = checkAnswers ? Optional.of(revision) : Optional.empty();
    List<Script> scripts = scripts(Optional.of(revision));
    List<HostUser> users = users();
    RangeSet<GfnRange> shared = RangeSet.empty();
    for (Located<GfnRange> range : file.memory().shared()) {
      if (inMemory(range.value(), range.at())) {
        shared = shared.with(range.value());
      }
    }
    List<Expectation> expectations = new ArrayList<>();
    for (Wish wish : file.wishes()) {
      wish(wish, answering).ifPresent(expectations::add);
    }
    if (problems.count() > before) {
      return Optional.empty();
    }
    List<PartyId> vcpus = new ArrayList<>();
    vcpus.add(parties.get(GUEST));
    declared.forEach(
        (id, party) -> {
          if (id.kind() == PartyKind.GUEST) {
            vcpus.add(id);
          }
        });
    WorldSetup setup =
        new WorldSetup(
            mode,
            revision,
            vmm,
            guest,
            ram.end(),
            shared,
            vcpus,
            users,
            file.open(),
            scripts,
            WorldSetup.CHANNEL_BOUND);
    return Optional.of(
        new Scenario(
            found.name(),
            found.name().substring(found.name().lastIndexOf('/') + 1) + ".yaml",
            file.story(),
            setup,
            expected,
            expectations,
            file.schedule(),
            file.seed(),
            sources));
  }

  private boolean inMemory(GfnRange range, Position at) {
    if (ram.contains(range)) {
      return true;
    }
    problem(
        at, text(range) + " is beyond the guest's memory of " + bytes(file.memory().sizeBytes()));
    return false;
  }

  private static String text(GfnRange range) {
    return bytes(range.start() * PAGE) + ".." + bytes(range.end() * PAGE);
  }

  private static String bytes(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    int unit = 0;
    long number = bytes;
    while (unit + 1 < units.length && number >= 1024 && number % 1024 == 0) {
      number /= 1024;
      unit++;
    }
    return number == 0 ? "0" : number + " " + units[unit];
  }

  private List<HostUser> users() {
    List<HostUser> users = new ArrayList<>();
    declared.forEach(
        (id, party) ->
            party.kind().ifPresent(kind -> users.add(new HostUser(id, kind, process(party)))));
    return users;
  }

  private Optional<PartyId> process(Party party) {
    return party
        .of()
        .filter(name -> !name.value().equals("vmm"))
        .flatMap(
            name -> {
              Optional<PartyId> process = party(name);
              boolean isProcess =
                  process
                      .map(declared::get)
                      .flatMap(Party::kind)
                      .filter(kind -> kind == HostIoSetup.Kind.PROCESS)
                      .isPresent();
              if (process.isPresent() && !isProcess) {
                problem(name.at(), "\"" + name.value() + "\" is no process");
              }
              return process;
            });
  }

  // Scripts.

  private List<Script> scripts(Optional<Revision> revision) {
    file.scripts().keySet().forEach(party -> withScript.add(party.value()));
    file.scripts()
        .forEach(
            (party, lines) ->
                lines.forEach(
                    line -> line.name().ifPresent(name -> nameLine(name, party.value()))));
    List<ScriptLine> start = revision.map(this::start).orElse(List.of());
    List<Await> afterStart =
        start.isEmpty() ? List.of() : List.of(new Await.Ended(start.getLast().name()));
    List<Script> scripts = new ArrayList<>();
    boolean vmmHasOne = false;
    for (var entry : file.scripts().entrySet()) {
      Optional<PartyId> party = party(entry.getKey());
      if (party.isEmpty()) {
        continue;
      }
      boolean canAct =
          switch (party.get().kind()) {
            case GUEST, VMM, HOST_IO -> true;
            case KVM, GMEM, ANCHOR, HOST_MEMORY, IOMMU -> false;
          };
      if (!canAct) {
        problem(
            entry.getKey().at(),
            "\"" + party.get() + "\" does nothing of its own; it answers what it is told");
        continue;
      }
      boolean vmm = party.get().equals(Parties.VMM);
      vmmHasOne |= vmm;
      List<ScriptLine> lines = new ArrayList<>(vmm ? start : List.of());
      lines.addAll(lines(party.get(), entry.getValue(), vmm ? List.of() : afterStart));
      scripts.add(new Script(party.get(), lines));
    }
    if (!vmmHasOne && !start.isEmpty()) {
      scripts.addFirst(new Script(Parties.VMM, start));
    }
    return scripts;
  }

  private void nameLine(Located<String> name, String party) {
    boolean isParty = parties.containsKey(name.value());
    boolean taken = owners.putIfAbsent(name.value(), party) != null;
    if (taken || isParty) {
      problem(
          name.at(),
          "\"" + name.value() + "\" is the name of another " + (isParty ? "party" : "line"));
    }
    String stem = name.value().replaceFirst("-[0-9]+$", "");
    boolean numbered = !stem.equals(name.value());
    if (numbered && (stem.equals(START) || withScript.contains(stem))) {
      problem(
          name.at(),
          "\"" + name.value() + "\" is what a line without a name is called; choose another name");
    }
  }

  /** The calls that bring memory to its first view, as lines of the VMM's script. */
  private List<ScriptLine> start(Revision revision) {
    List<GfnRange> shared = new ArrayList<>();
    RangeSet<GfnRange> privates = RangeSet.of(ram);
    for (Located<GfnRange> range : file.memory().shared()) {
      if (ram.contains(range.value())) {
        shared.add(range.value());
        privates = privates.without(range.value());
      }
    }
    List<ScriptLine> lines = new ArrayList<>();
    for (StartCall call : revision.start()) {
      List<GfnRange> ranges =
          switch (call.over()) {
            case ALL -> List.of(ram);
            case SHARED -> shared;
            case PRIVATE -> privates.ranges(ram);
          };
      for (GfnRange range : ranges) {
        lines.add(
            new ScriptLine(
                START + "-" + (lines.size() + 1),
                List.of(),
                new dev.faultline.world.Operation.Tell(
                    new ScriptToVmm.SetFirstView(range, call.target())),
                0));
      }
    }
    return lines;
  }

  private List<ScriptLine> lines(PartyId party, List<Line> written, List<Await> first) {
    List<ScriptLine> lines = new ArrayList<>();
    List<Await> awaits = new ArrayList<>(first);
    Set<String> passed = new TreeSet<>();
    int number = 0;
    Position lastAwait = Position.ofFile(found.source().name());
    for (Line line : written) {
      number++;
      if (line.action().value() instanceof Action.Await(List<Awaited> awaited)) {
        awaited.forEach(what -> await(party, passed, what).ifPresent(awaits::add));
        lastAwait = line.action().at();
        if (line.name().isPresent() || line.expect().isPresent()) {
          problem(lastAwait, "an await has no name and no answer; the line after it has");
        }
        continue;
      }
      String name = line.name().map(Located::value).orElse(party + "-" + number);
      Optional<dev.faultline.world.Operation> operation = operation(party, line.action());
      Optional<Located<Expected>> wanted =
          line.expect().or(() -> Verbs.inner(line.action().value()));
      if (line.expect().isPresent() && Verbs.inner(line.action().value()).isPresent()) {
        problem(line.expect().get().at(), "the answer is expected twice in this line");
      }
      wanted.ifPresent(
          answer -> {
            answering.ifPresent(design -> checkAnswer(line.action().value(), answer, design));
            expected.put(name, answer.value());
          });
      if (operation.isPresent()) {
        lines.add(
            new ScriptLine(name, List.copyOf(awaits), operation.get(), line.action().at().line()));
      }
      awaits.clear();
      passed.add(name);
    }
    if (!awaits.isEmpty() && lastAwait.line() > 0) {
      lines.add(
          new ScriptLine(
              party + "-" + number,
              List.copyOf(awaits),
              new dev.faultline.world.Operation.Wait(),
              lastAwait.line()));
    }
    return lines;
  }

  /**
   * What a line waits for.
   *
   * @param passed the names of the lines before it in its script
   */
  private Optional<Await> await(PartyId party, Set<String> passed, Awaited awaited) {
    return switch (awaited) {
      case Awaited.Refusal(Located<String> by) -> party(by).map(Await.Refusal::new);
      case Awaited.End(Located<String> name) -> {
        boolean own = name.value().equals(party.name());
        boolean later = party.name().equals(owners.get(name.value()));
        if (own || later && !passed.contains(name.value())) {
          problem(
              name.at(),
              "a script that waits for "
                  + (own ? "its own end" : "a later line of its own")
                  + " waits for ever");
          yield Optional.empty();
        }
        if (owners.containsKey(name.value())) {
          yield Optional.of(new Await.Ended(name.value()));
        }
        if (withScript.contains(name.value()) && parties.containsKey(name.value())) {
          yield Optional.of(new Await.Finished(parties.get(name.value())));
        }
        if (written.contains(name.value())) {
          yield Optional.empty();
        }
        problem(
            name.at(),
            "\""
                + name.value()
                + "\" is neither the name of a line nor a party with a script"
                + hint(name.value(), Stream.concat(withScript.stream(), owners.keySet().stream())));
        yield Optional.empty();
      }
    };
  }

  // Verbs.

  private Optional<dev.faultline.world.Operation> operation(PartyId party, Located<Action> action) {
    if (action.value() instanceof Action.Kill(Located<String> victim)) {
      return mortal(victim).map(dev.faultline.world.Operation.Kill::new);
    }
    Optional<GfnRange> range = Verbs.range(action.value());
    if (range.isPresent() && !inMemory(range.get(), action.at())) {
      return Optional.empty();
    }
    Optional<? extends Message> message =
        switch (party.kind()) {
          case GUEST -> Verbs.guest(action.value());
          case VMM -> Verbs.vmm(action.value());
          case HOST_IO -> Verbs.hostIo(declared.get(party).kind().orElseThrow(), action.value());
          case KVM, GMEM, ANCHOR, HOST_MEMORY, IOMMU -> Optional.empty();
        };
    if (message.isEmpty()) {
      problem(
          action.at(),
          "a " + kind(party) + " cannot do this; it can: " + String.join(", ", verbsOf(party)));
    }
    return message.map(dev.faultline.world.Operation.Tell::new);
  }

  private String kind(PartyId party) {
    return switch (party.kind()) {
      case GUEST -> "guest";
      case VMM -> "vmm";
      case HOST_IO -> declared.get(party).kind().orElseThrow().word();
      case KVM, GMEM, ANCHOR, HOST_MEMORY, IOMMU -> party.name();
    };
  }

  private List<String> verbsOf(PartyId party) {
    return switch (party.kind()) {
      case GUEST ->
          List.of(
              "await",
              "convert-to-private",
              "convert-to-shared",
              "accept",
              "load",
              "store",
              "kill");
      case VMM ->
          List.of(
              "await",
              "convert-to-private",
              "convert-to-shared",
              "set-private",
              "set-shared",
              "load",
              "store",
              "unmap",
              "punch-hole",
              "kill");
      case HOST_IO ->
          switch (declared.get(party).kind().orElseThrow()) {
            case VFIO -> List.of("await", "dma-map", "dma-unmap", "dma-load", "dma-store", "kill");
            case IO_URING, O_DIRECT ->
                List.of("await", "pin", "dma-load", "dma-store", "unpin", "kill");
            case PROCESS, THREAD ->
                List.of(
                    "await",
                    "load",
                    "store",
                    "unmap",
                    "set-private",
                    "set-shared",
                    "punch-hole",
                    "pin",
                    "dma-load",
                    "dma-store",
                    "unpin",
                    "kill");
          };
      case KVM, GMEM, ANCHOR, HOST_MEMORY, IOMMU -> List.of();
    };
  }

  // Answers.

  /** An errno that the revision's call cannot say is a mistake, and says what it can. */
  private void checkAnswer(Action action, Located<Expected> wanted, Revision revision) {
    if (!(action instanceof Action.SetAttributes(GfnRange _, View target))) {
      return;
    }
    Operation operation =
        target == View.PRIVATE ? Operation.CONVERT_TO_PRIVATE : Operation.CONVERT_TO_SHARED;
    TreeSet<Errno> canSay = sayings(revision, operation);
    for (Expected.Answer answer : wanted.value().oneOf()) {
      if (answer instanceof Expected.Answer.Refused(Errno errno) && !canSay.contains(errno)) {
        problem(
            wanted.at(),
            errno
                + " is no answer of "
                + revision.name()
                + "'s "
                + operation.word()
                + "; it can say: "
                + String.join(", ", canSay.stream().map(Errno::name).toList()));
      }
    }
  }

  /** The errnos that a conversion call of a revision can return. */
  private static TreeSet<Errno> sayings(Revision revision, Operation operation) {
    TreeSet<Errno> errnos = new TreeSet<>();
    revision.checks().stream().map(ArgumentCheck::errno).forEach(errnos::add);
    List<Act> acts = new ArrayList<>(revision.program(operation).acts());
    revision.find(Operation.AGREE_TO_PRIVATE).ifPresent(program -> acts.addAll(program.acts()));
    for (Act act : acts) {
      if (act instanceof Act.Preallocate(Errno fails)) {
        errnos.add(fails);
      } else if (act instanceof Act.CheckReferences check) {
        errnos.add(check.busy());
      } else if (act instanceof Act.CheckMappedOrPinned(Errno busy)) {
        errnos.add(busy);
      }
    }
    return errnos;
  }

  // What is expected of the whole run.

  private Optional<Expectation> wish(Wish wish, Optional<Revision> revision) {
    return switch (wish) {
      case Wish.Refused refused -> {
        Optional<PartyId> by = party(refused.by());
        Optional<PartyId> heldBy = refused.heldBy().flatMap(this::party);
        boolean whole = by.isPresent() && (refused.heldBy().isEmpty() || heldBy.isPresent());
        if (refused.at().isPresent()) {
          whole &= inMemory(refused.at().get().value(), refused.at().get().at());
        }
        if (revision.isPresent() && by.isPresent() && by.get().equals(Parties.GMEM)) {
          whole &= canRefuse(refused.errno(), revision.get());
        }
        yield whole
            ? Optional.of(
                new Expectation.Refused(
                    by.get(),
                    refused.errno().value(),
                    refused.at().map(page -> page.value().start()),
                    heldBy,
                    refused.by().at().line()))
            : Optional.empty();
      }
      case Wish.Finally(Map<Located<GfnRange>, View> views) -> {
        List<Expectation.Wanted> wanted = new ArrayList<>();
        int line = 0;
        for (var entry : views.entrySet()) {
          if (inMemory(entry.getKey().value(), entry.getKey().at())) {
            wanted.add(new Expectation.Wanted(entry.getKey().value(), entry.getValue()));
          }
          line = line == 0 ? entry.getKey().at().line() : line;
        }
        yield Optional.of(new Expectation.Finally(wanted, line));
      }
      case Wish.Breaks(String property) -> Optional.of(new Expectation.Breaks(property, 0));
    };
  }

  private boolean canRefuse(Located<Errno> errno, Revision revision) {
    TreeSet<Errno> canSay = sayings(revision, Operation.CONVERT_TO_PRIVATE);
    canSay.addAll(sayings(revision, Operation.CONVERT_TO_SHARED));
    canSay.addAll(List.of(Errno.EINVAL, Errno.EFAULT, Errno.ENOTTY));
    if (canSay.contains(errno.value())) {
      return true;
    }
    problem(
        errno.at(),
        errno.value()
            + " is no answer of "
            + revision.name()
            + "'s inode; it can say: "
            + String.join(", ", canSay.stream().map(Errno::name).toList()));
    return false;
  }
}
