package dev.faultline.protocol.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NodeTest {

  private static final int PAGES = 100_000;

  /** Pieces that all differ, so that none is left out. */
  private static NavigableMap<Long, Optional<Integer>> pieces(
      Random random, int count, long from, long last, int firstValue) {
    NavigableMap<Long, Optional<Integer>> pieces = new TreeMap<>();
    for (int value = 0; value < count; value++) {
      pieces.put(random.nextLong(from, last + 1), Optional.of(firstValue + value));
    }
    return pieces;
  }

  private static Pieces<Integer> collected(Map<Long, Optional<Integer>> pieces) {
    Pieces<Integer> collected = new Pieces<>(Optional.empty());
    pieces.forEach(collected::add);
    return collected;
  }

  private static NavigableMap<Long, Optional<Integer>> read(Node<Integer> node) {
    NavigableMap<Long, Optional<Integer>> pieces = new TreeMap<>();
    switch (node) {
      case Leaf<Integer> leaf -> {
        for (int index = 0; index < leaf.entries(); index++) {
          pieces.put(leaf.start(index), leaf.value(index));
        }
      }
      case Inner<Integer> inner -> {
        for (int index = 0; index < inner.entries(); index++) {
          pieces.putAll(read(inner.child(index)));
        }
      }
    }
    return pieces;
  }

  /** What is wrong with the shape of a tree. */
  private static List<String> faults(Node<Integer> node) {
    List<String> faults = new ArrayList<>();
    if (node instanceof Inner<Integer> inner) {
      if (inner.entries() < 2) {
        faults.add("a root with one child");
      }
      for (int index = 0; index < inner.entries(); index++) {
        Node<Integer> child = inner.child(index);
        if (child.entries() < Node.FEWEST || child.entries() > Node.MOST) {
          faults.add(child.entries() + " entries at " + child.first());
        }
        if (child.height() != inner.height() - 1) {
          faults.add("height " + child.height() + " below " + inner.height());
        }
        if (child.first() != inner.start(index)) {
          faults.add("start " + inner.start(index) + " over " + child.first());
        }
        faults.addAll(faults(child));
      }
    }
    return faults;
  }

  private static int nodeCount(Collection<Node<Integer>> nodes) {
    return nodes.stream()
        .mapToInt(
            node ->
                switch (node) {
                  case Leaf<Integer> _ -> 1;
                  case Inner<Integer> inner -> {
                    List<Node<Integer>> children = new ArrayList<>();
                    for (int index = 0; index < inner.entries(); index++) {
                      children.add(inner.child(index));
                    }
                    yield 1 + nodeCount(children);
                  }
                })
        .sum();
  }

  @Test
  void a_tree_stays_in_shape_whatever_is_replaced_cut_and_joined() {
    Random random = new Random(1);
    Node<Integer> tree = Leaf.empty();
    NavigableMap<Long, Optional<Integer>> expected = new TreeMap<>();
    int highest = 0;
    for (int change = 0; change < 2000; change++) {
      long from = random.nextLong(PAGES);
      long last = Math.min(PAGES - 1, from + random.nextLong(1L << random.nextInt(17)));
      // Mostly growing at first, mostly shrinking at last.
      int most = random.nextInt(2000) < change ? 2 : 1 << random.nextInt(14);
      NavigableMap<Long, Optional<Integer>> put =
          pieces(random, random.nextInt(most), from, last, change << 15);
      tree = tree.replace(from, last, collected(put));
      expected.subMap(from, true, last, true).clear();
      expected.putAll(put);
      assertThat(faults(tree)).as("change %d", change).isEmpty();
      highest = Math.max(highest, tree.height());

      long page = random.nextLong(PAGES);
      Map.Entry<Long, Optional<Integer>> floor = expected.floorEntry(page);
      assertThat(tree.at(page)).isEqualTo(floor == null ? Optional.empty() : floor.getValue());
      if (change % 20 == 0) {
        Node<Integer> before = tree.before(page);
        Node<Integer> rest = tree.from(page);
        assertThat(read(tree)).as("change %d", change).isEqualTo(expected);
        assertThat(read(before)).isEqualTo(expected.headMap(page));
        assertThat(read(rest)).isEqualTo(expected.tailMap(page));
        assertThat(faults(before)).isEmpty();
        assertThat(faults(rest)).isEmpty();
        Node<Integer> joined = Node.join(before, rest);
        Node<Integer> built = collected(expected).tree();
        assertThat(faults(joined)).isEmpty();
        assertThat(faults(built)).isEmpty();
        assertThat(Node.same(tree, joined)).isTrue();
        assertThat(Node.same(tree, built)).isTrue();
        assertThat(List.of(joined.hash(), built.hash())).containsOnly(tree.hash());
        if (!expected.isEmpty()) {
          long gone = expected.firstKey();
          assertThat(Node.same(tree, tree.replace(gone, gone, collected(new TreeMap<>()))))
              .isFalse();
        }
      }
    }
    assertThat(highest).as("deep enough to show something").isGreaterThanOrEqualTo(2);
  }

  @Test
  void a_small_change_shares_all_but_the_way_to_it() {
    NavigableMap<Long, Optional<Integer>> pieces = pieces(new Random(2), 50_000, 0, PAGES, 0);
    Node<Integer> tree = collected(pieces).tree();
    for (long page : pieces.keySet()) {
      Node<Integer> changed =
          tree.replace(page, page, collected(new TreeMap<>(Map.of(page, Optional.of(-1)))));
      if (unshared(tree, changed) != tree.height() + 1 || Node.same(tree, changed)) {
        assertThat(unshared(tree, changed)).as("page %d", page).isEqualTo(tree.height() + 1);
        assertThat(Node.same(tree, changed)).as("page %d", page).isFalse();
      }
    }
    assertThat(nodeCount(List.of(tree))).isGreaterThan(500);
  }

  /** How many nodes of the second tree are not in the first at the same place. */
  private static int unshared(Node<Integer> one, Node<Integer> other) {
    if (one == other) {
      return 0;
    }
    int count = 1;
    if (one instanceof Inner<Integer> first && other instanceof Inner<Integer> second) {
      for (int index = 0; index < second.entries(); index++) {
        count += unshared(first.child(index), second.child(index));
      }
    }
    return count;
  }
}
