package dev.faultline.world;

import dev.faultline.protocol.Decider;
import dev.faultline.protocol.Decision;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.Outcome;
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
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The states of all parties and the messages under way. A value: each step gives a new one. It
 * knows no step numbers and no message ids, so that situations that do not differ are equal.
 */
public final class World {

  private final WorldSetup setup;
  private final SortedMap<PartyId, Member<?, ?, ?>> members;
  private final SortedMap<Channel, List<Envelope>> channels;
  private final SortedMap<PartyId, ScriptState> scripts;
  private final SortedSet<PartyId> refusers;

  private World(
      WorldSetup setup,
      SortedMap<PartyId, Member<?, ?, ?>> members,
      SortedMap<Channel, List<Envelope>> channels,
      SortedMap<PartyId, ScriptState> scripts,
      SortedSet<PartyId> refusers) {
    this.setup = setup;
    this.members = members;
    this.channels = channels;
    this.scripts = scripts;
    this.refusers = refusers;
  }

  /** The world before its first step. */
  public static World start(WorldSetup setup) {
    TreeMap<PartyId, Member<?, ?, ?>> members = new TreeMap<>();
    Parties.of(setup).forEach((id, decider) -> members.put(id, member(decider)));
    TreeMap<PartyId, ScriptState> scripts = new TreeMap<>();
    setup.scripts().forEach(script -> scripts.put(script.party(), ScriptState.START));
    return new World(setup, members, new TreeMap<>(), scripts, new TreeSet<>());
  }

