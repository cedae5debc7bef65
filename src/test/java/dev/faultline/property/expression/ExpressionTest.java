package dev.faultline.property.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.testing.Stories;
import dev.faultline.world.Parties;
import dev.faultline.world.World;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After which steps of a run an expression is so; the numbers are those of the run's ladder. */
class ExpressionTest {

  @TempDir Path folder;

  private Stories stories;

  @BeforeEach
  void begin() {
    stories = new Stories(folder);
  }

  /** The story that README draws. */
  private static Spans blocked() {
    return Spans.of(
        Stories.load("tdx/good-blocked-by-vfio-then-retried", ScenarioLoader.Overrides.NONE));
  }

  private Spans run(String text) {
    return Spans.of(stories.scenario(text));
  }

  // The story of README.

  @Test
  void views_of_the_kernel_of_the_vmm_and_of_the_guest() {
    Spans run = blocked();
    run.says("page 512 is private", "0..8 55..");
    run.says("page 2 MiB is shared", "9..54");
    run.says("page 0x200000 is not private", "9..54");
    run.says("page 512 is private for gmem", "0..8 55..");
    run.says("page 512 is private for kvm", "");
    run.says("page 512 is private for vmm", "0..12 59..");
    run.says("page 512 is private for guest", "61..");
    run.says("page 512 is private for gmem and shared for vmm", "55..58");
    run.says("page 512 is pending", "86..89");
    run.says("page 512 is accepted", "90..");
    run.says("page 512 is accepted by guest", "94..");
    run.says("page 512 is blocked", "");
  }

  @Test
  void mappings_pins_and_counts() {
    Spans run = blocked();
    run.says("page 512 is mapped", "24..35");
    run.says("page 512 is mapped by vmm", "24..35");
    run.says("page 512 is mapped by app", "");
    run.says("page 512 is guest-mapped", "87..");
    run.says("page 512 is guest-mapped as shared", "");
    run.says("page 512 is guest-mapped as private", "87..");
    run.says("page 512 is pinned", "26..38");
    run.says("page 512 is pinned by nic", "26..38");
    run.says("page 512 is dma-mapped", "26..38");
    run.says("page 512 is dma-mapped by nic", "26..38");
    run.says("page 512 has pins > 0", "25..39");
    run.says("page 512 has mapcount = 1", "24..35");
    run.says("page 512 has references >= 1", "22..23 80..87");
    run.says("page 512 has refcount = 0", "0..21");
    run.says("page 512 has refcount < 3", "0..24 36..");
    run.says("page 512 has refcount <= 2 and has refcount != 1", "0..24 36..39 80..87");
    run.says("page 512 is cached", "22..");
    run.says("page 512 is uptodate", "23..");
    run.says("page 512 is locked", "22..23 80..80");
    run.says("page 512 holds 42", "99..");
    run.says("page 512 holds > 41", "99..");
    run.says("page 512 holds != 42", "0..98");
    run.says("pages 512..767 hold 0", "0..98");
  }

  @Test
  void any_all_and_no_pages() {
    Spans run = blocked();
    run.says("any page is pinned and private", "");
    run.says("any page is pinned and mapped", "26..38");
    run.says("any page is mapped and not pinned", "24..25 39..");
    run.says("no page is mapped", "0..23");
    run.says("all pages are private", "0..8");
    run.says("any page of 512..1023 is private", "0..8 55..");
    run.says("any page of 2 MiB..4 MiB is private", "0..8 55..");
    run.says("all pages of 2 MiB..4 MiB are private", "0..8");
    run.says("pages 512..767 are private", "0..8 55..");
    run.says("pages 512..768 are private", "0..8");
    run.says("pages 2 MiB..3 MiB are private", "0..8 55..");
    run.says("no page of 512..767 is shared", "0..8 55..");
  }

  @Test
  void what_follows_a_page_binds_closest() {
    Spans run = blocked();
    run.says("any page of 0..512 is mapped and private", "");
    run.says("any page of 0..512 is mapped and any page of 0..512 is private", "24..35");
    run.says("any page of 0..512 is mapped and page 0 is private", "24..35");
    run.says("page 512 is private or mapped and page 0 is cached", "");
    run.says("page 512 is pinned or mapped and uptodate", "24..38");
    run.says("page 512 is (pinned or mapped) and uptodate", "24..38");
    run.says("page 512 is (pinned or cached) and not (mapped or private)", "22..23 36..54");
    run.says("page 512 is not private and is not mapped and not is cached", "9..21");
    run.says("page 512 is mapped and (gmem refused or page 512 is pinned)", "26..35");
    run.says("page 512 is pinned and not gmem refused", "26..36");
  }

