package dev.faultline.explore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Searches of tests, to the end. */
final class Searches {

  static final Explorer.Watcher NOBODY =
      new Explorer.Watcher() {
        @Override
        public void at(Explorer.Progress progress) {}

        @Override
        public boolean stops() {
          return false;
        }
      };

  /** Stops a search that has seen so many states. */
  static final class StopAt implements Explorer.Watcher {
    private final long limit;
    private long states;

    StopAt(long limit) {
      this.limit = limit;
    }

    @Override
    public void at(Explorer.Progress progress) {
      states = progress.states();
    }

    @Override
    public boolean stops() {
      return states >= limit;
    }
  }

  private Searches() {}

  static Explorer explorer(Model model) {
    return new Explorer(model, List.of(), Set.of(), Optional.empty());
  }

  static Report explore(Model model, int workers) {
    return explorer(model).explore(workers, Reductions.NONE, Bounds.NONE, NOBODY);
  }

  /** Expands all levels of a model, with no questions; how a search goes may be set before. */
  static Search expand(Model model, Workers workers, UnaryOperator<Search> set) {
    Search search = set.apply(new Search(model, Reductions.NONE, workers, List.of()));
    while (search.store().size(search.level()) > 0) {
      search.expand(() -> false);
    }
    return search;
  }

  /** How many states each level has. */
  static List<Integer> levels(Search search) {
    List<Integer> sizes = new ArrayList<>();
    for (int level = 0; level < search.store().levels(); level++) {
      if (search.store().size(level) > 0) {
        sizes.add((int) search.store().size(level));
      }
    }
    return sizes;
  }

  /** All states of all levels in the order in which they were found, by what their slots hold. */
  static List<Map<Slot<?>, Object>> states(Search search) {
    List<Map<Slot<?>, Object>> states = new ArrayList<>();
    Store store = search.store();
    for (int level = 0; level < store.levels(); level++) {
      for (int region = 0; region < Store.REGIONS; region++) {
        for (int index = store.start(level, region); index < store.end(level, region); index++) {
          Sight sight =
              Memo.plain(
                  search.space(),
                  store.regions[region].block(index),
                  store.regions[region].offset(index));
          states.add(values(search, sight));
        }
      }
    }
    return states;
  }

  /** What slots hold that do not hold what they begin with. */
  private static Map<Slot<?>, Object> values(Search search, Sight sight) {
    Map<Slot<?>, Object> values = new LinkedHashMap<>();
    for (Slot<?> slot : search.space().slots()) {
      Object value = sight.get(slot);
      if (!value.equals(slot.initial())) {
        values.put(slot, value);
      }
    }
    return values;
  }
}
