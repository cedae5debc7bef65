package dev.faultline.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.scenario.yaml.Problems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users read about the mistakes that they make, word for word. */
class MistakesTest {

  private static final String HEAD =
      """
      story: a mistake
      mode: tdx
      memory: {size: 16 MiB, shared: 2 MiB..4 MiB}
      parties: {nic: {kind: vfio}, app: {kind: process}}
      """;

  private static final String GOOD = HEAD + "script: {guest: [accept: 4 MiB]}\n";

  @TempDir Path folder;

  private List<String> told(String name) {
    Problems problems = new Problems();
    ScenarioLoader.load(
        new Library.OfFiles(Path.of("")), name, ScenarioLoader.Overrides.NONE, problems);
    return problems.sorted().stream()
        .map(problem -> problem.toString().replace(folder + "/", ""))
        .toList();
  }

  /** The messages about a scenario that has this text. */
  private List<String> toldOf(String text) throws Exception {
    return told(Files.writeString(folder.resolve("s.yaml"), text).toString());
  }

  private List<String> toldOfRevision(String text) throws Exception {
    Path file = Files.writeString(folder.resolve("r.yaml"), text);
    return toldOf(GOOD + "revision: " + file + "\n");
  }

  private static String edited(String edit) {
    return "name: edited\nsource: a test\nbased-on: in-place-v8\n" + edit;
  }

  @Test
  void the_scenario_that_all_others_are_a_mistake_away_from_is_good() throws Exception {
    assertThat(toldOf(GOOD)).isEmpty();
    assertThat(toldOf(GOOD.replace("\n", "\r\n"))).isEmpty();
    assertThat(toldOf("\ufeff" + GOOD)).isEmpty();
    assertThat(toldOfRevision(edited(""))).isEmpty();
  }

  @Test
  void a_last_put_that_sleeps_before_it_is_deferred() throws Exception {
    assertThat(
            toldOfRevision(
                """
                name: edited
                source: a test
                based-on: restricted-mapping
                drop: {last-put: [defer-to-worker]}
                """))
        .containsExactly(
            "r.yaml:4:19: in last-put the invalidate lock sleeps, and the last put of a page may"
                + " come from any context; put \"defer-to-worker\" before it");
  }

  @Test
  void a_check_of_arguments_that_both_refuses_and_succeeds() throws Exception {
    assertThat(
            toldOfRevision(
                edited(
                    """
                    convert:
                      refuse:
                        - {when: size-zero, errno: EINVAL, succeeds: yes}
                        - {when: wraps}
                    """)))
        .containsExactly(
            "r.yaml:6:7: a check of arguments needs \"errno\" or \"succeeds: yes\", one of the two",
            "r.yaml:7:7: a check of arguments needs \"errno\" or \"succeeds: yes\", one of the"
                + " two");
  }

  @Test
  void pages_that_cannot_be_there_at_first() throws Exception {
    assertThat(
            toldOf(
                """
                story: a mistake
                mode: tdx
                memory:
                  size: 4 pages
                  shared: 0..2 pages
                  present:
                    - {at: 1 page..3 pages}
                    - {at: 1 page}
                    - {at: 3 pages, mapped-by: [guest, vmm], pinned-by: app}
                    - {at: 0, mapped-by: [kvm, ap], pinned-by: [nic, app, app]}
                    - {at: 9 pages}
                parties: {nic: {kind: vfio}, app: {kind: process}}
                script: {guest: [accept: 2 pages]}
                """))
        .containsExactly(
            "s.yaml:7:12: some of it is shared and some private; say each for itself",
            "s.yaml:8:12: a page of it is said to be there above already",
            "s.yaml:9:12: mode tdx has private pages in a table of its own; let the guest"
                + " accept or touch them",
            "s.yaml:9:40: a private page is in no host page table",
            "s.yaml:9:57: a private page cannot be pinned",
            "s.yaml:10:12: somebody is named twice",
            "s.yaml:10:27: \"kvm\" maps nothing; vmm, guest and processes do",
            "s.yaml:10:32: unknown party \"ap\"; did you mean \"app\"?",
            "s.yaml:10:49: \"nic\" pins nothing of its own;"
                + " a thread, a process, an io-uring or an o-direct does",
            "s.yaml:11:12: 36 KiB..40 KiB is beyond the guest's memory of 16 KiB");
  }