  @Test
  void lines_and_scripts() {
    Spans run = blocked();
    run.says("take-back started", "29..");
    run.says("take-back is under way", "29..60");
    run.says("take-back is not under way", "0..28 61..");
    run.says("take-back ended", "61..");
    run.says("take-back = ok", "61..");
    run.says("take-back != ok", "");
    run.says("take-back != EAGAIN", "61..");
    run.says("take-back was refused", "");
    run.says("take-back was not refused", "0..");
    run.says("app-2 = SIGBUS", "73..");
    run.says("app-2 = 7", "");
    run.says("app-2 != 7", "73..");
    run.says("app-2 < 7", "");
    run.says("guest ended", "101..");
    run.says("app ended", "73..");
    run.says("vmm ended", "13..");
    run.says("app is dead", "73..");
    run.says("vmm is dead", "");
    run.says("kvm is dead", "");
    run.says("guest is stopped", "");
    run.says("app is not dead and guest ended", "");
    run.says("not app is dead and gmem refused", "37..72");
  }

  @Test
  void refusals_before_and_now() {
    Spans run = blocked();
    run.says("gmem refused", "37..");
    run.says("kvm refused", "");
    run.says("a call was refused", "37..");
    run.says("gmem refuses", "37..37");
    run.says("gmem refuses EAGAIN", "37..37");
    run.says("gmem refuses with EBUSY", "");
    run.says("kvm refuses", "");
    run.says("a call is refused", "37..37");
    run.says("a call is refused with EAGAIN", "37..37");
    run.says("a conversion is refused", "37..37");
    run.says("convert.to-private is refused with EAGAIN", "37..37");
    run.says("convert.to-shared is refused", "");
  }

  @Test
  void locks_and_operations() {
    Spans run = blocked();
    run.says("gmem holds invalidate exclusive", "3..11 33..36 47..57");
    run.says("gmem holds invalidate shared", "20..21 69..70 79..80");
    run.says("gmem holds invalidate", "3..11 20..21 33..36 47..57 69..70 79..80");
    run.says("invalidate is free", "0..2 12..19 22..32 37..46 58..68 71..78 81..");
    run.says("invalidate is not held", "0..2 12..19 22..32 37..46 58..68 71..78 81..");
    run.says("lock invalidate is held by convert.to-private", "33..36 47..57");
    run.says("invalidate is held exclusive by a conversion", "3..11 33..36 47..57");
    run.says("invalidate is held shared by host-fault", "20..21 69..70");
    run.says("a conversion holds invalidate", "3..11 33..36 47..57");
    run.says("kvm holds mmu", "83..86");
    run.says("mmu is held exclusive", "");
    run.says("folio is held", "22..23 80..80");
    run.says("slots is held", "");
    run.says("a conversion is under way", "2..11 32..36 46..57");
    run.says("convert.to-shared is under way", "2..11");
    run.says("host-fault is under way", "19..23 67..70");
    run.says("a fault is under way", "19..23 64..86");
    run.says("get-user-pages is under way", "18..24");
    run.says("an operation is not under way", "0..1 12..17 25..31 37..45 58..63 87..");
    run.says("a conversion is at unmap-host", "35..35 49..49");
    run.says("a conversion is at check-references", "36..36 50..50");
    run.says("a conversion is at store-attributes", "8..8 54..54");
    run.says("a fault is at map-page", "23..23");
  }

  // What that story does not have.

  @Test
  void one_waits_for_a_lock_that_another_holds() {
    Spans run =
        run(
            """
            story: Two threads convert at once.
            mode: sw-protected
            memory: {size: 4 pages, shared: 0..4 pages}
            parties: {t1: {kind: thread}, t2: {kind: thread}}
            script:
              t1: [{set-private: 0, name: first}]
              t2: [{set-private: 1 page, name: second}]
            """);
    String waits = run.when("a conversion waits for invalidate");
    assertThat(waits).isNotEmpty();
    run.says("a conversion waits for invalidate and a conversion holds invalidate", waits);
    run.says("a conversion waits for invalidate and invalidate is free", "");
    run.says("a conversion waits for mmu", "");
    run.says("first = ok and second = ok and t1 ended", run.when("first = ok and second = ok"));
  }

