package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EmitCommandTest {

  private static final String SHARE = "sw-protected/good-share-a-page-in-place";

  /** Lines 1 to 7 of the scenarios here; the scripts begin in line 8. */
  private static final String HEAD =
      """
      story: a test
      mode: sw-protected
      memory: {size: 16 pages, shared: 0..8 pages}
      parties: {ring: {kind: io-uring}, disk: {kind: o-direct}, nic: {kind: vfio},
                thread: {kind: thread}, app: {kind: process}, second: {kind: vcpu}}

      script:
      """;

  @TempDir Path folder;

  private record Outcome(int exitCode, String out, String err) {}

  private Outcome emit(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode =
        Main.run(new EmitCommand(), new PrintWriter(out), new PrintWriter(err), arguments);
    return new Outcome(exitCode, out.toString(), err.toString().replace(folder + "/", ""));
  }

  private Outcome emitText(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("a.yaml"), text);
    return emit("--as-trace", file.toString());
  }

  private static Outcome refused(String text) {
    return new Outcome(2, "", text + "\n");
  }

  @Test
  void a_scenario_is_a_line_for_each_operation() {
    Outcome outcome = emit(SHARE, "--as-trace");
    assertThat(outcome.err).isEmpty();
    assertThat(outcome.exitCode).isZero();
    assertThat(outcome.out.lines())
        .hasSize(15)
        .startsWith("{\"op\":\"new 1\"}", "{\"op\":\"gmem 16p 3\"}")
        .endsWith("{\"op\":\"munmap m1\"}");
  }

  @Test
  void what_is_emitted_with_answers_conforms() throws Exception {
    Outcome outcome = emit(SHARE, "--as-trace", "--with-answers");
    Path trace = Files.writeString(folder.resolve("in-place-emitted.jsonl"), outcome.out);
    StringWriter out = new StringWriter();
    int exitCode =
        Main.run(
            new ConformCommand(),
            new PrintWriter(out),
            new PrintWriter(new StringWriter()),
            trace.toString());
    assertThat(out.toString()).endsWith(": 15 operations, 15 agree, in-place-v8\n");
    assertThat(exitCode).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "guest|convert-to-private: 0..1 pages"
            + "|convert-to-private: a guest of a trace asks nobody; of the VMM, set-private"
            + " and set-shared are one call each",
        "guest|accept: 0..1 pages|accept: a guest of a trace has nothing to accept",
        "guest|load: {at: 0, view: private}"
            + "|view: a guest of a trace cannot say which view it wants; leave it out",
        "second|load: 0|second is a further vCPU; a trace has one",
        "vmm|convert-to-shared: 0..1 pages"
            + "|convert-to-shared: the VMM's procedure is calls and retries of its own;"
            + " set-private and set-shared are one call each",
        "vmm|kill: app|kill: no word of a trace ends a process",
        "nic|dma-map: 0..1 pages|nic is a device; traces have none: an io-uring pins as well",
        "thread|pin: 0..1 pages|pin: in a trace pages stay pinned for io-uring alone",
        "ring|dma-load: 0|nothing of a trace goes through pages that stay pinned"
      })
  void what_no_trace_has_a_word_for_is_refused_with_its_line(
      String party, String verb, String reason) throws Exception {
    assertThat(emitText(HEAD + "  " + party + ":\n    - " + verb + "\n"))
        .isEqualTo(refused("a.yaml:9:7: no trace: " + reason));
  }

  @Test
  void scripts_that_run_side_by_side_are_refused_with_the_line_that_could_be_first()
      throws Exception {
    assertThat(
            emitText(
                HEAD
                    + """
                      vmm:
                        - store: {at: 0, value: 1}
                          name: first
                        - store: {at: 0, value: 2}
                      guest:
                        - await: first
                        - load: 0
                    """))
        .isEqualTo(
            refused(
                "a.yaml:14:7: no trace: it can start before line 11 of vmm has ended; a trace has"
                    + " one order: let it await that"));
  }

  @Test
  void a_line_that_can_start_within_another_is_refused() throws Exception {
    assertThat(
            emitText(
                HEAD
                    + """
                      vmm:
                        - await: pinned
                        - set-private: 0..8 pages
                      ring:
                        - pin: 0..1 pages
                          name: pinned
                        - await: {refused-by: gmem}
                        - unpin: 0..1 pages
                    """))
        .isEqualTo(
            refused(
                "a.yaml:15:7: no trace: it can start before line 10 of vmm has ended; a trace has"
                    + " one order: let it await that"));
  }

  @Test
  void a_line_that_never_starts_is_refused() throws Exception {
    assertThat(
            emitText(
                HEAD
                    + """
                      vmm:
                        - load: 9 pages
                        - load: 0
                          name: late
                      guest:
                        - await: late
                        - load: 0
                    """))
        .isEqualTo(
            refused("a.yaml:14:7: no trace: it waits for what never comes: vmm has died before"));
  }

  @Test
  void a_guest_of_a_dead_vmm_is_refused() throws Exception {
    assertThat(
            emitText(
                HEAD
                    + """
                      vmm:
                        - load: 9 pages
                      guest:
                        - await: vmm
                        - load: 0
                    """))
        .isEqualTo(
            refused(
                "a.yaml:12:7: no trace: its VMM or VM is dead then; a trace's program lives on"));
  }

  @Test
  void a_pin_that_is_given_back_in_part_is_refused() throws Exception {
    assertThat(emitText(HEAD + "  ring:\n    - pin: 0..2 pages\n    - unpin: 0..1 pages\n"))
        .isEqualTo(
            refused(
                "a.yaml:10:7: no trace: unpin: a trace gives back what one pin took, whole; here"
                    + " it is 0"));
  }

  @Test
  void a_transfer_is_one_operation_and_nothing_happens_in_it() throws Exception {
    String whole =
        """
          disk:
            - pin: 1 page
            - dma-store: {at: 1 page, value: 0}
            - unpin: 1 page
        """;
    assertThat(emitText(HEAD + whole).out).endsWith("{\"op\":\"odirect r m0 1p 1p\"}\n");
    assertThat(emitText(HEAD + whole.replace("value: 0", "value: 3")).err)
        .startsWith("a.yaml:10:7: no trace: odirect is one operation: ");
    assertThat(emitText(HEAD + whole.replace("    - unpin: 1 page\n", "")).err)
        .isEqualTo("a.yaml:9:7: no trace: the transfer never ends; odirect is one operation\n");
    assertThat(
            emitText(
                    HEAD
                        + whole.replace(
                            "    - unpin", "      name: done\n    - await: guest\n    - unpin")
                        + "  guest:\n    - await: done\n    - load: 0\n")
                .err)
        .isEqualTo(
            "a.yaml:16:7: no trace: it happens while disk's O_DIRECT transfer is under way;"
                + " odirect is one operation\n");
  }

  @Test
  void a_trust_anchor_is_refused_with_the_line_of_the_mode() {
    assertThat(emit("tdx/good-no-op-conversion", "--as-trace"))
        .isEqualTo(
            refused(
                "good-no-op-conversion.yaml:5:7: no trace: the pages of mode tdx are in a trust"
                    + " anchor's hands; the VMs of traces have none: KVM_X86_SW_PROTECTED_VM,"
                    + " KVM_X86_DEFAULT_VM"));
  }

  @Test
  void a_revision_without_files_that_can_be_mapped_is_refused() {
    assertThat(emit(SHARE, "--as-trace", "--revision", "rfc-2024-09"))
        .isEqualTo(
            refused(
                "--revision: no trace: revision rfc-2024-09 has no flag that lets a program map"
                    + " the file; a trace could not load from it"));
  }

  @Test
  void a_vm_without_private_memory_has_none_and_converts_none() throws Exception {
    String ordinary = HEAD.replace("sw-protected", "default");
    String shared = ordinary.replace("0..8", "0..16");
    assertThat(emitText(shared + "  vmm:\n    - set-private: 0..1 pages\n"))
        .isEqualTo(refused("a.yaml:9:7: no trace: a VM of mode default has no attribute to set"));
    assertThat(emitText(shared + "  guest:\n    - load: 0\n").out.lines())
        .containsExactly(
            "{\"op\":\"new 0\"}",
            "{\"op\":\"gmem 16p 3\"}",
            "{\"op\":\"mmap g0 0 16p\"}",
            "{\"op\":\"mmap g0 0 16p\"}",
            "{\"op\":\"slot 1 256p 16p 4 g0 0 m0\"}",
            "{\"op\":\"gread 256p\"}");
  }

  @Test
  void what_is_left_open_is_refused() throws Exception {
    assertThat(emitText("open: [allocation-fails]\n" + HEAD + "  guest:\n    - load: 0\n"))
        .isEqualTo(
            refused(
                "a.yaml:1:7: no trace: what is left open has several outcomes; a trace has one"
                    + " answer a line"));
  }

  @Test
  void the_form_has_to_be_named() {
    assertThat(emit(SHARE))
        .isEqualTo(refused("emit: missing required option: '--as-trace'; see emit --help"));
  }

  @Test
  void the_command_is_registered_and_has_help() {
    StringWriter out = new StringWriter();
    int exitCode =
        Main.run(new PrintWriter(out), new PrintWriter(new StringWriter()), "emit", "--help");
    assertThat(exitCode).isZero();
    assertThat(out.toString())
        .contains("Usage: faultline emit", "--as-trace", "--with-answers", "--revision");
  }
}