  @Test
  void threads_that_run_a_vcpu_which_is_not_theirs() throws Exception {
    String parties =
        """
        story: a mistake
        mode: sw-protected
        memory: {size: 4 pages}
        parties:
          app: {kind: process}
          t: {kind: thread}
          u: {kind: thread}
          v: {kind: thread, of: app}
        """;
    assertThat(toldOf(parties + "script: {t: [guest-load: 0], guest: [load: 0]}\n"))
        .containsExactly(
            "s.yaml:9:14: vCPU guest has a script of its own;"
                + " write all it does in one of the two");
    assertThat(toldOf(parties + "script: {t: [guest-load: 0], u: [guest-load: 0]}\n"))
        .containsExactly(
            "s.yaml:9:34: vCPU guest is run by t; declare another vcpu and say what u runs");
    assertThat(toldOf(parties + "script: {v: [guest-load: 0]}\n"))
        .containsExactly("s.yaml:9:14: only a thread of the VMM runs a vCPU");
    assertThat(
            toldOf(
                parties.replace("t: {kind: thread", "t: {kind: thread, runs: app")
                    + "script: {t: [guest-load: 0]}\n"))
        .containsExactly("s.yaml:6:27: \"app\" is no vCPU");
    assertThat(toldOf(parties + "  w: {kind: io-uring, runs: guest}\nscript: {t: [load: 0]}\n"))
        .containsExactly("s.yaml:9:29: only a thread of the VMM runs a vCPU");
    assertThat(toldOf(parties + "  w: {kind: vfio, sigbus: caught}\nscript: {t: [load: 0]}\n"))
        .containsExactly("s.yaml:9:27: only a thread or a process touches memory and gets SIGBUS");
  }

  @Test
  void words_that_are_not_known() throws Exception {
    assertThat(
            toldOf(
                HEAD.replace("nic: {kind: vfio}", "nic: {kind: vfoi}")
                    + """
                    script:
                      gues:
                        - acept: 2 MiB
                      app:
                        - load: {at: 2 MiB, expect: SIGBSU}
                    sed: 1
                    """))
        .containsExactly(
            "s.yaml:4:23: unknown kind of party \"vfoi\"; did you mean \"vfio\"?",
            "s.yaml:7:7: unknown verb \"acept\"; did you mean \"accept\"?",
            "s.yaml:9:33: unknown answer \"SIGBSU\"; did you mean \"SIGBUS\"?",
            "s.yaml:10:1: unknown key \"sed\" in a scenario; did you mean \"seed\"?");
    assertThat(toldOf(HEAD + "script: {gues: [accept: 4 MiB]}\n"))
        .containsExactly("s.yaml:5:10: unknown party \"gues\"; did you mean \"guest\"?");
  }

  @Test
  void sizes_and_numbers() throws Exception {
    assertThat(
            toldOf(
                HEAD
                    + """
                    script:
                      guest:
                        - accept: 4 MiB..2 MiB
                        - accept: 2 MiB..2 MiB
                        - accept: 4097
                        - accept: 010
                        - accept: 2 MB
                        - accept: 99999999999999999999
                        - accept: 2 MiB..3 MiB..4 MiB
                        - store: {at: 2 MiB, value: 256}
                        - accept: 16 MiB
                    """))
        .containsExactly(
            "s.yaml:7:15: 4 MiB..2 MiB is empty: a range ends behind its start",
            "s.yaml:8:15: 2 MiB..2 MiB is empty: a range ends behind its start",
            "s.yaml:9:15: 4097 is not page-aligned: 4097 bytes is inside page 1",
            "s.yaml:10:15: 010 has a leading zero; write 10",
            "s.yaml:11:15: unknown unit \"MB\"; did you mean \"MiB\"?",
            "s.yaml:12:15: 99999999999999999999 is more than 4096 TiB",
            "s.yaml:13:15: expected a range such as 2 MiB..4 MiB, found"
                + " \"2 MiB..3 MiB..4 MiB\"",
            "s.yaml:14:33: 256 is not in 0..255",
            "s.yaml:15:7: 16 MiB..16388 KiB is beyond the guest's memory of 16 MiB");
  }

