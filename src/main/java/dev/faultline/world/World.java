package dev.faultline.world;

import dev.faultline.protocol.Decider;
import dev.faultline.protocol.Decision;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.Family;
import dev.faultline.protocol.KeptParts;
import dev.faultline.protocol.Outcome;
import dev.faultline.protocol.Part;
import dev.faultline.protocol.Parts;
import dev.faultline.protocol.PartyState;
import dev.faultline.protocol.Send;
import dev.faultline.protocol.Stimulus;
import dev.faultline.protocol.gmem.GmemState;
import dev.faultline.protocol.hostio.HostIoState;
import dev.faultline.protocol.iommu.IommuState;
import dev.faultline.protocol.kvm.KvmState;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.ToScript;
import dev.faultline.protocol.vmm.VmmState;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * The states of all parties and the messages under way. A value: each step gives a new one. It
 * knows no step numbers and no message ids, so that situations that do not differ are equal.
 */
public final class World {

  /** The messages under way on a channel, the oldest first. */
  private static final Family<Channel, List<Envelope>> CHANNELS =
      new Family<>("channel", List.of(), Channel::toString);

  /** How far the script of a party has come. */
  private static final Family<PartyId, ScriptState> SCRIPTS =
      new Family<>("script", ScriptState.START, PartyId::name);

  /** Whether a party has refused something. */
  private static final Family<PartyId, Boolean> REFUSERS =
      new Family<>("refuser", false, PartyId::name);

  private final WorldSetup setup;
  private final SortedMap<PartyId, Member<?, ?, ?>> members;
  private final Parts between;
  private final boolean forgetful;

  /**
   * @param between what is no party's own: messages under way, scripts
   * @param forgetful whether a refusal is remembered only where a script waits for it
   */
  private World(
      WorldSetup setup,
      SortedMap<PartyId, Member<?, ?, ?>> members,
      Parts between,
      boolean forgetful) {
    this.forgetful = forgetful;
    this.setup = setup;
    this.members = members;
    this.between = between;
  }

  /** The world before its first step. */
  public static World start(WorldSetup setup) {
    TreeMap<PartyId, Member<?, ?, ?>> members = new TreeMap<>();
    Parties.of(setup).forEach((id, decider) -> members.put(id, member(decider)));
    return new World(setup, members, KeptParts.EMPTY, false);
  }

  /** The same world, which from now on remembers a refusal only where a script waits for it. */
  public World forgetful() {
    return new World(setup, members, between, true);
  }

  /**
   * A world of the same setup that consists of other parts.
   *
   * @param own the parts of a party
   * @param between the parts that are no party's own
   */
  public World with(Function<PartyId, Parts> own, Parts between) {
    TreeMap<PartyId, Member<?, ?, ?>> others = new TreeMap<>();
    members.forEach((id, member) -> others.put(id, member.with(own.apply(id))));
    return new World(setup, others, between, forgetful);
  }

  /** The parts of a party. */
  public Parts parts(PartyId party) {
    return member(party).state().parts();
  }

  /** The parts that are no party's own: messages under way, scripts. */
  public Parts between() {
    return between;
  }

  /** The tasks of a party that are no part of its state, and move when the rest calls for them. */
  public List<TaskId> standing(PartyId party) {
    return member(party).standing();
  }

  /** The channel whose messages a part of {@link #between} holds, if it is such a part. */
  public static Optional<Channel> channel(Part<?> part) {
    return part.family() == CHANNELS ? Optional.of((Channel) part.key()) : Optional.empty();
  }

  private static <S extends PartyState, M extends Message, E extends Event> Member<?, ?, ?> member(
      Decider<S, M, E> decider) {
    return Member.start(decider);
  }

  // What there is.

  /** What it was made from; the same in every world of a run. */
  public WorldSetup setup() {
    return setup;
  }

  /** All parties, in order. */
  public List<PartyId> parties() {
    return List.copyOf(members.keySet());
  }