  @Test
  void what_a_thread_of_a_process_maps_and_pins_is_its_process() {
    Spans run =
        run(
            """
            story: A thread of a process touches, an io_uring pins.
            mode: sw-protected
            memory: {size: 4 pages, shared: 0..4 pages}
            parties:
              app: {kind: process}
              worker: {kind: thread, of: app}
              ring: {kind: io-uring}
            script:
              worker: [{store: {at: 0, value: 7}, name: write}, {load: 0, name: read}]
              ring: [{pin: 1 page..3 pages}]
            """);
    String mapped = run.when("page 0 is mapped");
    assertThat(mapped).isNotEmpty();
    run.says("page 0 is mapped by app", mapped);
    run.says("page 0 is mapped by worker", mapped);
    run.says("page 0 is mapped by ring", "");
    assertThat(run.when("page 1 is mapped by ring")).isNotEmpty();
    run.says("page 1 is mapped by vmm", run.when("page 1 is mapped by ring"));
    assertThat(run.when("any page is pinned by ring")).isNotEmpty();
    run.says("pages 1..2 are pinned by ring", run.when("any page is pinned by ring"));
    run.says("page 3 is pinned", "");
    run.says("any page is dma-mapped", "");
    run.says("read = 7", run.when("read ended"));
    run.says("read > 6 and read <= 7", run.when("read ended"));
    run.says("read = ok", run.when("read ended"));
    run.says("read != 7", "");
    assertThat(run.when("page 0 holds 7")).isNotEmpty();
  }

  @Test
  void a_frame_that_left_the_file_while_it_was_pinned_is_detached() {
    Spans run =
        run(
            """
            story: A hole is punched under a pin.
            mode: sw-protected
            memory: {size: 4 pages, shared: 0..4 pages}
            parties: {ring: {kind: io-uring}}
            script:
              ring:
                - pin: 1 page
                - await: punched
                - unpin: 1 page
              vmm:
                - await: ring-1
                - punch-hole: 1 page
                  name: punched
            """
                .replace("    - pin: 1 page\n", "    - pin: 1 page\n      name: pinned\n")
                .replace("ring-1", "pinned"));
    assertThat(run.when("page 1 is detached")).isNotEmpty();
    run.says("page 1 is detached and cached", "");
    run.says("page 1 is detached and pinned", "");
    run.says("any page of 2..3 is detached", "");
  }

  @Test
  void host_faults_are_forbidden_where_a_revision_forbids_them() {
    Spans run =
        Spans.of(
            Stories.load(
                stories.file(
                    "rfc.yaml",
                    """
                    story: A page is taken back.
                    mode: tdx
                    revision: rfc-2024-09
                    memory: {size: 2 pages, shared: 0..2 pages}
                    script:
                      vmm: [{set-private: 0, name: convert}]
                    """),
                ScenarioLoader.Overrides.NONE));
    run.says("page 0 is private", run.when("page 0 is private for kvm"));
    run.says("page 0 is private for gmem", "");
    run.says("convert = ok", run.when("convert ended"));
    run.says("convert = ok and page 0 is faultable", "");
    run.says("convert = ok and page 1 is faultable", run.when("convert = ok"));
    assertThat(run.when("convert = ok")).isNotEmpty();
    assertThat(run.when("page 0 is faultable")).isNotEmpty();
    assertThat(run.when("kvm holds slots")).isNotEmpty();
  }

  @Test
  void shared_memory_of_its_own_is_a_file_of_its_own() {
    Spans run =
        run(
            """
            story: Each page is there twice.
            mode: sw-protected
            revision: linux-7.3
            memory: {size: 2 pages, shared: 0..2 pages}
            parties: {ring: {kind: io-uring}}
            script:
              vmm: [{store: {at: 0, value: 7}, name: write}]
              ring: [{await: write}, {pin: 0}]
            """);
    run.says("page 0 holds 7", "");
    assertThat(run.when("page 0 of shmem holds 7")).isNotEmpty();
    run.says("page 0 is mapped", "");
    assertThat(run.when("any page of 0..1 of shmem is mapped by vmm")).isNotEmpty();
    run.says("page 0 is pinned by ring", "");
    assertThat(run.when("page 0 of shmem is pinned by ring")).isNotEmpty();
    assertThat(run.when("host-fault is under way")).isNotEmpty();
    assertThat(run.when("shmem holds folio")).isNotEmpty();
    run.says("gmem holds folio", "");
    run.says("folio is held by host-fault", run.when("shmem holds folio"));
  }

