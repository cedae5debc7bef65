package dev.faultline.scenario;

import dev.faultline.world.ChannelFull;
import dev.faultline.world.Schedule;
import dev.faultline.world.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/** In which ways a scenario ends, run once for each seed on the pure rig, without a journal. */
public final class Endings {

  private Endings() {}

  /**
   * Runs that ended alike.
   *
   * @param count how many, at least one
   * @param firstSeed the lowest of their seeds
   */
  public record Tally(Ending ending, long count, long firstSeed) {
    private Tally oneMore() {
      return new Tally(ending, count + 1, firstSeed);
    }
  }

  /**
   * Runs a scenario under the random schedule of each seed.
   *
   * @param maxSteps after which a run is stopped, at least 1
   * @param done is told how many runs are over, after each of them
   * @return the most frequent ending first; of equals, that with the lower seed
   */
  public static List<Tally> of(
      Scenario scenario, SeedRange seeds, long maxSteps, LongConsumer done) {
    Map<Ending, Tally> tallies = new LinkedHashMap<>();
    for (long index = 0; index < seeds.count(); index++) {
      long seed = seeds.first() + index;
      Ending ending = end(Run.start(scenario, new Schedule.Random(seed)), maxSteps);
      tallies.merge(ending, new Tally(ending, 1, seed), (known, _) -> known.oneMore());
      done.accept(index + 1);
    }
    List<Tally> sorted = new ArrayList<>(tallies.values());
    sorted.sort(
        Comparator.comparingLong(Tally::count).reversed().thenComparingLong(Tally::firstSeed));
    return sorted;
  }

  private static Ending end(Run start, long maxSteps) {
    Run run = start;
    for (Optional<Step> next = run.next(); next.isPresent(); next = run.next()) {
      if (run.agenda().step() >= maxSteps) {
        return Ending.stopped(run);
      }
      try {
        run = run.take(next.get()).after();
      } catch (ChannelFull _) {
        // The run's failures say so.
        return Ending.of(run);
      }
    }
    return Ending.of(run);
  }
}
