package dev.faultline.scenario;

import dev.faultline.property.EveryRequestIsAnswered;
import dev.faultline.property.Properties;
import dev.faultline.protocol.Chance;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.world.Channel;
import dev.faultline.world.Enabled;
import dev.faultline.world.Schedule;
import dev.faultline.world.Script;
import dev.faultline.world.ScriptLine;
import dev.faultline.world.ScriptState;
import dev.faultline.world.Step;
import dev.faultline.world.StepText;
import dev.faultline.world.World;
import dev.faultline.world.WorldSetup;
import java.util.List;
import java.util.Optional;

/** Whether a run of recorded steps came to its end, and to the end that it is to show. */
final class RecordedEnd {

  /** So many steps that could be taken instead are named. */
  private static final int NAMED = 8;

  private RecordedEnd() {}

  /** Why the recorded step that is next cannot be taken; empty if it can, or there is none. */
  static Optional<String> impossible(Run run) {
    if (!(run.schedule() instanceof Schedule.Recorded recorded)) {
      return Optional.empty();
    }
    long number = run.agenda().step() + 1;
    Optional<Step> step = recorded.step(number);
    if (step.isEmpty() || run.next().isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        run.where(run.scenario().recorded().get((int) number - 1).line())
            + "step "
            + number
            + " cannot be taken: "
            + StepText.of(step.get())
            + ": "
            + reason(run, step.get())
            + "; "
            + instead(run));
  }

  private static String reason(Run run, Step step) {
    return switch (step) {
      case Step.Deliver(Channel channel, int _) ->
          run.world().channels().containsKey(channel)
              ? noAlternative(run, new Step.Deliver(channel, 0), step)
              : "nothing is under way from " + channel.from() + " to " + channel.to();
      case Step.Advance(PartyId party, TaskId task, int _) -> {
        Step first = new Step.Advance(party, task, 0);
        yield isEnabled(run, first)
            ? noAlternative(run, first, step)
            : party + " has no task " + task + " that can move";
      }
      case Step.Tick(PartyId party) -> script(run, party, step);
      case Step.Kill(PartyId victim, Optional<PartyId> by) ->
          by.map(whose -> script(run, whose, step)).orElseGet(() -> death(run, victim));
    };
  }

  private static boolean isEnabled(Run run, Step step) {
    return run.agenda().enabled().stream().anyMatch(known -> known.step().equals(step));
  }

  /** A step whose alternatives are 0..n, and another one was asked for. */
  private static String noAlternative(Run run, Step first, Step step) {
    int count = 0;
    for (Enabled enabled : run.agenda().enabled()) {
      count += withoutAlternative(enabled.step()).equals(first) ? 1 : 0;
    }
    return count == 1
        ? "there is no choice, and so no alternative " + step.alternative()
        : "its alternatives are 0 to " + (count - 1);
  }

  private static Step withoutAlternative(Step step) {
    return switch (step) {
      case Step.Deliver(Channel channel, int _) -> new Step.Deliver(channel, 0);
      case Step.Advance(PartyId party, TaskId task, int _) -> new Step.Advance(party, task, 0);
      case Step.Tick _, Step.Kill _ -> step;
    };
  }

  private static String script(Run run, PartyId party, Step step) {
    Optional<Script> found =
        run.scenario().setup().scripts().stream()
            .filter(script -> script.party().equals(party))
            .findFirst();
    if (found.isEmpty()) {
      return party + " has no script";
    }
    Script script = found.get();
    ScriptState state = run.world().scripts().get(party);
    if (state.running()) {
      return party + "'s " + script.lines().get(state.at()).name() + " is not answered yet";
    }
    Optional<ScriptLine> next = run.world().nextLine(script);
    if (next.isEmpty()) {
      return run.world().isDead(party) ? party + " is dead" : party + "'s script has ended";
    }
    boolean waits = !next.get().awaits().stream().allMatch(run.world()::holds);
    return party
        + "'s "
        + next.get().name()
        + (waits
            ? " still waits"
            : step instanceof Step.Kill ? " kills nobody, or another" : " is a kill");
  }

