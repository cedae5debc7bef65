package dev.faultline.conform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.design.Revision;
import dev.faultline.scenario.Library;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problems;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a trace asks, in whatever order: the bench has an answer, and soon. */
class RandomTracesTest {

  private static final Position HERE = Position.ofFile("RandomTracesTest");
  private static final Library LIBRARY = new Library.OfFiles(Path.of(""));
  private static final int OPERATIONS = 5_000;
  private static final int A_TRACE = 250;

  private static Mode mode(String name) {
    return ScenarioLoader.mode(LIBRARY, name, HERE, new Problems()).orElseThrow();
  }

  /** Operations whose arguments are mostly of some use, and sometimes of none. */
  private static final class Generator {

    private static final List<String> WORDS =
        List.of(
            "cap",
            "vmcap",
            "enablecap",
            "gmem",
            "mmap",
            "anon",
            "munmap",
            "closeg",
            "slot",
            "attr",
            "attr2",
            "vmattr2",
            "read",
            "write",
            "fill",
            "count",
            "forkread",
            "gread",
            "gwrite",
            "ginc",
            "ghc",
            "prefault",
            "punch",
            "alloc",
            "falloc",
            "ftruncate",
            "fstat",
            "rdfd",
            "wrfd",
            "pin",
            "unpin",
            "unpinclose",
            "splice",
            "unsplice",
            "odirect",
            "copyin",
            "copyout",
            "pvread",
            "madv",
            "mlock",
            "mincore");

    private static final long[] ODD = {
      1, 8, 100, 4095, 4097, 1L << 52, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE, -1, -4096, -8192
    };

    private final SplittableRandom random;
    private final long pages;

    Generator(SplittableRandom random) {
      this.random = random;
      this.pages = random.nextBoolean() ? 64 : 1024;
    }

    private int handle() {
      return random.nextInt(4);
    }

    private long number(long most) {
      return switch (random.nextInt(20)) {
        case 0 -> ODD[random.nextInt(ODD.length)];
        case 1 -> random.nextLong(most + 1) * 4096 + ODD[random.nextInt(5)];
        default -> random.nextLong(most + 1) * 4096;
      };
    }

    private long offset() {
      return number(pages);
    }

    private long size() {
      return number(random.nextInt(4) == 0 ? pages : 8);
    }

    private long gpa() {
      return number(pages) + 256 * 4096;
    }

    private long attributes() {
      return random.nextInt(10) == 0 ? random.nextInt(16) : random.nextInt(2) * 8L;
    }

    private String range(String letter) {
      return letter
          + handle()
          + " "
          + Long.toUnsignedString(offset())
          + " "
          + Long.toUnsignedString(size());
    }

    private String made(String word) {
      return switch (word) {
        case "cap", "vmcap" -> "" + random.nextInt(256);
        case "enablecap" -> 201 + " " + (random.nextInt(3) << 12);
        case "gmem" -> Long.toUnsignedString(number(pages)) + " " + random.nextInt(4);
        case "anon" -> "" + random.nextLong(pages * 4096);
        case "mmap" -> range("g") + List.of("", " private", " shared ro").get(random.nextInt(3));
        case "munmap" -> "m" + handle();
        case "closeg", "fstat" -> "g" + handle();
        case "ftruncate", "rdfd", "wrfd" -> "g" + handle() + " " + Long.toUnsignedString(offset());
        case "slot" ->
            "%s %s %s %s %s %s m%s %s"
                .formatted(
                    random.nextInt(4),
                    Long.toUnsignedString(gpa()),
                    Long.toUnsignedString(number(pages)),
                    random.nextInt(8) == 0 ? random.nextInt(16) : random.nextInt(2) * 4,
                    random.nextInt(8) == 0 ? "-" : "g" + handle(),
                    random.nextInt(3) == 0 ? Long.toUnsignedString(offset()) : "0",
                    handle(),
                    random.nextInt(3) == 0 ? Long.toUnsignedString(offset()) : "0");
        case "attr" ->
            Long.toUnsignedString(gpa()) + " " + Long.toUnsignedString(size()) + " " + attributes();
        case "attr2" -> range("g") + " " + attributes();
        case "vmattr2" -> "0 1p 8";
        case "read", "forkread", "pvread" -> "m" + handle() + " " + Long.toUnsignedString(offset());
        case "write" ->
            "m" + handle() + " " + Long.toUnsignedString(offset()) + " " + random.nextInt(256);
        case "fill" -> range("m") + " " + random.nextInt(256);
        case "gread", "ginc" -> Long.toUnsignedString(gpa());
        case "gwrite" -> Long.toUnsignedString(gpa()) + " " + random.nextInt(256);
        case "ghc" -> Long.toUnsignedString(gpa()) + " " + random.nextInt(3) + " 16";
        case "prefault" -> Long.toUnsignedString(gpa()) + " " + Long.toUnsignedString(size());
        case "punch", "alloc" -> range("g");
        case "falloc" ->
            "g"
                + handle()
                + " "
                + random.nextInt(256)
                + " "
                + Long.toUnsignedString(offset())
                + " "
                + Long.toUnsignedString(size());
        case "unpin", "unpinclose", "unsplice" -> "p" + handle();
        case "odirect" -> (random.nextBoolean() ? "r " : "w ") + range("m");
        case "madv" -> range("m") + " " + random.nextInt(26);
        default -> range("m");
      };
    }

    String next() {
      // Something has to be there before anything can be done to it.
      String word =
          random.nextInt(8) == 0
              ? List.of("gmem", "mmap", "slot").get(random.nextInt(3))
              : WORDS.get(random.nextInt(WORDS.size()));
      return word + " " + made(word);
    }
  }

  @ParameterizedTest
  @CsvSource({"linux-7.3, 0", "linux-7.3, 1", "in-place-v8, 0", "in-place-v8, 1"})
  void every_operation_is_answered_in_time(String name, int type) throws Mistake {
    Revision revision = ScenarioLoader.revision(LIBRARY, name, HERE, new Problems()).orElseThrow();
    Model bench = Bench.of(revision, List.of(mode("default"), mode("sw-protected")));
    SplittableRandom random = new SplittableRandom(7);
    Generator generator = new Generator(random);
    StringBuilder trace = new StringBuilder();
    long start = System.nanoTime();
    long worst = 0;
    for (int i = 0; i < OPERATIONS; i++) {
      if (i % A_TRACE == 0) {
        bench = answered(bench, "new " + type, trace.delete(0, trace.length()));
        generator = new Generator(random);
      }
      long before = System.nanoTime();
      String text = generator.next();
      bench = answered(bench, text, trace);
      worst = Math.max(worst, System.nanoTime() - before);
    }
    // A page takes some microseconds; what is quadratic in pages or in operations takes minutes.
    assertThat(Duration.ofNanos(worst)).isLessThan(Duration.ofSeconds(5));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(60));
  }

  private static Model answered(Model bench, String text, StringBuilder trace) throws Mistake {
    trace.append(text).append('\n');
    List<Operands.Found> words =
        Stream.of(text.split(" ")).map(word -> new Operands.Found(word, 1)).toList();
    TraceOperation operation =
        Vocabulary.word(words.getFirst()).parse(words.subList(1, words.size()), 1);
    List<Model.Allowed> allowed = new ArrayList<>();
    assertThatCode(() -> allowed.addAll(bench.put(operation)))
        .as(trace.toString())
        .doesNotThrowAnyException();
    assertThat(allowed).as(text).isNotEmpty();
    return allowed.getLast().after();
  }
}
