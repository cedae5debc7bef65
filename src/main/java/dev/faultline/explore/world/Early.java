package dev.faultline.explore.world;

import dev.faultline.protocol.hostio.HostIoSetup;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.ScriptToVmm;
import dev.faultline.world.HostUser;
import dev.faultline.world.Script;
import dev.faultline.world.ScriptAction;
import dev.faultline.world.ScriptLine;
import dev.faultline.world.Step;
import dev.faultline.world.Turn;
import dev.faultline.world.WorldSetup;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Steps that need not be tried between all others: a thread of the host that begins its next
 * operation, or learns how one ended.
 *
 * <p>Why it is sound. Such a thread does one thing at a time, and is told nothing but the answer to
 * it, so none of its steps hinders another and nobody can hinder its step. What the step changes
 * (its operation, how far its script is) is read by nobody but the thread itself, by scripts that
 * wait for it, which can only go on the sooner, and by the numbers that tasks get, which mean
 * nothing. No property reads it. And a script only goes on, so no such step is taken for ever.
 */
final class Early {

  private final SortedSet<PartyId> threads = new TreeSet<>();

  Early(WorldSetup setup) {
    // Who may die any moment does so only while something else can happen: each step has a say.
    boolean kills =
        !setup.mortals().isEmpty()
            || lines(setup).stream().anyMatch(line -> line.action() instanceof ScriptAction.Kill);
    boolean vmmTouches =
        lines(setup).stream()
            .anyMatch(
                line ->
                    line.action() instanceof ScriptAction.Tell(var message)
                        && message instanceof ScriptToVmm.Touch);
    for (HostUser user : setup.users()) {
      boolean own =
          user.kind() == HostIoSetup.Kind.PROCESS
              && setup.users().stream()
                  .noneMatch(other -> other.process().equals(Optional.of(user.id())));
      boolean ofVmm =
          user.kind() == HostIoSetup.Kind.THREAD
              && user.process().isEmpty()
              && !vmmTouches
              && setup.users().stream()
                  .filter(other -> other.process().isEmpty())
                  .filter(other -> other.kind() == HostIoSetup.Kind.THREAD)
                  .allMatch(HostUser::catchesSigbus);
      if (!kills && (own || ofVmm)) {
        threads.add(user.id());
      }
    }
  }

  private static List<ScriptLine> lines(WorldSetup setup) {
    return setup.scripts().stream().map(Script::lines).flatMap(List::stream).toList();
  }

  /**
   * Whether a turn is such a step.
   *
   * @param changed names of the parts of its party that it changes
   */
  boolean is(Turn turn, List<String> changed) {
    boolean kind =
        switch (turn.step()) {
          case Step.Deliver _ -> true;
          case Step.Tick _ -> turn.message().isPresent();
          case Step.Advance _, Step.Kill _ -> false;
        };
    return kind
        && threads.contains(turn.party())
        && changed.stream().allMatch(part -> part.equals("operation"));
  }
}
