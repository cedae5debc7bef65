package dev.faultline.explore.world;

import dev.faultline.explore.Actor;
import dev.faultline.explore.Moves;
import dev.faultline.explore.Sight;
import dev.faultline.explore.Slot;
import dev.faultline.property.Property;
import dev.faultline.protocol.Part;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.world.Channel;
import dev.faultline.world.ChannelFull;
import dev.faultline.world.Script;
import dev.faultline.world.Step;
import dev.faultline.world.Turn;
import dev.faultline.world.World;
import java.util.List;
import java.util.Optional;

/** Takes the steps of a world that begin in one place. */
sealed interface StepActor extends Actor {

  WorldModel model();

  /** The steps that it can take. */
  List<Step> steps(World world);

  @Override
  default void act(Sight sight, Moves moves) {
    World world = model().world(sight);
    for (Step step : steps(world)) {
      Turn turn = world.decide(step);
      Moves.Change change = moves.to(step);
      try {
        World after = world.apply(turn);
        put(change, after, Optional.of(turn.party()));
        put(change, after, Optional.empty());
        boolean seen = remember(sight, change, turn, world, after);
        if (!seen && model().isEarly(turn, changed(after, turn.party()))) {
          change.commutes();
        }
      } catch (ChannelFull full) {
        change.set(WorldModel.FULL, full.getMessage());
      }
    }
  }

  private static List<String> changed(World after, PartyId party) {
    return ((WatchedParts) after.parts(party))
        .changed().keySet().stream().map(part -> part.family().name()).toList();
  }

  /** Lets properties remember a turn; whether one has something new to remember. */
  private boolean remember(Sight sight, Moves.Change change, Turn turn, World before, World after) {
    boolean seen = false;
    for (Property property : model().properties()) {
      Optional<Slot<Property.Memory>> memory = model().memory(property);
      if (memory.isPresent()) {
        Property.Memory was = sight.get(memory.get());
        Property.Memory is = property.remember(was, turn, before, after);
        if (!is.equals(was)) {
          change.set(memory.get(), is);
          seen = true;
        }
      }
    }
    return seen;
  }

  private void put(Moves.Change change, World after, Optional<PartyId> owner) {
    WatchedParts parts =
        (WatchedParts) (owner.isPresent() ? after.parts(owner.get()) : after.between());
    parts.changed().forEach((part, value) -> set(change, owner, part, value));
  }

  @SuppressWarnings("unchecked") // the value of a Part<T> is a T
  private <T> void set(Moves.Change change, Optional<PartyId> owner, Part<T> part, Object value) {
    change.set(model().partSlots().of(owner, part), (T) value);
  }

  /** Delivers the oldest message of a channel. */
  record OfChannel(WorldModel model, Channel channel) implements StepActor {
    @Override
    public String party() {
      return channel.to().name();
    }

    @Override
    public String thread(Sight sight) {
      return Threads.of(model.world(sight), channel);
    }

    @Override
    public List<Step> steps(World world) {
      return world.deliveries(channel);
    }

    @Override
    public String toString() {
      return channel.toString();
    }
  }

  /** Advances a task. */
  record OfTask(WorldModel model, PartyId owner, TaskId task) implements StepActor {
    @Override
    public String party() {
      return owner.name();
    }

    @Override
    public String thread(Sight sight) {
      return Threads.of(model.world(sight), owner, task);
    }

    @Override
    public List<Step> steps(World world) {
      return world.advances(owner, task);
    }

    @Override
    public String toString() {
      return owner + " task " + task;
    }
  }

  /** Starts the next line of a script. */
  record OfScript(WorldModel model, Script script) implements StepActor {
    @Override
    public String party() {
      return script.party().name();
    }

    @Override
    public List<Step> steps(World world) {
      return world.ticks(script);
    }

    @Override
    public String toString() {
      return "script of " + script.party();
    }
  }

  /** Lets a process die by nobody's script. */
  record OfDeath(WorldModel model, PartyId victim) implements StepActor {
    @Override
    public String party() {
      return victim.name();
    }

    @Override
    public String thread(Sight sight) {
      return toString(); // not the victim's: it comes when it comes
    }

    @Override
    public boolean isSeldom() {
      return true;
    }

    @Override
    public List<Step> steps(World world) {
      return world.deaths(victim);
    }

    @Override
    public String toString() {
      return "death of " + victim;
    }
  }
}
