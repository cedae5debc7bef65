package dev.faultline.cli;

import dev.faultline.explore.Bounds;
import dev.faultline.explore.Checkpoint;
import dev.faultline.explore.Explorer;
import dev.faultline.explore.Reductions;
import dev.faultline.explore.Report;
import dev.faultline.explore.Sample;
import dev.faultline.explore.Sampler;
import dev.faultline.explore.Strategy;
import dev.faultline.explore.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;

/** A search that a person watches, and can end with Ctrl-C: then it says what it has. */
final class Watched implements Explorer.Watcher {

  private final StatusLine status;
  private final PrintWriter err;
  private volatile boolean stopped;

  private Watched(PrintWriter err) {
    this.err = err;
    this.status = new StatusLine(err);
  }

  /** From now on a person watches, and Ctrl-C is told. */
  static Watched begin(PrintWriter err) {
    Watched watched = new Watched(err);
    Interrupts.tell(() -> watched.stopped = true);
    return watched;
  }

  /** Nobody watches any more. */
  void end() {
    status.clear();
  }

  /** Walks; Ctrl-C ends the sample, and the JVM once what it has shown is printed. */
  static Sample sample(
      Sampler sampler, Strategy strategy, long seed, long walks, Bounds bounds, PrintWriter err) {
    Watched watched = begin(err);
    Sample sample = sampler.sample(strategy, seed, walks, bounds, watched);
    watched.end();
    return sample;
  }

  /**
   * Searches; Ctrl-C ends the search, and the JVM once the verdict is printed.
   *
   * @throws Checkpoint.Refused if the search cannot go on from its checkpoint
   */
  static Report explore(
      Explorer explorer,
      int workers,
      Reductions reductions,
      Bounds bounds,
      Optional<Checkpoint> checkpoint,
      PrintWriter err) {
    Watched watched = begin(err);
    Report report = explorer.explore(workers, reductions, bounds, watched, checkpoint);
    watched.end();
    if (report.verdict() instanceof Verdict.Bounded
        && checkpoint.filter(Checkpoint::exists).isPresent()) {
      err.println("the search goes on from its checkpoint with the same command");
    }
    return report;
  }

  @Override
  public void unsaved(IOException failure) {
    status.clear();
    err.println("the checkpoint could not be written: " + failure.getMessage());
    err.flush();
  }

  @Override
  public void at(Explorer.Progress progress) {
    status.say(
        () ->
            String.format(
                Locale.ROOT,
                "%,d states, %,.0f/s, level %d, %,d to expand, %,d MB",
                progress.states(),
                progress.states() / Math.max(progress.seconds(), 1e-3),
                progress.level(),
                progress.frontier(),
                progress.bytes() >> 20));
  }

  @Override
  public boolean stops() {
    return stopped;
  }
}
