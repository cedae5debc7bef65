package dev.faultline.explore.world;

import dev.faultline.explore.Actor;
import dev.faultline.explore.Aspects;
import dev.faultline.explore.Eventually;
import dev.faultline.explore.Fairness;
import dev.faultline.explore.Model;
import dev.faultline.explore.Moves;
import dev.faultline.explore.Promise;
import dev.faultline.explore.Sight;
import dev.faultline.explore.Slot;
import dev.faultline.explore.Symmetry;
import dev.faultline.property.EveryRequestIsAnswered;
import dev.faultline.property.Properties;
import dev.faultline.property.Property;
import dev.faultline.protocol.KeptParts;
import dev.faultline.protocol.Part;
import dev.faultline.protocol.Tasks;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.world.Channel;
import dev.faultline.world.Script;
import dev.faultline.world.Turn;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A world as a model: its slots are the parts of the parties, the channels, the scripts, and what
 * properties remember; its actors are channels, tasks, scripts, and the deaths that a scenario
 * leaves open.
 */
public final class WorldModel implements Model {

  /** Why a step cannot be taken, once a channel is full; empty before. */
  static final Slot<String> FULL = new Slot<>("full channel", "", "");

  private final World start;
  private final PartSlots partSlots = new PartSlots();
  private final List<Property> properties;
  private final List<InTheEnd> inTheEnd;
  private final Early early;
  private final boolean named;
  private final SortedMap<String, Slot<Property.Memory>> memories = new TreeMap<>();

  /**
   * @param start the world before its first step
   * @param properties what has to be so after each step
   * @param named whether somebody asks for host users or lines of scripts by their names; then none
   *     is like another
   */
  public WorldModel(World start, List<Property> properties, boolean named) {
    this(start, properties, List.of(), named);
  }

  /** The same, with what has to come about besides that every request is answered. */
  public WorldModel(
      World start, List<Property> properties, List<InTheEnd> inTheEnd, boolean named) {
    this.named = named;
    this.early = new Early(start.setup());
    this.start = named ? start : start.forgetful();
    this.properties = List.copyOf(properties);
    this.inTheEnd = List.copyOf(inTheEnd);
    for (Property property : properties) {
      Property.Memory first = property.remember(start);
      if (first != Property.Memory.NOTHING) {
        memories.put(property.name(), new Slot<>("memory of " + property.name(), "", first));
      }
    }
  }

  PartSlots partSlots() {
    return partSlots;
  }

  List<Property> properties() {
    return properties;
  }

  /** Whether a turn is a step that need not be tried between all others. */
  boolean isEarly(Turn turn, List<String> changed) {
    return !named && early.is(turn, changed);
  }

  @Override
  public List<Symmetry> symmetries() {
    return named ? List.of() : new Likeness(start.setup(), partSlots).symmetries();
  }

  /** Where a property keeps what it remembers; only one that does has one. */
  Optional<Slot<Property.Memory>> memory(Property property) {
    return Optional.ofNullable(memories.get(property.name()));
  }

  @Override
  public List<Slot<?>> slots() {
    List<Slot<?>> slots = new ArrayList<>();
    for (PartyId party : start.parties()) {
      ((KeptParts) start.parts(party))
          .parts()
          .forEach(part -> slots.add(partSlots.of(Optional.of(party), part)));
    }
    slots.add(FULL);
    slots.addAll(memories.values());
    return slots;
  }

  @Override
  public void start(Moves.Change first) {
    for (PartyId party : start.parties()) {
      KeptParts parts = (KeptParts) start.parts(party);
      parts.parts().forEach(part -> set(first, parts, Optional.of(party), part));
    }
  }

  private <T> void set(Moves.Change first, KeptParts parts, Optional<PartyId> party, Part<T> part) {
    first.set(partSlots.of(party, part), parts.get(part));
  }

  @Override
  public List<Actor> actors(Collection<Slot<?>> known) {
    SortedSet<Channel> channels = new TreeSet<>();
    TreeMap<PartyId, SortedSet<TaskId>> tasks = new TreeMap<>();
    for (PartyId party : start.parties()) {
      tasks.put(party, new TreeSet<>(start.standing(party)));
    }
    for (Slot<?> slot : known) {
      if (slot.key() instanceof PartSlots.Place(Optional<PartyId> owner, Part<?> part)) {
        if (owner.isPresent()) {
          Tasks.id(part).ifPresent(id -> tasks.get(owner.get()).add(id));
        } else {
          World.channel(part).ifPresent(channels::add);
        }
      }
    }
    List<Actor> actors = new ArrayList<>();
    channels.forEach(channel -> actors.add(new StepActor.OfChannel(this, channel)));
    tasks.forEach(
        (party, ids) -> ids.forEach(id -> actors.add(new StepActor.OfTask(this, party, id))));
    for (Script script : start.setup().scripts()) {
      actors.add(new StepActor.OfScript(this, script));
    }
    for (PartyId victim : start.setup().mortals()) {
      actors.add(new StepActor.OfDeath(this, victim));
    }
    return actors;
  }

  /** The world that a sight shows. */
  public World world(Sight sight) {
    return start.with(
        party -> WatchedParts.of(sight, partSlots, Optional.of(party)),
        WatchedParts.of(sight, partSlots, Optional.empty()));
  }

  @Override
  public List<Promise> promises() {
    List<Promise> promises = new ArrayList<>();
    properties.forEach(property -> promises.add(new PropertyPromise(this, property)));
    promises.add(new NoChannelIsFull());
    return promises;
  }

  /** What coverage counts of it. */
  public Aspects aspects() {
    return new WorldAspects(this, start);
  }

  @Override
  public List<Eventually> eventually() {
    List<Eventually> all = new ArrayList<>();
    all.add(
        eventually(
            new InTheEnd(Properties.EVENTUALLY, Optional.empty(), EveryRequestIsAnswered::holds)));
    inTheEnd.forEach(promise -> all.add(eventually(promise)));
    return all;
  }

  private Eventually eventually(InTheEnd promise) {
    return new Eventually(
        promise.property(),
        promise.from().map(from -> sight -> from.test(world(sight))),
        sight -> promise.to().test(world(sight)),
        this::waiting);
  }

  @Override
  public Fairness fairness() {
    return WorldFairness.KERNEL;
  }

  @Override
  public List<String> waiting(Sight sight) {
    return EveryRequestIsAnswered.unanswered(world(sight));
  }

  @Override
  public String answered() {
    return Properties.EVENTUALLY;
  }
}