  /** Why a process does not die by nobody's script. */
  private static String death(Run run, PartyId victim) {
    WorldSetup setup = run.scenario().setup();
    if (setup.mortals().contains(victim)) {
      return run.world().isDead(victim) ? victim + " is dead" : "nothing else can happen any more";
    }
    Optional<Chance> chance = setup.deathOf(victim);
    return "nobody's script says so, and "
        + chance
            .map(each -> "\"open: [" + each.word() + "]\" does not leave it open")
            .orElse("it is no process that dies of itself");
  }

  private static String instead(Run run) {
    List<String> steps =
        run.agenda().enabled().stream().map(known -> StepText.of(known.step())).toList();
    if (steps.isEmpty()) {
      return "nothing can move";
    }
    int more = steps.size() - NAMED;
    // A step may have a comma in it.
    return "what can be taken: "
        + String.join(" | ", steps.subList(0, Math.min(NAMED, steps.size())))
        + (more > 0 ? " | and " + more + " more" : "");
  }

  // What is expected of the end.

  /** How a promise that was to break did otherwise; empty if it broke when it was to. */
  static Optional<String> otherBreak(Run run, Expectation.Breaks breaks) {
    String property = breaks.property();
    if (property.equals(Properties.EVENTUALLY)) {
      boolean broke =
          (run.isAtRest() || loops(run))
              && !EveryRequestIsAnswered.unanswered(run.world()).isEmpty();
      return broke ? Optional.empty() : Optional.of(property + " was to break, and held");
    }
    if (run.notReached().stream().anyMatch(promise -> promise.name().equals(property))) {
      return Optional.empty();
    }
    Optional<Long> first = Optional.ofNullable(run.firstBroken().get(property));
    if (first.isEmpty()) {
      return Optional.of(property + " was to break, and held");
    }
    if (!(run.schedule() instanceof Schedule.Recorded recorded)) {
      return Optional.empty();
    }
    long wanted = breaks.atStep().orElse((long) recorded.steps().size());
    return first.get() == wanted
        ? Optional.empty()
        : Optional.of(
            property + " was to break at step " + wanted + ", and broke at step " + first.get());
  }

  /** Why a run is not stuck; empty if it is. */
  static Optional<String> notStuck(Run run) {
    if (!run.isAtRest()) {
      return Optional.of("nobody was to move any more; " + instead(run));
    }
    return EveryRequestIsAnswered.unanswered(run.world()).isEmpty()
        ? Optional.of("somebody was to wait for ever, and all is answered")
        : Optional.empty();
  }

  /** Why what was to be found is not there; empty if it is. */
  static Optional<String> notFound(Run run, Expectation.Found found) {
    return !(run.schedule() instanceof Schedule.Recorded) || found.expression().holds(run.world())
        ? Optional.empty()
        : Optional.of("after the last step this was to be so, and is not: " + found.expression());
  }

  /** Why a run does not go round from a step on; empty if it does. */
  static Optional<String> noLoop(Run run, long step) {
    // Another schedule takes other steps, and of those nothing is said.
    return !(run.schedule() instanceof Schedule.Recorded recorded)
            || before(run, recorded, step).equals(run.world())
        ? Optional.empty()
        : Optional.of(
            "after the last step the world was to be what it was after step "
                + step
                + ", and is another");
  }

  private static boolean loops(Run run) {
    return run.schedule() instanceof Schedule.Recorded
        && run.scenario().expectations().stream()
            .anyMatch(
                expectation ->
                    expectation instanceof Expectation.LoopsFrom loop
                        && noLoop(run, loop.step()).isEmpty());
  }

  private static World before(Run run, Schedule.Recorded recorded, long steps) {
    World world = World.start(run.scenario().setup());
    for (Step step : recorded.steps().subList(0, (int) steps)) {
      world = world.step(step);
    }
    return world;
  }
}