  @Test
  void names_that_mean_two_things() throws Exception {
    assertThat(
            toldOf(
                HEAD.replace("app:", "gmem:")
                    + """
                    script:
                      guest:
                        - accept: 4 MiB
                          name: nic
                        - accept: 5 MiB
                          name: twice
                        - accept: 6 MiB
                          name: twice
                        - accept: 7 MiB
                          name: guest-5
                    """))
        .containsExactly(
            "s.yaml:4:30: \"gmem\" is there in every world; choose another name",
            "s.yaml:8:13: \"nic\" is the name of another party",
            "s.yaml:12:13: \"twice\" is the name of another line",
            "s.yaml:14:13: \"guest-5\" is what a line without a name is called; choose another"
                + " name");
  }

  @Test
  void a_party_called_as_shared_memory_outside_of_gmem() throws Exception {
    assertThat(toldOf(HEAD.replace("app:", "shmem:") + "script: {guest: [accept: 4 MiB]}\n"))
        .containsExactly(
            "s.yaml:4:30: \"shmem\" is where shared memory outside of gmem is; choose another"
                + " name");
  }

  @Test
  void waiting_for_what_never_comes() throws Exception {
    assertThat(
            toldOf(
                HEAD
                    + """
                    script:
                      guest:
                        - await: guest
                        - await: later
                        - await: nci
                        - await: []
                        - accept: 4 MiB
                          name: later
                      nic:
                        - await: later
                        - dma-map: 2 MiB
                    """))
        .containsExactly(
            "s.yaml:7:14: a script that waits for its own end waits for ever",
            "s.yaml:8:14: a script that waits for a later line of its own waits for ever",
            "s.yaml:9:14: \"nci\" is neither the name of a line nor a party with a script; did"
                + " you mean \"nic\"?",
            "s.yaml:10:14: nothing to wait for; name a line or a party");
  }

  @Test
  void what_is_empty_says_nothing() throws Exception {
    assertThat(toldOf(HEAD + "script: {}\n"))
        .containsExactly(
            "s.yaml:5:9: the mapping is empty; it needs an entry such as {guest: [accept: 2 MiB]}");
    assertThat(toldOf(HEAD + "script: {guest: []}\n"))
        .containsExactly("s.yaml:5:17: the list is empty; it needs at least one line");
    assertThat(toldOf(GOOD + "expect: [finally: {}]\n"))
        .containsExactly(
            "s.yaml:6:19: the mapping is empty; it needs an entry such as {2 MiB..3 MiB: private}");
    assertThat(toldOf(GOOD + "expect: []\n"))
        .containsExactly("s.yaml:6:9: the list is empty; it needs at least one line");
    assertThat(toldOf("story: x\nmode: tdx\nmemory: {size: 4 KiB}\nparties: {}\nscript:\n"))
        .containsExactly(
            "s.yaml:4:10: the mapping is empty; it needs an entry such as {nic: {kind: vfio}}",
            "s.yaml:5:8: expected a mapping, found nothing");
    assertThat(toldOf(GOOD + "open: []\n")).isEmpty();
    assertThat(
            toldOfRevision(
                edited(
                    """
                    convert: {}
                    agree: {to-private: []}
                    host-fault:
                      - {get-folio: , undo: []}
                      - hold: {}
                        acts: []
                      - preallocate: {}
                    drop: {}
                    move: {guest-fault: {}}
                    """)))
        .containsExactly(
            "r.yaml:4:10: the mapping is empty; it needs one or more of: call, refuse, blocked,"
                + " to-private, to-shared",
            "r.yaml:5:21: the list is empty; it needs at least one line",
            "r.yaml:7:25: the list is empty; it needs at least one line",
            "r.yaml:8:11: expected one lock, for instance {invalidate: exclusive}",
            "r.yaml:9:11: the list is empty; it needs at least one line",
            "r.yaml:10:18: the mapping is empty; it needs one or more of: fails, report",
            "r.yaml:11:7: the mapping is empty; it needs an entry such as {host-fault:"
                + " [zero-if-new]}",
            "r.yaml:12:21: the mapping is empty; it needs an entry such as {unmap-host: after"
                + " check-references}");
    Path mode = folder.resolve("m.yaml");
    Files.writeString(mode, "name: m\nsource: a test\nguest-chooses-view: yes\nanchor: {}\n");
    assertThat(toldOf(GOOD.replace("mode: tdx", "mode: " + mode)))
        .containsExactly(
            "m.yaml:4:9: the mapping is empty; it needs one or more of: checks, states,"
                + " instructions, when, ignored");
  }

