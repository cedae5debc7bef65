package dev.faultline.conform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.scenario.yaml.Problem;
import dev.faultline.scenario.yaml.Problems;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

final class TraceReaderTest {

  static final Path KERNEL = Path.of("src", "test", "resources", "kernel");

  @TempDir Path folder;

  /** A line, where its mistake is and what is told of it. */
  private record Mangled(String line, int column, String text) {}

  private static Mangled mangled(String line, int column, String text) {
    return new Mangled(line, column, text);
  }

  /** An operation whose text has the mistake; the column is counted in that text. */
  private static Mangled op(String op, int column, String text) {
    return mangled("{\"op\":\"" + op + "\",\"res\":\"OK\"}", column + 7, text);
  }

  private static List<Mangled> mangledLines() {
    return List.of(
        mangled("", 1, "expected a JSON object, found the end of the line"),
        mangled("   ", 4, "expected a JSON object, found the end of the line"),
        mangled("new 1", 1, "expected \"{\", the start of a JSON object, found \"new\""),
        mangled("[1]", 1, "expected \"{\", the start of a JSON object, found \"[\""),
        mangled("{", 2, "expected a field's name in quotes, found the end of the line"),
        mangled("{}", 2, "expected the field \"op\" in this object, found none"),
        mangled("{\"op\":\"new 1\"}", 14, "expected the field \"res\" in this object, found none"),
        mangled("{\"res\":\"OK\"}", 12, "expected the field \"op\" in this object, found none"),
        mangled("{op:\"new 1\"}", 2, "expected a field's name in quotes, found \"op\""),
        mangled("{\"op\" \"new 1\"}", 7, "expected \":\", found \"\\\"\""),
        mangled("{\"op\":\"new 1}", 14, "expected a closing quote, found the end of the line"),
        mangled("{\"op\":\"new 1\",}", 15, "expected a field's name in quotes, found \"}\""),
        mangled("{\"op\":\"new 1\" \"res\":1}", 15, "expected \",\" or \"}\", found \"\\\"\""),
        mangled(
            "{\"op\":\"new 1\",\"res\":\"OK\"}}", 26, "expected the end of the line, found \"}\""),
        mangled(
            "{\"op\":\"new 1\",\"res\":\"OK\",\"ret\":0,\"ret\":0}",
            34,
            "the field \"ret\" is there twice"),
        mangled(
            "{\"op\":\"new 1\",\"res\":true}",
            21,
            "expected a whole number or a text in quotes, found \"true\""),
        mangled(
            "{\"op\":\"new 1\",\"res\":\"OK\",\"ret\":null}",
            32,
            "expected a whole number or a text in quotes, found \"null\""),
        mangled(
            "{\"op\":\"new 1\",\"res\":\"OK\",\"ret\":[0]}",
            32,
            "expected a whole number or a text in quotes, found \"[\""),
        mangled(
            "{\"op\":\"new 1\",\"res\":\"OK\",\"ret\":0.5}",
            32,
            "expected a whole number, found \"0.5\""),
        mangled(
            "{\"op\":\"new 1\",\"res\":\"OK\",\"ret\":01}",
            32,
            "expected a whole number, found \"01\""),
        mangled(
            "{\"op\":\"new 1\",\"res\":\"OK\",\"ret\":18446744073709551616}",
            32,
            "expected a number of 64 bits, found \"18446744073709551616\""),
        mangled(
            "{\"op\":\"new 1\",\"res\":\"OK\",\"ret\":\"0\"}",
            32,
            "the field \"ret\": expected a whole number, found \"0\""),
        mangled(
            "{\"op\":1,\"res\":\"OK\"}",
            7,
            "the field \"op\": expected a text, found the number 1"),
        mangled(
            "{\"op\":\"new 1\",\"res\":0}",
            21,
            "the field \"res\": expected a text, found the number 0"),
        mangled(
            "{\"op\":\"new 1\",\"res\":\"ok\"}",
            21,
            "the field \"res\": expected a word such as OK or EINVAL, found \"ok\""),
        mangled(
            "{\"op\":\"new 1\",\"res\":\"OK\",\"rat\":0}",
            26,
            "no answer to new has a field \"rat\"; did you mean \"ret\"?"),
        mangled(
            "{\"op\":\"read m0 0\",\"res\":\"OK\",\"eintr\":0}",
            30,
            "no answer to read has a field \"eintr\"; one of: val, si_code, ret"),
        mangled(
            "{\"op\":\"new \\q\",\"res\":\"OK\"}", 12, "expected an escape of JSON, found \"\\q\""),
        mangled(
            "{\"op\":\"\\u0072ead x0 0\",\"res\":\"OK\"}",
            18,
            "mN of read: expected a name such as m0, found \"x0\""),
        op("", 0, "expected an operation, found an empty text"),
        op("raed m0 0", 1, "unsupported operation \"raed\"; did you mean \"read\"?"),
        op("reboot now", 1, "unsupported operation \"reboot\""),
        op("read m0", 8, "read takes mN OFF; OFF is missing"),
        op("read m0 0 1", 11, "read takes mN OFF, found \"1\" after"),
        op("read g0 0", 6, "mN of read: expected a name such as m0, found \"g0\""),
        op("read m 0", 6, "mN of read: expected a name such as m0, found \"m\""),
        op("unpin m0", 7, "pN of unpin: expected a name such as p0, found \"m0\""),
        op(
            "gread p0",
            7,
            "GPA of gread: expected a number such as 7, 16p, 4K or 0x1000, found \"p0\""),
        op(
            "gread -1",
            7,
            "GPA of gread: expected a number such as 7, 16p, 4K or 0x1000, found \"-1\""),
        op(
            "gread 4k",
            7,
            "GPA of gread: expected a number such as 7, 16p, 4K or 0x1000, found \"4k\""),
        op("gread 010", 7, "GPA of gread: expected a number without a leading zero, found \"010\""),
        op(
            "gread 0x10000000000000000",
            7,
            "GPA of gread: expected a number of at most 64 bits, found \"0x10000000000000000\""),
        op(
            "gread 0xffffffffffffffp",
            7,
            "GPA of gread: expected a number of at most 64 bits, found \"0xffffffffffffffp\""),
        op("write m0 0 256", 12, "BYTE of write: expected a byte, 0 to 255, found \"256\""),
        op(
            "madv m0 0 1p 2G",
            14,
            "ADVICE of madv: expected a number of at most 31 bits, found \"2G\""),
        op("mmap g0 0 1p rw", 14, "shared|private of mmap: expected shared|private, found \"rw\""),
        op("odirect x m0 0 1p", 9, "r|w of odirect: expected \"r\" or \"w\", found \"x\""),
        op(
            "slot 1 0 1p 4 m0 0 m0",
            15,
            "gN|- of slot: expected a name such as g0, or \"-\", found \"m0\""),
        op(
            "slot 1 0 1p 4 g0 0 g1",
            20,
            "mN|- of slot: expected a name such as m0, or \"-\", found \"g1\""));
  }