  @Test
  void a_dead_vmm_takes_the_vm_with_it() {
    Spans run =
        run(
            """
            story: The VMM is killed while the guest loads.
            mode: tdx
            memory: {size: 2 pages, shared: 0..2 pages}
            parties: {cpu1: {kind: vcpu}, app: {kind: process}}
            script:
              app: [{kill: vmm, name: kill}]
              cpu1: [{await: kill}, {load: 0, name: read}]
            """);
    assertThat(run.when("vmm is dead")).isNotEmpty();
    run.says("kill = ok", run.when("kill ended"));
    run.says("read = ok", "");
    assertThat(run.when("read ended")).isNotEmpty();
    assertThat(run.when("kvm is dead")).isNotEmpty();
  }

  @Test
  void names_that_are_words_of_the_language() {
    Spans run =
        run(
            """
            story: A person likes short names.
            mode: sw-protected
            memory: {size: 2 pages, shared: 0..2 pages}
            parties: {mmu: {kind: process}, a: {kind: process}}
            script:
              mmu: [{load: 0, name: page}, {load: 0, name: shared}, {load: 0, name: line}]
              a: [{load: 0, name: not}]
            """);
    String page = run.when("line page ended");
    assertThat(page).isNotEmpty();
    run.says("line page = 0", page);
    run.says("shared = 0", run.when("line shared ended"));
    run.says("page 0 is shared and shared = 0", run.when("shared ended"));
    run.says("page 0 is shared and line shared = 0", run.when("shared ended"));
    run.says("line = 0", run.when("mmu ended"));
    run.says("line line ended", run.when("mmu ended"));
    run.says("line not = 0", run.when("a ended"));
    run.says("not line not = 0 and a ended", "");
    run.says("party mmu ended", run.when("mmu ended"));
    run.says("mmu is dead", "");
    run.says("lock mmu is free", "0..");
    run.says("a conversion is under way", run.when("convert.to-shared is under way"));
  }

  // A pure predicate.

  @Test
  void the_second_is_not_asked_where_the_first_says_all() {
    Condition so = new Condition.Not(new Condition.Dead(Parties.VMM));
    Condition unaskable = new Condition.Dead(PartyId.of(PartyKind.HOST_IO, "nobody"));
    World world = blocked().last();
    assertThat(new Condition.Or(so, unaskable).holds(world)).isTrue();
    assertThat(new Condition.And(new Condition.Not(so), unaskable).holds(world)).isFalse();
    assertThatThrownBy(() -> new Condition.And(so, unaskable).holds(world))
        .hasMessage("there is no party nobody");
  }

  @Test
  void an_expression_is_equal_to_one_that_was_read_again() {
    Scenario scenario =
        Stories.load("tdx/good-blocked-by-vfio-then-retried", ScenarioLoader.Overrides.NONE);
    String text = "any page is (pinned by nic or mapped) and gmem refuses EAGAIN or take-back = ok";
    assertThat(Spans.parse(scenario, text)).isEqualTo(Spans.parse(scenario, text));
    assertThat(Spans.parse(scenario, text)).hasToString(text);
  }

  @Test
  void a_terabyte_is_as_quick_as_a_page() {
    Scenario scenario =
        stories.scenario(
            """
            story: A large guest.
            mode: sw-protected
            memory: {size: 1 TiB, shared: 0..1 TiB}
            parties: {app: {kind: process}}
            script:
              app: [{store: {at: 2 MiB, value: 7}, name: write}]
            """);
    Spans run = Spans.of(scenario);
    Expression expression =
        Spans.parse(
            scenario,
            "any page holds 7 and is mapped and has refcount = 2 and is not private"
                + " and all pages are (shared or cached)");
    long so = IntStream.range(0, 200).filter(_ -> expression.holds(run.last())).count();
    assertThat(so).isEqualTo(200);
  }
}