  @Test
  void verbs_of_others() throws Exception {
    assertThat(
            toldOf(
                HEAD
                    + """
                    script:
                      guest: [{dma-map: 2 MiB}, {kill: guest}]
                      nic: [{load: 2 MiB}]
                      kvm: [{load: 2 MiB}]
                    """))
        .containsExactly(
            "s.yaml:6:12: a guest cannot do this; it can: await, convert-to-private,"
                + " convert-to-shared, accept, load, store, kill",
            "s.yaml:6:36: \"guest\" is no process that could be killed",
            "s.yaml:7:10: a vfio cannot do this; it can: await, dma-map, dma-unmap, dma-load,"
                + " dma-store, kill",
            "s.yaml:8:3: \"kvm\" does nothing of its own; it answers what it is told");
  }

  @Test
  void the_name_of_the_run_in_its_journal_is_no_party() throws Exception {
    assertThat(toldOf(GOOD.replace("nic:", "world:")))
        .containsExactly(
            "s.yaml:4:11: \"world\" is what a journal calls the run; choose another name");
  }

  @Test
  void designs_that_are_not_there_are_told_where_they_are_named() throws Exception {
    String missing = folder + "/nothing.yaml";
    assertThat(toldOf(GOOD.replace("mode: tdx", "mode: tdxx") + "vmm: " + missing + "\n"))
        .containsExactly(
            "s.yaml:2:7: no mode \"tdxx\" as a path, in ./conf/mode or among those that come with"
                + " faultline; did you mean \"tdx\"?",
            "s.yaml:6:6: \"nothing.yaml\": no such file");
    assertThat(toldOf(GOOD.replace("mode: tdx", "mode: \"a\\nb\\0\"")))
        .containsExactly(
            "s.yaml:2:7: character U+0000 cannot stand in a text; remove its escape",
            "s.yaml:2:7: no mode \"a\\nb\\u0000\" as a path, in ./conf/mode or among those that"
                + " come with faultline; one of: default, direct-map-removal,"
                + " direct-map-removal-all, pkvm, shared-only, snp, sw-protected, tdx");
    assertThat(toldOf(GOOD.replace("mode: tdx", "mode: " + "a/".repeat(20_000)))).hasSize(1);
  }