  private static List<Problem> problems(byte[] bytes) throws IOException {
    Problems problems = new Problems();
    Optional<Trace> trace = TraceReader.read("t.jsonl", new ByteArrayInputStream(bytes), problems);
    assertThat(trace.isEmpty()).isEqualTo(!problems.isEmpty());
    return problems.sorted();
  }

  private static String problem(byte[] bytes) throws IOException {
    return problems(bytes).stream().map(Problem::toString).collect(Collectors.joining("\n"));
  }

  private static String problem(String text) throws IOException {
    return problem(text.getBytes(StandardCharsets.UTF_8));
  }

  private static TraceOperation operation(String text) throws IOException {
    String line = "{\"op\":\"" + text + "\",\"res\":\"OK\"}\n";
    Problems problems = new Problems();
    Optional<Trace> trace =
        TraceReader.read(
            "t.jsonl", new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8)), problems);
    assertThat(problems.render()).isEmpty();
    return trace.orElseThrow().entries().getFirst().operation();
  }

  @TestFactory
  Stream<DynamicTest> a_mangled_line_is_told_with_its_place() {
    String good = "{\"op\":\"new 1\",\"res\":\"OK\",\"ret\":0}\n";
    return mangledLines().stream()
        .map(
            mangled ->
                DynamicTest.dynamicTest(
                    mangled.line().isBlank() ? "blank" : mangled.line(),
                    () ->
                        assertThat(problem(good + mangled.line() + "\n" + good))
                            .isEqualTo("t.jsonl:2:" + mangled.column() + ": " + mangled.text())));
  }

  @Test
  void an_empty_file_is_told() throws Exception {
    assertThat(problem(""))
        .isEqualTo("t.jsonl:1:1: the file is empty; expected a line for each operation");
  }

  @Test
  void a_trace_that_was_cut_at_any_byte_of_its_last_line_is_told() throws Exception {
    String text = "{\"op\":\"cap 1\",\"res\":\"OK\"}\n{\"op\":\"vmattr2 0 1p 8\",\"res\":\"OK\"}\n";
    int start = text.indexOf('\n') + 1;
    for (int length = start + 1; length < text.length(); length++) {
      assertThat(problem(text.substring(0, length))).startsWith("t.jsonl:2:").doesNotContain("\n");
    }
    assertThat(problem(text.substring(0, text.length() - 1)))
        .isEqualTo(
            "t.jsonl:2:35: expected a line feed, found the end of the file: its last line was cut");
    assertThat(problem(text)).isEmpty();
  }

  @Test
  void binary_files_are_told_once() throws Exception {
    byte[] elf = {0x7f, 'E', 'L', 'F', 2, 1, '\n', 0, 0, '\n'};
    assertThat(problem(elf))
        .isEqualTo("t.jsonl:1:1: not a text file: character U+007F stands in no trace");
    byte[] bytes = {'{', (byte) 0xff, '\n', (byte) 0xfe, '\n'};
    assertThat(problem(bytes)).isEqualTo("t.jsonl:1:2: not a text file: byte 0xff is not UTF-8");
    assertThat(problem(new byte[100_000]))
        .isEqualTo("t.jsonl:1:1: not a text file: character U+0000 stands in no trace");
  }

  @Test
  void a_huge_line_is_told_without_reading_on() throws Exception {
    byte[] huge = new byte[1 << 20];
    Arrays.fill(huge, (byte) ' ');
    assertThat(problem(huge))
        .isEqualTo(
            "t.jsonl:1:4097: expected the end of the line, found more than 4096 bytes in it");
    // The limit may fall into the middle of a character.
    assertThat(problem("é".repeat(5000).replaceFirst("é", "x") + "\n"))
        .isEqualTo(
            "t.jsonl:1:2049: expected the end of the line, found more than 4096 bytes in it");
  }

  @Test
  void mistakes_of_all_lines_are_told_up_to_a_limit() throws Exception {
    assertThat(problem("{\"op\":\"nw 1\",\"res\":\"OK\"}\nx\n").lines()).hasSize(2);
    assertThat(problems("x\n".repeat(100_000).getBytes(StandardCharsets.UTF_8))).hasSize(100);
  }

  @Test
  void columns_are_counted_in_characters_as_editors_do() throws Exception {
    assertThat(problem("{\"\uD83D\uDE00\":1,x}\n"))
        .isEqualTo("t.jsonl:1:8: expected a field's name in quotes, found \"x\"");
  }

  @Test
  void what_is_no_readable_file_is_told() throws Exception {
    Problems problems = new Problems();
    Path none = folder.resolve("none.jsonl");
    assertThat(TraceReader.read(none, problems)).isEmpty();
    assertThat(TraceReader.read(folder, problems)).isEmpty();
    assertThat(problems.sorted())
        .extracting(Problem::toString)
        .containsExactlyInAnyOrder(
            none + ": no such file", folder + ": a directory; name a trace in it");
  }

  @Test
  void numbers_have_64_bits_without_sign_and_four_suffixes() throws Exception {
    assertThat(operation("gread 0xfffffffffffff000"))
        .isEqualTo(new TraceOperation.GuestRead(-4096));
    assertThat(operation("gread 18446744073709551615")).isEqualTo(new TraceOperation.GuestRead(-1));
    assertThat(operation("gread 3p")).isEqualTo(new TraceOperation.GuestRead(3 << 12));
    assertThat(operation("gread 0x3p")).isEqualTo(new TraceOperation.GuestRead(3 << 12));
    assertThat(operation("gread 3K")).isEqualTo(new TraceOperation.GuestRead(3 << 10));
    assertThat(operation("gread 3M")).isEqualTo(new TraceOperation.GuestRead(3 << 20));
    assertThat(operation("gread 64G")).isEqualTo(new TraceOperation.GuestRead(64L << 30));
    assertThat(operation("  gread   0p ")).isEqualTo(new TraceOperation.GuestRead(0));
  }

  @Test
  void operands_that_may_be_left_out_have_the_programs_defaults() throws Exception {
    assertThat(operation("mmap g1 2 3")).isEqualTo(new TraceOperation.Mmap(1, 2, 3, false, false));
    assertThat(operation("mmap g1 2 3 ro"))
        .isEqualTo(new TraceOperation.Mmap(1, 2, 3, false, true));
    assertThat(operation("mmap g1 2 3 private"))
        .isEqualTo(new TraceOperation.Mmap(1, 2, 3, true, false));
    assertThat(operation("mmap g1 2 3 shared ro"))
        .isEqualTo(new TraceOperation.Mmap(1, 2, 3, false, true));
    assertThat(operation("slot 1 2 3 4 - 5 m6"))
        .isEqualTo(
            new TraceOperation.Slot(1, 2, 3, 4, OptionalInt.empty(), 5, OptionalInt.of(6), 0));
    assertThat(operation("slot 1 2 3 4 g5 6 m7 8"))
        .isEqualTo(new TraceOperation.Slot(1, 2, 3, 4, OptionalInt.of(5), 6, OptionalInt.of(7), 8));
    assertThat(operation("attr 1 2 3")).isEqualTo(new TraceOperation.Attr(1, 2, 3, 0));
    assertThat(operation("attr2 g1 2 3 4 5")).isEqualTo(new TraceOperation.Attr2(1, 2, 3, 4, 5));
    assertThat(operation("odirect w m1 2 3")).isEqualTo(new TraceOperation.Odirect(false, 1, 2, 3));
  }

  @Test
  void each_word_of_the_readme_is_an_operation_of_its_own() throws Exception {
    List<String> texts =
        List.of(
            "new 1",
            "cap 1",
            "vmcap 1",
            "enablecap 1 2",
            "gmem 1p 0",
            "mmap g0 0 1p",
            "anon 1p",
            "munmap m0",
            "closeg g0",
            "slot 1 0 1p 0 - 0 m0",
            "attr 0 1p 8",
            "attr2 g0 0 1p 8",
            "vmattr2 0 1p 8",
            "read m0 0",
            "write m0 0 1",
            "fill m0 0 1p 1",
            "count m0 0 1p",
            "forkread m0 0",
            "gread 0",
            "gwrite 0 1",
            "ginc 0",
            "ghc 0 1 16",
            "prefault 0 1p",
            "punch g0 0 1p",
            "alloc g0 0 1p",
            "falloc g0 3 0 1p",
            "ftruncate g0 1p",
            "fstat g0",
            "rdfd g0 0",
            "wrfd g0 0",
            "pin m0 0 1p",
            "unpin p0",
            "unpinclose p0",
            "splice m0 0 1p",
            "unsplice p0",
            "odirect r m0 0 1p",
            "copyin m0 0 1p",
            "copyout m0 0 1p",
            "pvread m0 0",
            "madv m0 0 1p 4",
            "mlock m0 0 1p",
            "mincore m0 0 1p");
    TreeSet<String> read = new TreeSet<>();
    for (String text : texts) {
      read.add(operation(text).getClass().getSimpleName());
    }
    assertThat(read)
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(TraceOperation.class.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .toList());
  }

  @Test
  void all_recorded_traces_are_read_whole() throws Exception {
    try (Stream<Path> files = Files.list(KERNEL)) {
      int operations = 0;
      Problems problems = new Problems();
      for (Path file : files.sorted().toList()) {
        Optional<Trace> trace = TraceReader.read(file, problems);
        assertThat(problems.render()).isEmpty();
        assertThat(trace.orElseThrow().entries()).hasSameSizeAs(Files.readAllLines(file));
        operations += trace.get().entries().size();
      }
      assertThat(operations).isEqualTo(12_010);
    }
  }

  @Test
  void a_trace_that_is_read_again_or_after_too_many_mistakes_is_no_trace() throws Exception {
    byte[] bytes = "{\"op\":\"cap 1\",\"res\":\"OK\"}\nx\n".getBytes(StandardCharsets.UTF_8);
    byte[] good = Arrays.copyOf(bytes, bytes.length - 2);
    Problems problems = new Problems();
    for (int i = 0; i < 2; i++) {
      assertThat(TraceReader.read("t.jsonl", new ByteArrayInputStream(bytes), problems)).isEmpty();
    }
    assertThat(problems.count()).isEqualTo(1);
    assertThat(TraceReader.read("u.jsonl", new ByteArrayInputStream(good), problems)).isPresent();
    for (int i = 0; !problems.isFull(); i++) {
      TraceReader.read("v" + i + ".jsonl", new ByteArrayInputStream(bytes), problems);
    }
    assertThat(TraceReader.read("w.jsonl", new ByteArrayInputStream(good), problems)).isEmpty();
    assertThat(problems.count()).isEqualTo(100);
  }

  @Test
  void a_byte_that_is_changed_or_missing_is_a_problem_or_another_trace() throws Exception {
    byte[] bytes = Files.readAllBytes(KERNEL.resolve("linux-7.3-vm-attributes.jsonl"));
    List<Trace.Entry> recorded = entries(bytes).orElseThrow();
    int told = 0;
    for (int at = 0; at < bytes.length; at++) {
      byte[] changed = bytes.clone();
      changed[at] ^= 1 << at % 8;
      byte[] missing = Arrays.copyOf(bytes, bytes.length - 1);
      System.arraycopy(bytes, at + 1, missing, at, bytes.length - 1 - at);
      for (byte[] mangled : List.of(changed, missing)) {
        Optional<List<Trace.Entry>> read = entries(mangled);
        if (read.isEmpty()) {
          told++;
        } else {
          assertThat(read.get()).as("byte %d", at).isNotEqualTo(recorded);
        }
      }
    }
    // The others have another number in them, and are as good a trace.
    assertThat(told).isGreaterThan(bytes.length);
  }

  private static Optional<List<Trace.Entry>> entries(byte[] bytes) throws IOException {
    return TraceReader.read("t.jsonl", new ByteArrayInputStream(bytes), new Problems())
        .map(Trace::entries);
  }

  @Test
  void an_answer_is_read_field_by_field() throws Exception {
    Trace trace =
        TraceReader.read(KERNEL.resolve("linux-7.3-vm-attributes.jsonl"), new Problems())
            .orElseThrow();
    assertThat(trace.entries().get(50))
        .isEqualTo(
            new Trace.Entry(
                "gread 512p",
                new TraceOperation.GuestRead(2L << 20),
                Answer.of(
                    "MEMORY_FAULT", "errno", "EFAULT", "flags", 8, "gpa", 2097152, "size", 4096)));
  }
}
