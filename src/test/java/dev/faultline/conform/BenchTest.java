package dev.faultline.conform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.design.Revision;
import dev.faultline.scenario.Library;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problems;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Answers that the kernel's source gives to what no recorded trace asks. */
class BenchTest {

  private static final Position HERE = Position.ofFile("BenchTest");
  private static final Library LIBRARY = new Library.OfFiles(Path.of(""));
  private static final String OK = "OK, ret 0";

  private static Mode mode(String name) {
    return ScenarioLoader.mode(LIBRARY, name, HERE, new Problems()).orElseThrow();
  }

  /** An operation and its answer: the word, and the numbers of its fields. */
  private static String line(String text) {
    String[] parts = text.split(" => ");
    String[] fields = parts[1].split(", ");
    String rest =
        Stream.of(fields)
            .skip(1)
            .map(field -> field.split(" "))
            .map(
                field ->
                    field[0].equals("exit")
                        ? ",\"exit\":\"IO\""
                        : ",\"" + field[0] + "\":" + field[1])
            .collect(Collectors.joining());
    return "{\"op\":\"" + parts[0] + "\",\"res\":\"" + fields[0] + "\"" + rest + "}\n";
  }

  private static void agreeWith(String revisionName, String... lines) throws IOException {
    Revision revision =
        ScenarioLoader.revision(LIBRARY, revisionName, HERE, new Problems()).orElseThrow();
    String text = Stream.of(lines).map(BenchTest::line).collect(Collectors.joining());
    Problems problems = new Problems();
    Optional<Trace> trace =
        TraceReader.read(
            "t.jsonl", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), problems);
    assertThat(problems.render()).isEmpty();
    Model bench = Bench.of(revision, List.of(mode("default"), mode("sw-protected")));
    assertThat(
            Conformance.compare(trace.orElseThrow(), revisionName, bench, problems)
                .orElseThrow()
                .first())
        .isEmpty();
  }

  private static void agree(String... lines) throws IOException {
    String[] all =
        Stream.concat(
                Stream.of("new 1 => " + OK, "gmem 32p 3 => OK, g 0", "mmap g0 0 64p => OK, m 0"),
                Stream.of(lines))
            .toArray(String[]::new);
    agreeWith("in-place-v8", all);
  }

  @Test
  void a_mapping_reaches_beyond_the_end_of_its_file() throws Exception {
    agree(
        "fill m0 0 64p 7 => OK, ok 32, sig 32, nonzero 0",
        "madv m0 30p 8p 4 => " + OK,
        "madv m0 30p 8p 9 => " + OK,
        "count m0 0 64p => OK, ok 32, sig 32, nonzero 30",
        "munmap m0 => " + OK,
        "munmap m0 => " + OK,
        "pin m0 0 1p => EFAULT, ret -1");
  }

  @Test
  void a_closed_file_is_bound_as_long_as_it_is_mapped() throws Exception {
    agree(
        "slot 1 256p 32p 4 g0 0 m0 => " + OK,
        "write m0 0 7 => OK",
        "closeg g0 => " + OK,
        "fstat g0 => EBADF, ret -1",
        "gread 256p => OK, exit IO, val 7",
        "munmap m0 => " + OK,
        "prefault 256p 1p => EFAULT, ret -1, left 4096");
  }

  @Test
  void a_slot_whose_user_memory_is_not_there_has_no_pages() throws Exception {
    agree(
        "slot 1 256p 4p 0 - 0 - => " + OK,
        "gread 256p => EFAULT, ret -1",
        "prefault 256p 1p => EFAULT, ret -1, left 4096");
  }

  @Test
  void a_slot_is_in_the_address_space_of_a_guest() throws Exception {
    agree(
        "slot 1 0xffffffffff000 1p 0 - 0 - => " + OK,
        "slot 2 0x10000000000000 1p 0 - 0 - => EINVAL, ret -1",
        "slot 2 1G 0x80000000p 0 - 0 - => EINVAL, ret -1");
  }

  @Test
  void the_guest_address_of_an_mmio_exit_is_that_of_the_byte() throws Exception {
    agree("gread 0x500008 => MMIO, gpa 5242888, write 0");
  }

  @Test
  void a_pipe_has_room_for_sixteen_pages() throws Exception {
    agree(
        "splice m0 0 20p => OK, pipe 0, ret 65536",
        "splice m0 8 20p => OK, pipe 1, ret 65528",
        "attr2 g0 16p 1p 8 => OK",
        "unsplice p0 => OK, ret 65536, first 0",
        "attr2 g0 15p 1p 8 => EAGAIN, error_page 15, error_offset 61440",
        "unsplice p1 => OK, ret 65528, first 0",
        "attr2 g0 15p 1p 8 => OK");
  }

  @Test
  void a_mapping_to_be_read_is_not_written() throws Exception {
    agree(
        "mmap g0 0 4p shared ro => OK, m 1",
        "pin m1 0 1p => EFAULT, ret -1",
        "odirect r m1 0 1p => EFAULT, ret -1",
        "copyin m1 0 16 => EFAULT, ret -1",
        "madv m1 0 1p 23 => EINVAL, ret -1",
        "madv m1 0 1p 22 => " + OK,
        "splice m1 0 1p => OK, pipe 0, ret 4096",
        "copyout m1 0 16 => OK, ret 16",
        "fill m1 0 4p 1 => OK, ok 0, sig 4, nonzero 0");
  }

  @Test
  void advice_is_checked_in_the_order_of_the_kernel() throws Exception {
    agree(
        "mlock m0 0 0 => " + OK,
        "mlock m0 0 2p => " + OK,
        "madv m0 0 1p 20 => EINVAL, ret -1",
        "madv m0 0 1p 21 => EINVAL, ret -1",
        "madv m0 0 1p 24 => " + OK,
        "madv m0 2p 1p 21 => " + OK,
        "madv m0 0 0 9 => " + OK,
        "madv m0 1 0 9 => EINVAL, ret -1",
        "madv m0 0 1p 19 => " + OK,
        "madv m7 0 1p 4 => ENOMEM, ret -1",
        "madv m7 0 1p 5 => EINVAL, ret -1",
        "mincore m0 8 1p => EINVAL, ret -1",
        "mincore m0 0 0 => OK, resident 0",
        "mincore m0 0 64p => OK, resident 2");
  }

  @Test
  void sixteen_bytes_may_lie_in_two_pages() throws Exception {
    agree(
        "pvread m0 0x1ff8 => OK, ret 16",
        "attr2 g0 2p 1p 8 => OK",
        "pvread m0 0x1ff8 => OK, ret 8",
        "copyin m0 0x1ff8 16 => OK, ret 8",
        "pvread m0 2p => EFAULT, ret -1",
        "copyin m0 2p 0 => " + OK);
  }

  @Test
  void offsets_of_a_file_end_somewhere() throws Exception {
    agree(
        "punch g0 0x7ffffffffffff000 1p => EFBIG, ret -1",
        "punch g0 0x7fffffffffffe000 1p => " + OK,
        "falloc g0 4 0x7ffffffffffff000 1p => EOPNOTSUPP, ret -1",
        "falloc g0 2 0x7ffffffffffff000 1p => EOPNOTSUPP, ret -1",
        "falloc g0 0 0x7ffffffffffff000 1p => EFBIG, ret -1",
        "mmap g0 0x8000000000000000 1p => EOVERFLOW, ret -1",
        "mmap g0 0 0x7fffffffffffffff => ENOMEM, ret -1",
        "mmap g9 8 1p => EINVAL, ret -1",
        "rdfd g0 0x8000000000000000 => EINVAL, ret -1",
        "ftruncate g9 0x8000000000000000 => EINVAL, ret -1");
  }

  @Test
  void a_slot_that_is_only_read_emulates_stores() throws Exception {
    agree(
        "anon 4p => OK, m 1",
        "slot 1 256p 4p 2 - 0 m1 => " + OK,
        "write m1 0 7 => OK",
        "gread 256p => OK, exit IO, val 7",
        "gwrite 256p 8 => MMIO, gpa 1048576, write 1",
        "ginc 256p => MMIO, gpa 1048576, write 1",
        "read m1 0 => OK, val 7",
        "slot 1 256p 4p 0 - 0 m1 => EINVAL, ret -1",
        "slot 1 256p 0 0 - 0 - => " + OK,
        "slot 1 256p 4p 0 - 0 m1 => " + OK,
        "gwrite 256p 8 => OK, exit IO, val 8");
  }

  @Test
  void pages_are_counted_from_the_offset_on() throws Exception {
    agree(
        "fill m0 100 2p 7 => OK, ok 2, sig 0, nonzero 0",
        "count m0 0 3p => OK, ok 3, sig 0, nonzero 2",
        "count m7 0 3p => OK, ok 0, sig 3, nonzero 0",
        "count m0 62p 4p => OK, ok 0, sig 4, nonzero 0");
  }

  @Test
  void capabilities_that_a_vmm_of_guest_memfd_asks_for() throws Exception {
    agree(
        "cap 3 => OK, ret 1",
        "cap 10 => OK, ret 32764",
        "vmcap 16 => OK, ret 1",
        "vmcap 81 => OK, ret 1",
        "vmcap 201 => OK, ret 4096",
        "vmcap 231 => OK, ret 1");
  }
}
