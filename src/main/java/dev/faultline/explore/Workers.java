package dev.faultline.explore;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;

/** Threads that share the work of a search. */
final class Workers implements AutoCloseable {

  private final int count;
  private final ExecutorService threads;
  private final List<Expansion> expansions = new ArrayList<>();
  private final Expansion late = new Expansion();

  Workers(int count) {
    this.count = count;
    this.threads =
        Executors.newFixedThreadPool(
            count, Thread.ofPlatform().daemon().name("worker-", 1).factory());
    for (int worker = 0; worker < count; worker++) {
      expansions.add(new Expansion());
    }
  }

  /** Gives every worker what it needs for states that are kept for others like them. */
  void begin(Orbits orbits) {
    if (!orbits.isTrivial()) {
      expansions.forEach(each -> each.room = orbits.new Room());
      late.room = orbits.new Room();
    }
  }

  int count() {
    return count;
  }

  Expansion expansion(int share) {
    return expansions.get(share);
  }

  Expansion late() {
    return late;
  }

  /** Does all shares, and ends when they are done. */
  void run(int shares, IntConsumer work) {
    if (count == 1 || shares == 1) {
      for (int share = 0; share < shares; share++) {
        work.accept(share);
      }
      return;
    }
    List<Callable<Void>> calls = new ArrayList<>();
    for (int share = 0; share < shares; share++) {
      int mine = share;
      calls.add(
          () -> {
            work.accept(mine);
            return null;
          });
    }
    try {
      for (Future<Void> each : threads.invokeAll(calls)) {
        each.get();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted in a search", interrupted);
    } catch (ExecutionException failed) {
      throw new IllegalStateException(failed.getCause());
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