  /**
   * The state of a party; each kind has a class of its own.
   *
   * @throws IllegalArgumentException if the setup has no such party
   */
  public PartyState state(PartyId party) {
    Member<?, ?, ?> member = members.get(party);
    if (member == null) {
      throw new IllegalArgumentException("there is no party " + party);
    }
    return member.state();
  }

  /** The state of the gmem inode. */
  public GmemState gmem() {
    return (GmemState) state(Parties.GMEM);
  }

  /** The state of KVM. */
  public KvmState kvm() {
    return (KvmState) state(Parties.KVM);
  }

  /** The state of the VMM. */
  public VmmState vmm() {
    return (VmmState) state(Parties.VMM);
  }

  /** The state of the IOMMU. */
  public IommuState iommu() {
    return (IommuState) state(Parties.IOMMU);
  }

  /**
   * The state of a host user.
   *
   * @throws IllegalArgumentException if the setup has no such party
   * @throws ClassCastException if it is no host user
   */
  public HostIoState hostIo(PartyId user) {
    return (HostIoState) state(user);
  }

  /** The messages under way on each channel, the oldest first; a channel with none is left out. */
  public SortedMap<Channel, List<Envelope>> channels() {
    TreeMap<Channel, List<Envelope>> channels = new TreeMap<>();
    between.keys(CHANNELS).forEach(channel -> channels.put(channel, underWay(channel)));
    return channels;
  }

  /** The messages under way on a channel, the oldest first. */
  public List<Envelope> underWay(Channel channel) {
    return between.get(CHANNELS.of(channel));
  }

  /** How far each script has come, by its party; parties without a script are left out. */
  public SortedMap<PartyId, ScriptState> scripts() {
    TreeMap<PartyId, ScriptState> scripts = new TreeMap<>();
    setup.scripts().forEach(script -> scripts.put(script.party(), progress(script.party())));
    return scripts;
  }

  /** How far the script of a party has come; of one without a script, nowhere. */
  public ScriptState progress(PartyId party) {
    return between.get(SCRIPTS.of(party));
  }

  private Optional<Script> script(PartyId party) {
    return setup.scripts().stream().filter(script -> script.party().equals(party)).findFirst();
  }

