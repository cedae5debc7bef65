package dev.faultline.bench;

import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.message.View;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The range map on the operations of a conversion: what the attributes of an inode cost. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 2,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-Xms2g", "-Xmx2g"})
@Warmup(iterations = 10, time = 1)
@Measurement(iterations = 10, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class RangeMapBenchmark {

  /** The whole of 64 GiB changes from one state to the other. */
  @State(Scope.Thread)
  public static class Whole {

    private RangeMap<GfnRange, View> map = Memory.uniform(Memory.PAGES_OF_64_GIB);
    private View next = View.SHARED;

    RangeMap<GfnRange, View> set() {
      map = map.with(Memory.ALL_64_GIB, next);
      next = Memory.other(next);
      return map;
    }
  }

  /** The whole of 64 GiB takes one state, of which every other 2 MiB had it already. */
  @State(Scope.Thread)
  public static class WholeOfPieces {

    private RangeMap<GfnRange, View> map = RangeMap.empty();

    @Setup
    public void alternate() {
      map = Memory.alternating(Memory.PAGES_OF_64_GIB, Memory.PAGES_OF_2_MIB);
    }

    RangeMap<GfnRange, View> set() {
      return map.with(Memory.ALL_64_GIB, View.SHARED);
    }
  }

  /** Pieces of 2 MiB are flipped in a fixed order, and when all are through, back again. */
  @State(Scope.Thread)
  public abstract static class Flips {

    private final GfnRange[] order;
    private RangeMap<GfnRange, View> map = Memory.uniform(Memory.PAGES_OF_64_GIB);
    private View view = View.SHARED;
    private int next;

    Flips(IntStream pieces) {
      order =
          pieces
              .mapToObj(piece -> piece * Memory.PAGES_OF_2_MIB)
              .map(start -> new GfnRange(start, start + Memory.PAGES_OF_2_MIB))
              .toArray(GfnRange[]::new);
    }

    static IntStream all() {
      return IntStream.range(0, (int) (Memory.PAGES_OF_64_GIB / Memory.PAGES_OF_2_MIB));
    }

    RangeMap<GfnRange, View> flip() {
      map = map.with(order[next], view);
      next++;
      if (next == order.length) {
        next = 0;
        view = Memory.other(view);
      }
      return map;
    }
  }

  /** One after the other: there are never more than two runs. */
  public static class Sequential extends Flips {
    public Sequential() {
      super(all());
    }
  }

  /** Every second: up to 32,768 runs. */
  public static class Alternating extends Flips {
    public Alternating() {
      super(all().filter(piece -> piece % 2 == 0));
    }
  }

  /** In random order: up to about 16,384 runs. */
  public static class Random extends Flips {
    public Random() {
      super(shuffled());
    }

    private static IntStream shuffled() {
      int[] pieces = all().toArray();
      RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
      for (int count = pieces.length; count > 1; count--) {
        int other = random.nextInt(count);
        int piece = pieces[other];
        pieces[other] = pieces[count - 1];
        pieces[count - 1] = piece;
      }
      return IntStream.of(pieces);
    }
  }

  /** Pages are looked up at random. */
  @State(Scope.Thread)
  public abstract static class LookUps {

    private final long pages;
    private final long piece;
    private RangeMap<GfnRange, View> map = RangeMap.empty();
    private long random = 1;

    LookUps(long pages, long piece) {
      this.pages = pages;
      this.piece = piece;
    }

    @Setup
    public void alternate() {
      map = Memory.alternating(pages, piece);
      // What lives for long has been moved together, out of what making it left behind.
      System.gc();
    }

    Optional<View> get() {
      // Marsaglia's xorshift: a nanosecond.
      random ^= random << 13;
      random ^= random >>> 7;
      random ^= random << 17;
      return map.get(random & (pages - 1));
    }
  }

  public static class Gib1By2Mib extends LookUps {
    public Gib1By2Mib() {
      super(Memory.PAGES_OF_1_GIB, Memory.PAGES_OF_2_MIB);
    }
  }

  public static class Gib1By4Kib extends LookUps {
    public Gib1By4Kib() {
      super(Memory.PAGES_OF_1_GIB, 1);
    }
  }

  public static class Gib64By2Mib extends LookUps {
    public Gib64By2Mib() {
      super(Memory.PAGES_OF_64_GIB, Memory.PAGES_OF_2_MIB);
    }
  }

  public static class Gib64By4Kib extends LookUps {
    public Gib64By4Kib() {
      super(Memory.PAGES_OF_64_GIB, 1);
    }
  }

  @Benchmark
  public Object setWhole(Whole whole) {
    return whole.set();
  }

  @Benchmark
  public Object setWholeOfPieces(WholeOfPieces whole) {
    return whole.set();
  }

  @Benchmark
  public Object flipSequential(Sequential flips) {
    return flips.flip();
  }

  @Benchmark
  public Object flipAlternating(Alternating flips) {
    return flips.flip();
  }

  @Benchmark
  public Object flipRandom(Random flips) {
    return flips.flip();
  }

  @Benchmark
  public Object lookUp1GibBy2Mib(Gib1By2Mib lookUps) {
    return lookUps.get();
  }

  @Benchmark
  public Object lookUp1GibBy4Kib(Gib1By4Kib lookUps) {
    return lookUps.get();
  }

  @Benchmark
  public Object lookUp64GibBy2Mib(Gib64By2Mib lookUps) {
    return lookUps.get();
  }

  @Benchmark
  public Object lookUp64GibBy4Kib(Gib64By4Kib lookUps) {
    return lookUps.get();
  }
}