  private static <S, M extends Message, E extends Event> Member<?, ?, ?> member(
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
  public Object state(PartyId party) {
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
    return Collections.unmodifiableSortedMap(channels);
  }

  /** How far each script has come, by its party; parties without a script are left out. */
  public SortedMap<PartyId, ScriptState> scripts() {
    return Collections.unmodifiableSortedMap(scripts);
  }

  private Optional<Script> script(PartyId party) {
    return setup.scripts().stream().filter(script -> script.party().equals(party)).findFirst();
  }

  /** How a named line of a script ended, if it has. */
  public Optional<Result> result(String name) {
    for (Script script : setup.scripts()) {
      List<Result> results = scripts.get(script.party()).results();
      for (int line = 0; line < results.size(); line++) {
        if (script.lines().get(line).name().equals(name)) {
          return Optional.of(results.get(line));
        }
      }
    }
    return Optional.empty();
  }

  // What can happen.

  /** The steps that can be taken now, in a fixed order. */
  public List<Step> enabled() {
    List<Step> steps = new ArrayList<>();
    for (Channel channel : channels.keySet()) {
      alternatives(new Step.Deliver(channel, 0))
          .forEach(number -> steps.add(new Step.Deliver(channel, number)));
    }
    members.forEach(
        (party, member) -> {
          for (TaskId task : member.movable()) {
            alternatives(new Step.Advance(party, task, 0))
                .forEach(number -> steps.add(new Step.Advance(party, task, number)));
          }
        });
    for (Script script : setup.scripts()) {
      nextLine(script)
          .filter(line -> line.awaits().stream().allMatch(this::holds))
          .ifPresent(
              line ->
                  steps.add(
                      line.action() instanceof ScriptAction.Kill(PartyId victim)
                          ? new Step.Kill(victim, script.party())
                          : new Step.Tick(script.party())));
    }
    return steps;
  }

  /** Choices are there only where a scenario leaves something open. */
  private List<Integer> alternatives(Step step) {
    if (setup.open().isEmpty()) {
      return List.of(0);
    }
    List<Integer> numbers = new ArrayList<>();
    for (int number = 0; number < decisions(step).size(); number++) {
      numbers.add(number);
    }
    return numbers;
  }

  /** The line that a script starts next, unless one is under way or its party is dead. */
  public Optional<ScriptLine> nextLine(Script script) {
    ScriptState state = scripts.get(script.party());
    boolean over = state.running() || state.at() >= script.lines().size() || isDead(script.party());
    return over ? Optional.empty() : Optional.of(script.lines().get(state.at()));
  }

  /** Whether what a script waits for has come. */
  public boolean holds(Await await) {
    return switch (await) {
      case Await.Ended(String name) -> result(name).isPresent();
      case Await.Finished(PartyId party) ->
          script(party)
              .map(other -> scripts.get(party).at() >= other.lines().size() || isDead(party))
              .orElse(true);
      case Await.Refusal(PartyId by) -> refusers.contains(by);
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
        : member(party(step)).decide(stimulus.get(), taken(step));
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
      case Step.Kill(PartyId victim, PartyId _) -> victim;
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
    List<Envelope> waiting = channels.get(channel);
    if (waiting == null) {
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
    return step instanceof Step.Deliver(Channel channel, int _)
        ? taken(channel.to(), Optional.of(channel))
        : taken(party(step), Optional.empty());
  }

  private List<TaskId> taken(PartyId party, Optional<Channel> leaving) {
    SortedSet<TaskId> taken = new TreeSet<>();
    channels.forEach(
        (channel, envelopes) -> {
          boolean left = leaving.isPresent() && leaving.get().equals(channel);
          List<Envelope> under = left ? envelopes.subList(1, envelopes.size()) : envelopes;
          if (!under.isEmpty() && channel.from().party().equals(party)) {
            taken.add(channel.from().task());
          }
          if (channel.to().equals(party)) {
            under.forEach(envelope -> taken.add(envelope.to()));
          }
        });
    return List.copyOf(taken);
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
    TreeMap<Channel, List<Envelope>> nextChannels = new TreeMap<>(channels);
    TreeMap<PartyId, ScriptState> nextScripts = new TreeMap<>(scripts);
    switch (turn.step()) {
      case Step.Deliver(Channel channel, int _) -> take(nextChannels, channel);
      case Step.Advance _ -> {}
      case Step.Tick(PartyId party) ->
          nextScripts.put(
              party,
              turn.message().isPresent()
                  ? scripts.get(party).started()
                  : scripts.get(party).ended(Result.ok()));
      case Step.Kill(PartyId _, PartyId by) ->
          nextScripts.put(by, scripts.get(by).ended(Result.ok()));
    }
    for (Send send : decision.sends()) {
      if (send.message() instanceof ToScript.Answered(Result result)) {
        answered(nextScripts, turn.party(), result);
      } else {
        put(nextChannels, new Endpoint(turn.party(), send.from()), send);
      }
    }
    return new World(
        setup, nextMembers, nextChannels, nextScripts, refusers(turn.party(), decision));
  }

  /** The script whose line a party was at has its answer. */
  private void answered(TreeMap<PartyId, ScriptState> states, PartyId party, Result result) {
    for (Script script : setup.scripts()) {
      ScriptState state = states.get(script.party());
      if (state.running()) {
        ScriptLine line = script.lines().get(state.at());
        if (line.action().doneBy(script.party()).equals(party)) {
          states.put(script.party(), state.answered(line, result));
          return;
        }
      }
    }
  }

  private SortedSet<PartyId> refusers(PartyId party, Decision<?> decision) {
    if (!(decision.outcome() instanceof Outcome.Refused) || refusers.contains(party)) {
      return refusers;
    }
    TreeSet<PartyId> more = new TreeSet<>(refusers);
    more.add(party);
    return more;
  }

  private static void take(TreeMap<Channel, List<Envelope>> channels, Channel channel) {
    List<Envelope> waiting = Objects.requireNonNull(channels.get(channel));
    if (waiting.size() == 1) {
      channels.remove(channel);
    } else {
      channels.put(channel, List.copyOf(waiting.subList(1, waiting.size())));
    }
  }

  private void put(TreeMap<Channel, List<Envelope>> channels, Endpoint from, Send send) {
    Channel channel = new Channel(from, send.to().party());
    List<Envelope> waiting = new ArrayList<>(channels.getOrDefault(channel, List.of()));
    if (waiting.size() >= setup.channelBound()) {
      throw new ChannelFull(channel, setup.channelBound());
    }
    waiting.add(new Envelope(send.to().task(), send.message()));
    channels.put(channel, List.copyOf(waiting));
  }

  // Equality: by what the protocol can notice.

  @Override
  public boolean equals(Object other) {
    return other instanceof World world
        && states().equals(world.states())
        && channels.equals(world.channels)
        && scripts.equals(world.scripts)
        && refusers.equals(world.refusers);
  }

  @Override
  public int hashCode() {
    return Objects.hash(states(), channels, scripts, refusers);
  }

  private List<Object> states() {
    List<Object> states = new ArrayList<>();
    members.values().forEach(member -> states.add(member.state()));
    return states;
  }
}