  /** How a named line of a script ended, if it has. */
  public Optional<Result> result(String name) {
    for (Script script : setup.scripts()) {
      for (int line = 0; line < script.lines().size(); line++) {
        if (script.lines().get(line).name().equals(name)) {
          return result(script.party(), line);
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Result> result(PartyId party, int line) {
    return between.look(
        SCRIPTS.of(party),
        state ->
            line < state.results().size()
                ? Optional.of(state.results().get(line))
                : Optional.empty());
  }

  /**
   * Whether a named line has ended. Where processes may die at any moment, no author could say what
   * comes then: of a dead one all lines have ended, also those that never began.
   */
  private boolean hasEnded(String name) {
    for (Script script : setup.scripts()) {
      for (int line = 0; line < script.lines().size(); line++) {
        if (script.lines().get(line).name().equals(name)) {
          return isBeyond(script.party(), line)
              || !setup.mortals().isEmpty() && isDead(script.party());
        }
      }
    }
    return false;
  }

  /** Whether a script has ended a line. */
  private boolean isBeyond(PartyId party, int line) {
    return between.look(SCRIPTS.of(party), state -> state.at() > line);
  }

  // What can happen.

  /** The steps that can be taken now, in a fixed order. */
  public List<Step> enabled() {
    List<Step> steps = new ArrayList<>();
    for (Channel channel : between.keys(CHANNELS).stream().sorted().toList()) {
      steps.addAll(deliveries(channel));
    }
    members.forEach(
        (party, member) -> member.movable().forEach(task -> steps.addAll(advances(party, task))));
    for (Script script : setup.scripts()) {
      steps.addAll(ticks(script));
    }
    if (!steps.isEmpty()) {
      setup.mortals().stream()
          .filter(victim -> !isDead(victim))
          .map(World::death)
          .forEach(steps::add);
    }
    return steps;
  }

  /** The ways in which the oldest message of a channel can be delivered; none if it is empty. */
  public List<Step> deliveries(Channel channel) {
    return underWay(channel).isEmpty()
        ? List.of()
        : alternatives(number -> new Step.Deliver(channel, number));
  }

  /** The ways in which a task can take its next step; none if it cannot move. */
  public List<Step> advances(PartyId party, TaskId task) {
    return member(party).canMove(task)
        ? alternatives(number -> new Step.Advance(party, task, number))
        : List.of();
  }

  /** The step that starts the next line of a script; none if it has to wait or has ended. */
  public List<Step> ticks(Script script) {
    return nextLine(script)
        .filter(line -> line.awaits().stream().allMatch(this::holds))
        .<Step>map(
            line ->
                line.action() instanceof ScriptAction.Kill(PartyId victim)
                    ? new Step.Kill(victim, Optional.of(script.party()))
                    : new Step.Tick(script.party()))
        .stream()
        .toList();
  }

  /**
   * The step with which a process dies by nobody's script; none if it is dead, or nothing else can
   * happen. The scenario has to leave that open.
   *
   * <p>Model: where nothing can happen any more nobody dies, though in a kernel he could; what he
   * held goes then as it goes a moment before, and nothing is left for it to race. And what a dying
   * thread is at in the kernel goes on beside its exit; in do_exit, one comes after the other.
   */
  public List<Step> deaths(PartyId victim) {
    return isDead(victim) || !goesOn() ? List.of() : List.of(death(victim));
  }

  private static Step death(PartyId victim) {
    return new Step.Kill(victim, Optional.empty());
  }

  /** Whether something can happen, other than that a process dies by nobody's script. */
  private boolean goesOn() {
    // A message that is under way is mostly enough, and then nothing else has been read.
    return between.hasAny(CHANNELS)
        || members.values().stream().anyMatch(member -> !member.movable().isEmpty())
        || setup.scripts().stream().anyMatch(script -> !ticks(script).isEmpty());
  }

  /** Choices are there only where a scenario leaves something open. */
  private List<Step> alternatives(IntFunction<Step> step) {
    if (!setup.hasChoices()) {
      return List.of(step.apply(0));
    }
    List<Step> steps = new ArrayList<>();
    int count = decisions(step.apply(0)).size();
    for (int number = 0; number < count; number++) {
      steps.add(step.apply(number));
    }
    return steps;
  }

  /** The line that a script starts next, unless one is under way or its party is dead. */
  public Optional<ScriptLine> nextLine(Script script) {
    ScriptState state = progress(script.party());
    boolean over = state.running() || state.at() >= script.lines().size() || isDead(script.party());
    return over ? Optional.empty() : Optional.of(script.lines().get(state.at()));
  }

  /** Whether what a script waits for has come. */
  public boolean holds(Await await) {
    return switch (await) {
      case Await.Ended(String name) -> hasEnded(name);
      case Await.Finished(PartyId party) ->
          script(party)
              .map(other -> isBeyond(party, other.lines().size() - 1) || isDead(party))
              .orElse(true);
      case Await.Refusal(PartyId by) -> between.get(REFUSERS.of(by));
    };
  }

  /** Whether the process of a party is dead. */
  public boolean isDead(PartyId party) {
    return switch (party.kind()) {
      case VMM -> ((VmmState) state(party)).dead();
      case HOST_IO -> ((HostIoState) state(party)).dead();
      case GUEST, KVM, GMEM, ANCHOR, HOST_MEMORY, IOMMU -> false;
    };
  }

  // What happens.

  /**
   * What the party concerned decides about a step.
   *
   * @param step one of those that are enabled; another may throw
   */
  public Turn decide(Step step) {
    return turn(step, decisions(step));
  }

  private Turn turn(Step step, List<? extends Decision<?>> decisions) {
    Optional<Message> message =
        stimulus(step)
            .flatMap(
                stimulus ->
                    stimulus instanceof Stimulus.Delivered<?> delivered
                        ? Optional.of(delivered.message())
                        : Optional.empty());
    return new Turn(step, party(step), message, decisions.get(step.alternative()));
  }

  private List<? extends Decision<?>> decisions(Step step) {
    Optional<Stimulus<?>> stimulus = stimulus(step);
    return stimulus.isEmpty()
        ? List.of(new Decision<>(List.of(), List.of(), new Outcome.Done()))
        : member(party(step)).decide(stimulus.get(), id -> isTaken(step, id));
  }

  private PartyId party(Step step) {
    return switch (step) {
      case Step.Deliver(Channel channel, int _) -> channel.to();
      case Step.Advance(PartyId party, TaskId _, int _) -> party;
      case Step.Tick(PartyId party) ->
          script(party)
              .flatMap(this::nextLine)
              .map(line -> line.action().doneBy(party))
              .orElse(party);
      case Step.Kill(PartyId victim, Optional<PartyId> _) -> victim;
    };
  }

  /** What a step lets its party know; nothing for a line of a script that only waits. */
  public Optional<Stimulus<?>> stimulus(Step step) {
    return switch (step) {
      case Step.Deliver(Channel channel, int _) -> {
        Envelope head = head(channel);
        yield Optional.of(new Stimulus.Delivered<>(channel.from(), head.to(), head.message()));
      }
      case Step.Advance(PartyId _, TaskId task, int _) ->
          Optional.of(new Stimulus.Advanced<>(task));
      case Step.Tick(PartyId party) ->
          told(party)
              .map(
                  message ->
                      new Stimulus.Delivered<>(Endpoint.of(party(step)), TaskId.NONE, message));
      case Step.Kill _ -> Optional.of(new Stimulus.Killed<>());
    };
  }

  private Member<?, ?, ?> member(PartyId party) {
    return Objects.requireNonNull(members.get(party), () -> "there is no party " + party);
  }

  private Envelope head(Channel channel) {
    List<Envelope> waiting = underWay(channel);
    if (waiting.isEmpty()) {
      throw new IllegalArgumentException("nothing is under way on " + channel);
    }
    return waiting.getFirst();
  }

  /** What the script of a party tells it next; nothing for a line that only waits. */
  private Optional<Message> told(PartyId party) {
    return script(party).flatMap(this::nextLine).flatMap(line -> line.action().told());
  }

  /**
   * The task numbers of a step's party that messages under way name, as sender or as receiver. A
   * message that the step delivers is under way no more.
   */
  public List<TaskId> taken(Step step) {
    SortedSet<TaskId> named = new TreeSet<>();
    PartyId party = party(step);
    for (Channel channel : between.keys(CHANNELS)) {
      if (channel.from().party().equals(party)) {
        named.add(channel.from().task());
      }
      if (channel.to().equals(party)) {
        underWay(channel).forEach(envelope -> named.add(envelope.to()));
      }
    }
    return named.stream().filter(id -> isTaken(step, id)).toList();
  }

  /** Whether messages under way, but for one that the step delivers, name a task of its party. */
  private boolean isTaken(Step step, TaskId id) {
    PartyId party = party(step);
    Endpoint task = new Endpoint(party, id);
    for (Channel channel :
        between.keys(CHANNELS, key -> key.from().equals(task) || key.to().equals(party))) {
      int leaving = step instanceof Step.Deliver(Channel of, int _) && of.equals(channel) ? 1 : 0;
      boolean isFrom = channel.from().equals(task);
      boolean isNamed =
          between.look(
              CHANNELS.of(channel),
              waiting ->
                  isFrom
                      ? waiting.size() > leaving
                      : waiting.stream()
                          .skip(leaving)
                          .anyMatch(envelope -> envelope.to().equals(id)));
      if (isNamed) {
        return true;
      }
    }
    return false;
  }

  /**
   * Takes a step.
   *
   * @throws ChannelFull if a message finds no room
   */
  public World step(Step step) {
    return apply(decide(step));
  }

  /**
   * The world after a turn, as decided now or read from a journal.
   *
   * @throws ChannelFull if a message finds no room
   */
  public World apply(Turn turn) {
    Decision<?> decision = turn.decision();
    TreeMap<PartyId, Member<?, ?, ?>> nextMembers = new TreeMap<>(members);
    nextMembers.put(turn.party(), member(turn.party()).evolve(decision.events()));
    Parts next = between;
    switch (turn.step()) {
      case Step.Deliver(Channel channel, int _) -> next = take(next, channel);
      case Step.Advance _ -> {}
      case Step.Tick(PartyId party) -> {
        ScriptState script = progress(party);
        next =
            next.with(
                SCRIPTS.of(party),
                turn.message().isPresent() ? script.started() : script.ended(Result.ok()));
      }
      case Step.Kill(PartyId _, Optional<PartyId> by) -> {
        if (by.isPresent()) {
          next = next.with(SCRIPTS.of(by.get()), progress(by.get()).ended(Result.ok()));
        }
      }
    }
    for (Send send : decision.sends()) {
      if (send.message() instanceof ToScript.Answered(Result result)) {
        next = answered(next, turn.party(), result);
      } else {
        next = put(next, new Endpoint(turn.party(), send.from()), send);
      }
    }
    if (decision.outcome() instanceof Outcome.Refused && (!forgetful || isAwaited(turn.party()))) {
      next = next.with(REFUSERS.of(turn.party()), true);
    }
    return new World(setup, nextMembers, next, forgetful);
  }

  /** The script whose line a party was at has its answer. */
  private Parts answered(Parts between, PartyId party, Result result) {
    for (Script script : setup.scripts()) {
      if (script.lines().stream().anyMatch(line -> isDoneBy(script, line, party))) {
        ScriptState state = between.get(SCRIPTS.of(script.party()));
        if (state.running() && isDoneBy(script, script.lines().get(state.at()), party)) {
          ScriptLine line = script.lines().get(state.at());
          return between.with(SCRIPTS.of(script.party()), state.answered(line, result));
        }
      }
    }
    return between;
  }

  private static boolean isDoneBy(Script script, ScriptLine line, PartyId party) {
    return line.action().doneBy(script.party()).equals(party);
  }

  /** Whether a script waits for a refusal by a party. */
  private boolean isAwaited(PartyId party) {
    return setup.scripts().stream()
        .flatMap(script -> script.lines().stream())
        .anyMatch(line -> line.awaits().contains(new Await.Refusal(party)));
  }

  private static Parts take(Parts between, Channel channel) {
    List<Envelope> waiting = between.get(CHANNELS.of(channel));
    return between.with(CHANNELS.of(channel), List.copyOf(waiting.subList(1, waiting.size())));
  }

  private Parts put(Parts between, Endpoint from, Send send) {
    Channel channel = new Channel(from, send.to().party());
    List<Envelope> waiting = new ArrayList<>(between.get(CHANNELS.of(channel)));
    if (waiting.size() >= setup.channelBound()) {
      throw new ChannelFull(channel, setup.channelBound());
    }
    waiting.add(new Envelope(send.to().task(), send.message()));
    return between.with(CHANNELS.of(channel), List.copyOf(waiting));
  }

  // Equality: by what the protocol can notice.

  @Override
  public boolean equals(Object other) {
    return other instanceof World world
        && states().equals(world.states())
        && between.equals(world.between);
  }

  @Override
  public int hashCode() {
    return Objects.hash(states(), between);
  }

  private List<Object> states() {
    List<Object> states = new ArrayList<>();
    members.values().forEach(member -> states.add(member.state()));
    return states;
  }
}
