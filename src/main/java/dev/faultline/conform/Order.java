package dev.faultline.conform;

import dev.faultline.protocol.message.KvmToVmm;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.Result;
import dev.faultline.world.Agenda;
import dev.faultline.world.ChannelFull;
import dev.faultline.world.Enabled;
import dev.faultline.world.Schedule;
import dev.faultline.world.Script;
import dev.faultline.world.ScriptAction;
import dev.faultline.world.ScriptLine;
import dev.faultline.world.ScriptState;
import dev.faultline.world.Step;
import dev.faultline.world.Turn;
import dev.faultline.world.World;
import dev.faultline.world.WorldSetup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The one order in which the lines of a world's scripts can happen: each ends, and all that follows
 * from it, before the only one that can be next.
 */
final class Order {

  /** More steps than the lines of any scenario take that ends. */
  private static final int STEPS = 100_000;

  /** A line of a script that has ended. */
  record Done(PartyId party, ScriptLine line, Result result) {}

  private record Started(Script script, ScriptLine line) {}

  private final WorldSetup setup;
  private final List<Done> done = new ArrayList<>();
  private World world;
  private Agenda agenda;
  private Optional<Started> under = Optional.empty();

  private Order(WorldSetup setup) {
    this.setup = setup;
    this.world = World.start(setup);
    this.agenda = Agenda.start(world);
  }

  /**
   * The lines in their order, those that only wait left out.
   *
   * @throws Unwritable if another order is possible, or a line never starts or never ends
   */
  static List<Done> of(WorldSetup setup) throws Unwritable {
    Order order = new Order(setup);
    for (int step = 0; step < STEPS; step++) {
      if (!order.step()) {
        return order.done;
      }
    }
    throw Unwritable.at(
        order.under.map(started -> started.line().line()).orElse(0),
        "it does not end within %,d steps".formatted(STEPS));
  }

  /** Takes a step; false if there is none. */
  private boolean step() throws Unwritable {
    List<Started> next = new ArrayList<>();
    List<Enabled> inner = new ArrayList<>();
    for (Enabled enabled : agenda.enabled()) {
      Optional<Started> line = line(enabled.step());
      if (line.isPresent() && !(line.get().line().action() instanceof ScriptAction.Wait)) {
        next.add(line.get());
      } else {
        inner.add(enabled);
      }
    }
    if (under.isPresent() && !next.isEmpty()) {
      throw sideBySide(under.get(), next.getFirst());
    }
    if (next.size() > 1) {
      throw sideBySide(next.getFirst(), next.get(1));
    }
    if (!inner.isEmpty()) {
      int picked = new Schedule.Fifo().pick(agenda.step() + 1, inner).orElseThrow();
      take(inner.get(picked).step());
      return true;
    }
    if (under.isPresent()) {
      throw Unwritable.at(under.get().line().line(), "it never ends");
    }
    if (next.isEmpty()) {
      refuseLeftOver();
      return false;
    }
    under = Optional.of(next.getFirst());
    take(new Step.Tick(next.getFirst().script().party()));
    return true;
  }

  /** The line that a step starts. */
  private Optional<Started> line(Step step) {
    Optional<PartyId> party =
        switch (step) {
          case Step.Tick(PartyId whose) -> Optional.of(whose);
          case Step.Kill(PartyId _, Optional<PartyId> by) -> by;
          case Step.Deliver _, Step.Advance _ -> Optional.empty();
        };
    for (Script script : setup.scripts()) {
      if (party.equals(Optional.of(script.party()))) {
        return world.nextLine(script).map(line -> new Started(script, line));
      }
    }
    return Optional.empty();
  }

  private void take(Step step) throws Unwritable {
    Turn turn = world.decide(step);
    if (under.isPresent() && turn.message().orElse(null) instanceof KvmToVmm) {
      throw Unwritable.at(
          under.get().line().line(),
          "KVM_RUN comes back to the VMM, which acts on it; in a trace it does nothing of its own");
    }
    try {
      world = world.apply(turn);
    } catch (ChannelFull full) {
      throw Unwritable.at(
          under.map(it -> it.line().line()).orElse(0), String.valueOf(full.getMessage()));
    }
    agenda = agenda.next(turn, world);
    if (under.isPresent()) {
      ScriptState state = world.scripts().get(under.get().script().party());
      if (!state.running()) {
        done.add(
            new Done(under.get().script().party(), under.get().line(), state.results().getLast()));
        under = Optional.empty();
      }
    }
  }

  private static Unwritable sideBySide(Started first, Started second) {
    return Unwritable.at(
        second.line().line(),
        "it can start before line %d of %s has ended; a trace has one order: let it await that"
            .formatted(first.line().line(), first.script().party()));
  }

  private void refuseLeftOver() throws Unwritable {
    for (Script script : setup.scripts()) {
      Optional<ScriptLine> left = world.nextLine(script);
      if (left.isPresent()) {
        throw Unwritable.at(left.get().line(), "it waits for what never comes" + dead());
      }
    }
  }

  /** Whose process is dead then. */
  private String dead() {
    return setup.scripts().stream()
        .map(Script::party)
        .filter(world::isDead)
        .findFirst()
        .map(party -> ": " + party + " has died before")
        .orElse("");
  }
}
