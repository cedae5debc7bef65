package dev.faultline.conform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.hostio.HostIoSetup;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.memory.RangeSet;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.protocol.message.ScriptToGuest;
import dev.faultline.protocol.message.ScriptToHostIo;
import dev.faultline.protocol.message.ScriptToVmm;
import dev.faultline.protocol.message.View;
import dev.faultline.scenario.Library;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.testing.FakeDesigns;
import dev.faultline.world.Await;
import dev.faultline.world.HostUser;
import dev.faultline.world.Parties;
import dev.faultline.world.Script;
import dev.faultline.world.ScriptAction;
import dev.faultline.world.ScriptLine;
import dev.faultline.world.WorldSetup;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Scenarios as traces: a world and the bench give the same answers to the same operations. */
class EmissionTest {

  private static final Position HERE = Position.ofFile("EmissionTest");
  private static final Library.OfFiles LIBRARY = new Library.OfFiles(Path.of(""));

  private static final PartyId GUEST = PartyId.of(PartyKind.GUEST, "guest");
  private static final PartyId RING = PartyId.of(PartyKind.HOST_IO, "ring");
  private static final PartyId DISK = PartyId.of(PartyKind.HOST_IO, "disk");
  private static final PartyId THREAD = PartyId.of(PartyKind.HOST_IO, "thread");
  private static final int PAGES = 8;

  private static Mode mode(String name) {
    return ScenarioLoader.mode(LIBRARY, name, HERE, new Problems()).orElseThrow();
  }

  private static Revision revision(String name) {
    return ScenarioLoader.revision(LIBRARY, name, HERE, new Problems()).orElseThrow();
  }

