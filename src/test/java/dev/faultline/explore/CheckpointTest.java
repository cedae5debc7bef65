package dev.faultline.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.faultline.explore.world.WorldModel;
import dev.faultline.explore.yardstick.Yardstick;
import dev.faultline.explore.yardstick.Yardstick.Bug;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.testing.RandomModel;
import dev.faultline.testing.Stories;
import dev.faultline.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A search that goes on from a file ends as if nothing had happened to it. */
class CheckpointTest {

  private static final Model SMALL = new RandomModel(10, 4, 3, 1, 5);

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("search.checkpoint");
  }

  private Checkpoint checkpoint(Duration every) {
    return new Checkpoint(file(), "a search", "digest", every);
  }

  private Checkpoint seldom() {
    return checkpoint(Duration.ofDays(1));
  }

  /** A watcher that ends a search when it was asked so often, as Ctrl-C or a kill does. */
  private record Ending(int[] asked, int limit, boolean kills) implements Explorer.Watcher {

    static Ending stop(int limit) {
      return new Ending(new int[1], limit, false);
    }

    static Ending kill(int limit) {
      return new Ending(new int[1], limit, true);
    }

    @Override
    public void at(Explorer.Progress progress) {}

    @Override
    public boolean stops() {
      asked[0]++;
      if (kills && asked[0] > limit) {
        throw new Killed();
      }
      return asked[0] > limit;
    }
  }

  private static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private static WorldModel world(String name) {
    Scenario scenario = Stories.load(name, ScenarioLoader.Overrides.NONE);
    return new WorldModel(World.start(scenario.setup()), scenario.properties(), false);
  }

  /** Searches in which all is in a report that there can be. */
  static Stream<Explorer> explorers() {
    WorldModel breaking = world("tdx/bad-fault-races-conversion-without-lock");
    return Stream.of(
        Searches.explorer(new Yardstick(2, 2, Bug.NONE)),
        Searches.explorer(new Yardstick(2, 3, Bug.CHECK_BEFORE_UNMAP)),
        new Explorer(
            new RandomModel(1, 12, 200, 7, 5),
            List.of(
                new Goal("begins", sight -> Optional.of("at once"), false),
                new Goal("no end", sight -> Optional.empty(), false)),
            Set.of("Never0", "Never1", "NobodyIsStuck"),
            Optional.of(RandomModel::ending)),
        new Explorer(
            breaking,
            List.of(),
            Set.of("PrivatePageIsNeverHostMapped"),
            Optional.of(sight -> breaking.world(sight).scripts().toString())),
        Searches.explorer(breaking),
        Searches.explorer(world("sw-protected/good-punch-meets-load-and-conversion")));
  }

  private static void assertSame(Report report, Report expected) {
    assertThat(report)
        .usingRecursiveComparison()
        .ignoringFields("seconds", "workers")
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("explorers")
  void a_search_that_is_stopped_again_and_again_ends_as_one_that_is_not(Explorer explorer)
      throws IOException {
    assertEndsAlike(explorer, Reductions.NONE);
  }

  @ParameterizedTest
  @MethodSource("explorers")
  void a_search_that_leaves_out_what_shows_nothing_new_ends_so_too(Explorer explorer)
      throws IOException {
    assertEndsAlike(explorer, Reductions.ALL);
  }

  private void assertEndsAlike(Explorer explorer, Reductions reductions) throws IOException {
    Report whole = explorer.explore(1, reductions, Bounds.NONE, Searches.NOBODY);
    for (int often : new int[] {0, 3, 17}) {
      Files.deleteIfExists(file());
      int workers = 1;
      int cuts = 0;
      while (true) {
        Report report =
            explorer.explore(
                workers,
                reductions,
                Bounds.NONE,
                Ending.stop(Math.max(often, 1)),
                Optional.of(seldom()));
        if (!(report.verdict() instanceof Verdict.Bounded) || cuts == 40) {
          break;
        }
        cuts++;
        workers = 3 - workers;
      }
      assertThat(cuts).isPositive();
      assertSame(
          explorer.explore(1, reductions, Bounds.NONE, Searches.NOBODY, Optional.of(seldom())),
          whole);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 13, 30, 45, 57})
  void the_yardstick_is_killed_and_goes_on(int limit) {
    Explorer explorer = Searches.explorer(new Yardstick(2, 3, Bug.NONE));
    assertThatThrownBy(
            () ->
                explorer.explore(
                    2,
                    Reductions.NONE,
                    Bounds.NONE,
                    Ending.kill(limit),
                    Optional.of(checkpoint(Duration.ZERO))))
        .isInstanceOf(Killed.class);
    assertThat(file()).exists();
    Report report =
        explorer.explore(1, Reductions.NONE, Bounds.NONE, Searches.NOBODY, Optional.of(seldom()));
    assertThat(report.verdict()).isEqualTo(new Verdict.Holds());
    assertThat(report.states()).isEqualTo(303_542);
    assertThat(report.transitions()).isEqualTo(1_794_926);
    assertThat(report.levels()).isEqualTo(59);
  }

  /** Two searches that write the same bytes have seen the same states in the same order. */
  @Test
  void the_same_states_come_in_the_same_order() throws IOException {
    Explorer explorer = Searches.explorer(new Yardstick(2, 3, Bug.NONE));
    Bounds bounds = new Bounds(45, Long.MAX_VALUE, Long.MAX_VALUE);
    explorer.explore(1, Reductions.NONE, bounds, Searches.NOBODY, Optional.of(seldom()));
    byte[] whole = content();
    for (int limit : new int[] {5, 33, 44}) {
      Files.delete(file());
      explorer.explore(2, Reductions.NONE, bounds, Ending.stop(limit), Optional.of(seldom()));
      byte[] cut = content();
      explorer.explore(2, Reductions.NONE, bounds, Searches.NOBODY, Optional.of(seldom()));
      assertThat(cut.length).isLessThan(whole.length);
      assertThat(content()).isEqualTo(whole);
    }
  }

  static Stream<Model> models() {
    return Stream.of(
        new Yardstick(1, 3, Bug.NONE),
        new RandomModel(4, 12, 200, 7, 5),
        new RandomModel(10, 60, 4_000, 3, 5),
        world("tdx/good-mapgpa-in-pieces"));
  }

  private static Search search(Model model, Workers workers) {
    Search search = new Search(model, Reductions.NONE, workers, List.of());
    search.chunk = 1;
    search.largestChunk = 4;
    search.shared = 2;
    return search;
  }

  /** Expands all levels, or as far as it takes to have enough. */
  private static void expand(Search search, BooleanSupplier enough) {
    while (search.store().size(search.level()) > 0) {
      if (search.expand(enough) > 0) {
        return;
      }
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void a_level_goes_on_at_the_chunk_where_it_was_cut(Model model) throws IOException {
    try (Workers workers = new Workers(2)) {
      Search whole = search(model, workers);
      expand(whole, () -> false);
      List<Map<Slot<?>, Object>> states = Searches.states(whole);
      int cuts = 0;
      for (int limit = 1; limit < 2_000; limit += 1 + limit / 2) {
        Search first = search(model, workers);
        int left = limit;
        int[] chunks = new int[1];
        expand(
            first,
            () -> {
              chunks[0]++;
              if (chunks[0] == left) {
                save(first);
              }
              return chunks[0] == left;
            });
        if (chunks[0] < limit) {
          break;
        }
        cuts++;
        Search second = search(model, workers);
        seldom().read(second::read);
        expand(second, () -> false);
        assertThat(second.transitions()).isEqualTo(whole.transitions());
        assertThat(second.decided()).isEqualTo(whole.decided());
        assertThat(Searches.states(second)).isEqualTo(states);
      }
      assertThat(cuts).isGreaterThan(8);
    }
  }

  private void save(Search search) {
    try {
      seldom().write(search::write);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Without the time that it took, and the sum. */
  private byte[] content() throws IOException {
    byte[] bytes = Files.readAllBytes(file());
    return Arrays.copyOf(bytes, bytes.length - 16);
  }

  @Test
  void a_bound_that_is_wider_now_is_gone_up_to() {
    Explorer explorer = Searches.explorer(new Yardstick(2, 2, Bug.NONE));
    for (int depth : new int[] {7, 7, 20, 3, 41}) {
      Report report =
          explorer.explore(
              1,
              Reductions.NONE,
              new Bounds(depth, Long.MAX_VALUE, Long.MAX_VALUE),
              Searches.NOBODY,
              Optional.of(seldom()));
      assertThat(report.levels()).isEqualTo(Math.max(depth, depth == 3 ? 20 : 0) + 1);
    }
    assertThat(
            explorer
                .explore(1, Reductions.NONE, Bounds.NONE, Searches.NOBODY, Optional.of(seldom()))
                .states())
        .isEqualTo(36_456);
  }

  private Throwable refusal(Model model, Checkpoint checkpoint) {
    return catchThrowable(
        () ->
            Searches.explorer(model)
                .explore(
                    1, Reductions.NONE, Bounds.NONE, Searches.NOBODY, Optional.of(checkpoint)));
  }

  private void assertRefused(Model model, Checkpoint checkpoint, String why) {
    assertThat(refusal(model, checkpoint))
        .isInstanceOf(Checkpoint.Refused.class)
        .hasMessage(file() + " " + why);
  }

  private byte[] stopped() throws IOException {
    Searches.explorer(SMALL)
        .explore(1, Reductions.NONE, Bounds.NONE, Ending.stop(3), Optional.of(seldom()));
    return Files.readAllBytes(file());
  }

  @Test
  void a_file_of_which_any_byte_is_damaged_is_refused() throws IOException {
    byte[] bytes = stopped();
    for (int at = 0; at < bytes.length; at++) {
      byte[] damaged = bytes.clone();
      damaged[at] ^= (byte) (1 << at % 8);
      Files.write(file(), damaged);
      assertThat(refusal(SMALL, seldom())).as("byte %d", at).isInstanceOf(Checkpoint.Refused.class);
    }
  }

  @Test
  void a_torn_file_is_refused_wherever_it_is_torn() throws IOException {
    byte[] bytes = stopped();
    for (int length = 0; length < bytes.length; length++) {
      Files.write(file(), Arrays.copyOf(bytes, length));
      assertThat(refusal(SMALL, seldom()))
          .as("length %d", length)
          .isInstanceOf(Checkpoint.Refused.class);
    }
    Files.write(file(), Arrays.copyOf(bytes, bytes.length + 1));
    assertRefused(SMALL, seldom(), "is damaged; delete it, and the search begins anew");
  }

  @Test
  void a_file_that_is_of_something_else_is_refused() throws IOException {
    stopped();
    assertRefused(
        SMALL,
        new Checkpoint(file(), "another search", "digest", Duration.ZERO),
        "is a checkpoint of another search: a search; name another file for another search");
    assertRefused(
        SMALL,
        new Checkpoint(file(), "a search", "another digest", Duration.ZERO),
        "is a checkpoint of a search as it was before its files or options changed; name another"
            + " file");
    assertRefused(
        new RandomModel(11, 4, 3, 1, 5),
        seldom(),
        "is of a program that decides otherwise than this one; delete it, and the search begins"
            + " anew");
    Files.writeString(file(), "{\"format\": 1, \"step\": 1, \"party\": \"guest\"}\n");
    assertRefused(SMALL, seldom(), "is no checkpoint; name another file");
    byte[] later = "faultline checkpoint\n\7and whatever format 7 has".getBytes("UTF-8");
    Files.write(file(), later);
    assertRefused(
        SMALL, seldom(), "is written in format 7, and this program reads 1; name another file");
  }

  @Test
  void a_file_that_cannot_be_written_is_refused_before_the_search() {
    Path file = folder.resolve("missing").resolve("search.checkpoint");
    assertThat(refusal(SMALL, new Checkpoint(file, "a search", "digest", Duration.ZERO)))
        .isInstanceOf(Checkpoint.Refused.class)
        .hasMessage(
            file + " cannot be written: there is no such folder; name a file in another folder");
  }

  @Test
  void a_search_goes_on_where_its_checkpoint_cannot_be_written_any_more() throws IOException {
    Path gone = Files.createDirectory(folder.resolve("gone"));
    int[] unsaved = new int[1];
    Report report =
        Searches.explorer(SMALL)
            .explore(
                1,
                Reductions.NONE,
                Bounds.NONE,
                new Explorer.Watcher() {
                  @Override
                  public void at(Explorer.Progress progress) {
                    gone.toFile().delete();
                  }

                  @Override
                  public boolean stops() {
                    return false;
                  }

                  @Override
                  public void unsaved(IOException failure) {
                    unsaved[0]++;
                  }
                },
                Optional.of(
                    new Checkpoint(gone.resolve("search"), "a search", "digest", Duration.ZERO)));
    assertThat(report.verdict()).isEqualTo(new Verdict.Holds());
    assertThat(unsaved[0]).isPositive();
  }
}
