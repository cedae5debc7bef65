package dev.faultline.explore.world;

import dev.faultline.explore.Actor;
import dev.faultline.explore.Fairness;
import java.util.List;

/**
 * Who goes on in a world: every message under way is delivered, every task that can move moves, a
 * lock that comes free again and again is taken in the end by each task that waits for it, and
 * every script goes on; what a scenario leaves open may happen each time, or never, and nobody has
 * to die.
 *
 * <p>The kernel's locks are fair in this sense: a waiter of an rwsem is handed the lock after 4 ms
 * (RWSEM_WAIT_TIMEOUT), one of a mutex once it woke up in vain (MUTEX_FLAG_HANDOFF), one of a folio
 * lock after five steals (sysctl_page_lock_unfairness), and mmu_lock is a queued rwlock. So a task
 * is a strong group. A task that can move for another reason than a lock goes on being able to, so
 * nothing else is taken for granted by that.
 */
enum WorldFairness implements Fairness {
  KERNEL;

  @Override
  public List<Group> groups(List<Actor> actors) {
    return actors.stream()
        .filter(actor -> !(actor instanceof StepActor.OfDeath))
        .map(actor -> Group.of(actor.toString(), strength((StepActor) actor), actor::equals))
        .toList();
  }

  private static Strength strength(StepActor actor) {
    return switch (actor) {
      case StepActor.OfTask _ -> Strength.STRONG;
      case StepActor.OfChannel _, StepActor.OfScript _, StepActor.OfDeath _ -> Strength.WEAK;
    };
  }
}