  @Test
  void what_is_no_file_of_yaml() throws Exception {
    Path locked = Files.writeString(folder.resolve("locked.yaml"), GOOD);
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("---------"));
    if (!Files.isReadable(locked)) {
      assertThat(told(locked.toString())).containsExactly("locked.yaml: permission denied");
    }
    Path itself =
        Files.createSymbolicLink(folder.resolve("self.yaml"), folder.resolve("self.yaml"));
    assertThat(told(itself.toString())).hasSize(1).first().asString().startsWith("self.yaml: ");
    Path zeros = Files.createSymbolicLink(folder.resolve("zero.yaml"), Path.of("/dev/zero"));
    assertThat(told(zeros.toString()))
        .containsExactly("zero.yaml: not a regular file; name a file of YAML");
    Files.delete(zeros);
    for (String name : List.of("pipe.yaml", "pipe")) {
      String pipe = folder.resolve(name).toString();
      assertThat(new ProcessBuilder("mkfifo", pipe).start().waitFor()).isZero();
      assertThat(told(pipe)).containsExactly(name + ": not a regular file; name a file of YAML");
    }
    assertThat(told(folder.toString())).hasSize(1).first().asString().contains("a directory");
    assertThat(toldOf("")).containsExactly("s.yaml:1:1: the file is empty");
    assertThat(toldOf(GOOD + "---\n" + GOOD)).first().asString().startsWith("s.yaml:6:1: ");
    assertThat(toldOf(GOOD.replace(" {size", "\t{size")))
        .containsExactly("s.yaml:3:8: a tab; use spaces");
  }

  @Test
  void thousands_of_mistakes_take_no_longer_than_a_few() throws Exception {
    StringBuilder text = new StringBuilder(HEAD + "script:\n  guest:\n");
    for (int line = 0; line < 3_000; line++) {
      text.append("    - await: nothing-").append(line);
      text.append("\n    - accept: 4 MiB\n      name: something-").append(line).append("-x\n");
    }
    long start = System.nanoTime();
    assertThat(toldOf(text.toString())).hasSizeGreaterThan(100);
    assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
  }

  // Revisions.

  @Test
  void revisions_that_build_on_each_other_in_a_circle() throws Exception {
    Path other = folder.resolve("other.yaml");
    Files.writeString(
        other, "name: other\nsource: a test\nbased-on: " + folder.resolve("r.yaml") + "\n");
    assertThat(toldOfRevision("name: r\nsource: a test\nbased-on: " + other + "\n"))
        .map(line -> line.replace(folder + "/", ""))
        .containsExactly(
            "other.yaml:3:11: revisions build on each other in a circle: r.yaml, other.yaml,"
                + " r.yaml");
    assertThat(toldOfRevision("name: r\nsource: a test\nbased-on: in-place-v7\n"))
        .containsExactly(
            "r.yaml:3:11: no revision \"in-place-v7\" as a path, in ./conf/revision or among those"
                + " that come with faultline; did you mean \"in-place-v8\"?");
    assertThat(toldOfRevision("name: r\nsource: a test\n"))
        .containsExactly(
            "r.yaml:1:1: a revision needs the key \"attributes\", or a base that has it",
            "r.yaml:1:1: a revision needs the key \"convert.blocked\", or a base that has it",
            "r.yaml:1:1: a revision needs the key \"convert.call\", or a base that has it",
            "r.yaml:1:1: a revision needs the key \"start\", or a base that has it");
  }

  @Test
  void moves_and_drops_of_what_is_not_there() throws Exception {
    assertThat(toldOfRevision(edited("drop: {host-falt: [get-folio]}\n")))
        .containsExactly(
            "r.yaml:4:8: unknown operation \"host-falt\"; did you mean \"host-fault\"?");
    assertThat(toldOfRevision(edited("drop: {convert.to-private: [clear-uptodate]}\n")))
        .containsExactly(
            "r.yaml:4:29: no \"clear-uptodate\" in convert.to-private; one of: hold invalidate,"
                + " done-if-unchanged, preallocate, unmap-host, check-references,"
                + " invalidate-guest-begin, store-attributes, invalidate-guest-end");
    assertThat(
            toldOfRevision(
                edited("move: {convert.to-private: {unmap-host: behind check-references}}\n")))
        .containsExactly(
            "r.yaml:4:41: expected before or after an act, found \"behind check-references\"");
    assertThat(toldOfRevision(edited("drop: {agree.to-private: [unmap-host]}\n")))
        .first()
        .isEqualTo("r.yaml:4:8: the base has no agree.to-private");
  }

  @Test
  void moves_that_make_no_sense() throws Exception {
    assertThat(
            toldOfRevision(edited("move: {convert.to-private: {unmap-host: before unmap-host}}\n")))
        .containsExactly(
            "r.yaml:4:41: \"unmap-host\" cannot stand before unmap-host, which moves with it; name"
                + " a line that stays");
    assertThat(
            toldOfRevision(
                edited("move: {convert.to-private: {hold invalidate: after unmap-host}}\n")))
        .containsExactly(
            "r.yaml:4:46: \"hold invalidate\" cannot stand after unmap-host, which moves with it;"
                + " name a line that stays");
    assertThat(toldOfRevision(edited("move: {guest-fault: {get-page: before check-stale}}\n")))
        .containsExactly("r.yaml:4:22: \"get-page\" sleeps and cannot stand under the mmu lock");
    assertThat(
            toldOfRevision(
                edited("move: {get-user-pages-fast: {read-mapping-again: after fault-in}}\n")))
        .containsExactly(
            "r.yaml:4:30: in get-user-pages-fast \"read-mapping-again\" cannot stand behind"
                + " \"fault-in\", which begins the slow way");
  }

  @Test
  void invalidations_that_no_one_ends() throws Exception {
    assertThat(toldOfRevision(edited("drop: {convert.to-private: [invalidate-guest-end]}\n")))
        .containsExactly(
            "r.yaml:4:29: in convert.to-private \"invalidate-guest-begin\" needs"
                + " \"invalidate-guest-end\" after it; without it the guest's faults would begin"
                + " again for ever");
    assertThat(
            toldOfRevision(
                edited(
                    "move: {convert.to-private: {check-references: before store-attributes}}\n")))
        .containsExactly(
            "r.yaml:4:29: in convert.to-private \"check-references\" can leave an invalidation that"
                + " no one ends; give it undo: [invalidate-guest-end]");
    assertThat(
            toldOfRevision(
                edited(
                    "move: {convert.to-shared: {done-if-unchanged: before store-attributes}}\n")))
        .containsExactly(
            "r.yaml:4:28: in convert.to-shared \"done-if-unchanged\" can leave an invalidation that"
                + " no one ends; put it before \"invalidate-guest-begin\"");
  }

  @Test
  void locks_that_make_no_sense() throws Exception {
    assertThat(
            toldOfRevision(
                edited(
                    """
                    host-fault:
                      - hold: {mmu: shared}
                        acts: [get-folio]
                      - hold: {invalidate: sharde}
                        acts: [zero-if-new]
                      - hold: {invalidate: shared, folio: exclusive}
                        acts: [map-page]
                      - hold: {folio: shared}
                        acts: [map-page]
                      - hold: {invalidate: shared}
                      - map-page
                    """)))
        .containsExactly(
            "r.yaml:5:5: the mmu lock is not taken by host-fault",
            "r.yaml:7:11: expected one lock, for instance {invalidate: exclusive}",
            "r.yaml:7:24: unknown way to hold a lock \"sharde\"; did you mean \"shared\"?",
            "r.yaml:9:11: expected one lock, for instance {invalidate: exclusive}",
            "r.yaml:11:12: the folio lock is held exclusive only",
            "r.yaml:13:5: \"hold\" needs \"acts\": what is done under the lock");
    assertThat(
            toldOfRevision(
                edited(
                    """
                    host-fault:
                      - hold: {mmu: shared}
                        acts: [get-folio]
                      - map-page: {x: 1}
                    """)))
        .containsExactly(
            "r.yaml:5:5: the mmu lock is not taken by host-fault",
            "r.yaml:7:15: expected nothing, found a mapping");
  }

  @Test
  void a_hold_moves_with_what_is_under_it() throws Exception {
    assertThat(toldOfRevision(edited("move: {guest-fault: {hold mmu: before compare-view}}\n")))
        .containsExactly(
            "r.yaml:4:22: in guest-fault \"install-mapping\" needs \"get-page\" before it");
  }

  // Modes, VMMs, guests.

  @Test
  void small_designs() throws Exception {
    Path mode = folder.resolve("m.yaml");
    Files.writeString(
        mode,
        Files.readString(Path.of("conf/mode/tdx.yaml"))
            .replace("guest-chooses-view: yes", "guest-chooses-view: maybe"));
    Path vmm = folder.resolve("v.yaml");
    Files.writeString(
        vmm,
        Files.readString(Path.of("conf/vmm/reference.yaml"))
            .replace("to-shared: [set-attributes, record]", "to-shared: [record]")
            .replace("retries: 3", "retries: many")
            .replace("fix: [", "fix: [record, "));
    Path guest = folder.resolve("g.yaml");
    Files.writeString(guest, "name: Linux\nsource:\nretries-without-progress: -1\n");
    assertThat(
            toldOf(
                GOOD.replace("mode: tdx", "mode: " + mode)
                    + ("vmm: " + vmm + "\nguest: " + guest + "\n")))
        .containsExactly(
            "g.yaml:1:7: expected a name of small letters, digits, dashes and dots, found"
                + " \"Linux\"",
            "g.yaml:2:8: expected a text, found nothing",
            "g.yaml:3:27: -1 is not in 0..1000",
            "m.yaml:6:21: expected yes or no, found \"maybe\"",
            "v.yaml:8:14: a conversion has the step \"set-attributes\" once",
            "v.yaml:10:8: fixing does not set or record attributes; retrying does",
            "v.yaml:11:12: expected a whole number, found \"many\"");
  }

  @Test
  void a_modes_anchor_names_what_it_has() throws Exception {
    Path mode = folder.resolve("m.yaml");
    Files.writeString(
        mode,
        """
        name: m
        source: a test
        guest-chooses-view: yes
        anchor:
          states:
            given: {says: given, guest: faults, host: {user-store: garbage, device: SIGBUS}}
            kept: {says: kept, guest: {dies: EIO, fails: EIO}}
        """);
    assertThat(toldOf(GOOD.replace("mode: tdx", "mode: " + mode)))
        .containsExactly(
            "m.yaml:6:60: a store reads no garbage; say it of a load: user-load, kernel-load",
            "m.yaml:6:77: only a thread, \"user\", gets a signal",
            "m.yaml:7:31: one of \"dies\" and \"fails\", not both");
    Files.writeString(
        mode,
        """
        name: m
        source: a test
        guest-chooses-view: yes
        conversion: {to-private: [acept], accept: accept}
        anchor:
          checks: private
          states:
            given: {says: given, guest: faults}
            kept: {says: kept, guest: passes}
          instructions:
            accept: {says: ACCEPT, moves: {gven: kept}, content: {kept: zero}}
          when: {map: [accept, accept], to-shared: take}
        """);
    assertThat(toldOf(GOOD.replace("mode: tdx", "mode: " + mode)))
        .containsExactly(
            "m.yaml:4:27: unknown instruction \"acept\"; did you mean \"accept\"?",
            "m.yaml:11:36: unknown state \"gven\"; did you mean \"given\"?",
            "m.yaml:11:59: a page that is kept does not move",
            "m.yaml:12:10: only at \"unmap\" there is more than one instruction",
            "m.yaml:12:44: unknown instruction \"take\"; one of: accept");
    Files.writeString(
        mode,
        """
        name: m
        source: a test
        guest-chooses-view: yes
        anchor:
          checks: all
          states: {kept: {says: kept, guest: passes, host: {kernel: reclaim}}}
        """);
    assertThat(toldOf(GOOD.replace("mode: tdx", "mode: " + mode)))
        .containsExactly(
            "m.yaml:5:3: a page that the kernel reclaims needs an instruction at"
                + " \"kernel-access\"",
            "m.yaml:5:3: accesses that the anchor checks need an instruction at \"map\" or"
                + " \"get-private\"; without it the guest's fault would come again for ever");
  }
}