  /** What conform says about the lines with their answers, read as it reads a file. */
  private static Conformance.Result conform(WorldSetup setup, List<Emission.Line> lines)
      throws IOException {
    String text =
        lines.stream().map(Emission.Line::answered).collect(Collectors.joining("\n", "", "\n"));
    Problems problems = new Problems();
    Optional<Trace> trace =
        TraceReader.read(
            "emitted", new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), problems);
    assertThat(problems.render()).isEmpty();
    Model bench = Bench.of(setup.revision(), List.of(mode("default"), mode("sw-protected")));
    return Conformance.compare(trace.orElseThrow(), setup.revision().name(), bench, problems)
        .orElseThrow();
  }

  // What is shipped.

  static List<String> sequential() {
    return Stream.of(
            "both-copies-are-kept",
            "pinned-pages-refuse",
            "punched-page-is-fresh",
            "share-a-page-in-place")
        .map(name -> "sw-protected/good-" + name)
        .toList();
  }

  private static WorldSetup shipped(String name) {
    return ScenarioLoader.load(LIBRARY, name, ScenarioLoader.Overrides.NONE, new Problems())
        .orElseThrow()
        .setup();
  }

  @ParameterizedTest
  @MethodSource("sequential")
  void conform_agrees_with_a_shipped_scenario(String name) throws Exception {
    WorldSetup setup = shipped(name);
    List<Emission.Line> lines = Emission.of(setup);
    Conformance.Result result = conform(setup, lines);
    assertThat(result.first()).isEmpty();
    assertThat(result.agreements()).isEqualTo(lines.size());
    assertThat(lines).hasSizeGreaterThan(10);
  }

  @Test
  void a_page_shared_in_place_is_these_operations() throws Exception {
    assertThat(
            Emission.of(shipped("sw-protected/good-share-a-page-in-place")).stream()
                .map(Emission.Line::bare))
        .containsExactly(
            "{\"op\":\"new 1\"}",
            "{\"op\":\"gmem 16p 3\"}",
            "{\"op\":\"mmap g0 0 16p\"}",
            "{\"op\":\"mmap g0 0 16p\"}",
            "{\"op\":\"slot 1 256p 16p 4 g0 0 m0\"}",
            "{\"op\":\"gwrite 260p 7\"}",
            "{\"op\":\"read m0 4p\"}",
            "{\"op\":\"attr2 g0 4p 2p 8\"}",
            "{\"op\":\"gread 260p\"}",
            "{\"op\":\"gwrite 260p 9\"}",
            "{\"op\":\"attr2 g0 4p 1p 0\"}",
            "{\"op\":\"read m0 4p\"}",
            "{\"op\":\"read m1 4p\"}",
            "{\"op\":\"read m1 5p\"}",
            "{\"op\":\"munmap m1\"}");
  }

  // Any order of anything that has a word.

  private static Message any(Random random, PartyId party, boolean converts) {
    int first = random.nextInt(PAGES);
    GfnRange page = new GfnRange(first, first + 1);
    GfnRange range = new GfnRange(first, first + 1 + random.nextInt(PAGES - first));
    long start = range.start() * Page.BYTES;
    long size = range.pageCount() * Page.BYTES;
    Access access =
        random.nextBoolean() ? new Access.Load() : new Access.Store(1 + random.nextInt(255));
    View view = random.nextBoolean() ? View.PRIVATE : View.SHARED;
    boolean convert = converts && random.nextInt(3) == 0;
    if (party.equals(GUEST)) {
      return new ScriptToGuest.Touch(page, Optional.empty(), access);
    }
    if (party.equals(Parties.VMM)) {
      return convert
          ? new ScriptToVmm.SetAttributes(start, size, view)
          : random.nextBoolean() ? new ScriptToVmm.PunchHole(range) : new ScriptToVmm.Unmap(range);
    }
    return convert
        ? new ScriptToHostIo.SetAttributes(start, size, view)
        : new ScriptToHostIo.Touch(page, access);
  }

  /** Scripts of which each line waits for the one before it, whosever it is. */
  private static List<Script> chained(Random random, boolean converts, List<ScriptLine> start) {
    SortedMap<PartyId, List<ScriptLine>> scripts = new TreeMap<>();
    scripts.put(Parties.VMM, new ArrayList<>(start));
    String last = start.isEmpty() ? "" : start.getLast().name();
    List<PartyId> parties = List.of(GUEST, Parties.VMM, THREAD, RING, DISK);
    GfnRange pinned = new GfnRange(0, 1);
    boolean holds = false;
    for (int number = 1; number <= 30; number++) {
      PartyId party = parties.get(random.nextInt(parties.size()));
      List<Message> messages = new ArrayList<>();
      if (party.equals(DISK)) {
        long page = random.nextInt(PAGES);
        GfnRange at = new GfnRange(page, page + 1);
        Access access = random.nextBoolean() ? new Access.Load() : new Access.Store(0);
        messages.add(new ScriptToHostIo.Pin(at));
        messages.add(new ScriptToHostIo.Transfer(at, access));
        messages.add(new ScriptToHostIo.Unpin(at));
      } else if (party.equals(RING)) {
        if (!holds) {
          long page = random.nextInt(PAGES - 1);
          pinned = new GfnRange(page, page + 1 + random.nextInt(2));
        }
        messages.add(holds ? new ScriptToHostIo.Unpin(pinned) : new ScriptToHostIo.Pin(pinned));
        holds = !holds;
      } else {
        messages.add(any(random, party, converts));
      }
      for (Message message : messages) {
        String name = "line-" + number + "-" + messages.indexOf(message);
        List<Await> awaits = last.isEmpty() ? List.of() : List.of(new Await.Ended(last));
        scripts
            .computeIfAbsent(party, _ -> new ArrayList<>())
            .add(new ScriptLine(name, awaits, new ScriptAction.Tell(message), number));
        last = name;
      }
    }
    return scripts.entrySet().stream()
        .map(entry -> new Script(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static WorldSetup random(Mode mode, Revision revision, Random random) {
    GfnRange ram = new GfnRange(0, PAGES);
    boolean all = !mode.privateMemory() || random.nextBoolean();
    GfnRange shared = all ? ram : new GfnRange(0, 5);
    View first = revision.first(mode).start().getFirst().target();
    GfnRange called = first == View.SHARED ? shared : new GfnRange(5, PAGES);
    List<ScriptLine> start =
        all && first == View.PRIVATE
            ? List.of()
            : List.of(
                new ScriptLine(
                    "start-1",
                    List.of(),
                    new ScriptAction.Tell(new ScriptToVmm.SetFirstView(called, first)),
                    0));
    return new WorldSetup(
        mode,
        revision,
        FakeDesigns.vmm(),
        FakeDesigns.guest(),
        PAGES,
        RangeSet.of(shared),
        List.of(GUEST),
        List.of(
            new HostUser(RING, HostIoSetup.Kind.IO_URING, Optional.empty()),
            new HostUser(DISK, HostIoSetup.Kind.O_DIRECT, Optional.empty()),
            new HostUser(THREAD, HostIoSetup.Kind.THREAD, Optional.empty())),
        List.of(),
        chained(random, mode.privateMemory(), start),
        WorldSetup.CHANNEL_BOUND);
  }

  @ParameterizedTest
  @CsvSource({
    "sw-protected, in-place-v8",
    "sw-protected, linux-7.3",
    "default, in-place-v8",
    "default, linux-7.3"
  })
  void a_world_and_the_bench_say_the_same_to_anything_that_has_a_word(
      String modeName, String revisionName) throws Exception {
    Mode mode = mode(modeName);
    Revision revision = revision(revisionName);
    int written = 0;
    List<String> refusals = new ArrayList<>();
    for (int seed = 1; seed <= 100; seed++) {
      WorldSetup setup = random(mode, revision, new Random(seed));
      try {
        List<Emission.Line> lines = Emission.of(setup);
        assertThat(conform(setup, lines).first()).as("seed %d", seed).isEmpty();
        written++;
      } catch (Unwritable refused) {
        refusals.add(refused.reason());
      }
    }
    assertThat(written).as("%s", refusals).isGreaterThan(30);
  }
}
