package dev.faultline.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What actors do, as changes of bits: 0 is nothing, else the place of a list of outcomes, each a
 * word to be xored for each word of a state.
 */
final class Outcomes {

  private static final long COMMUTES = 1L << 40;

  private final int words;
  private long[] changes = new long[1 << 10];
  private int used = 1;
  private boolean anyCommutes;
  private final Map<Said, Integer> places = new HashMap<>();

  Outcomes(int words) {
    this.words = words;
  }

  int words() {
    return words;
  }

  long bytes() {
    return 8L * changes.length;
  }

  /** A number that is alike where the outcomes are. */
  long sum() {
    long sum = words;
    for (int at = 0; at < used; at++) {
      sum = Course.sum(sum, changes[at]);
    }
    return sum;
  }

  /**
   * Adds the states that a list of outcomes leads to.
   *
   * @param room finds the states that are kept, if not all are
   * @return how many outcomes there are
   */
  int follow(
      int list, long[] states, int at, long[] next, Orbits.@Nullable Room room, Buffers buffers) {
    int count = count(list);
    int change = list + 1;
    for (int outcome = 0; outcome < count; outcome++) {
      for (int word = 0; word < words; word++) {
        next[word] = states[at + word] ^ changes[change++];
      }
      if (room != null) {
        room.canonical(next);
      }
      buffers.add(Store.region(next, 0, words), next, words);
    }
    return count;
  }

  /** The same for states of one word, all of which are kept. */
  int follow(int list, long state, Buffers buffers) {
    int count = count(list);
    for (int change = list + 1; change <= list + count; change++) {
      long next = state ^ changes[change];
      buffers.add((int) (Region.hash(next) >>> 56), next);
    }
    return count;
  }

  /** Whether a list is one step that commutes with those of all others. */
  boolean commutes(int list) {
    return (changes[list] & COMMUTES) != 0;
  }

  /** Whether there is such a list. */
  boolean anyCommutes() {
    return anyCommutes;
  }

  /** How many outcomes a list has. */
  int count(int list) {
    return (int) (changes[list] & ~COMMUTES);
  }

  /** Makes the state that one outcome of a list leads to. */
  void follow(int list, int outcome, long[] states, int at, long[] next) {
    for (int word = 0; word < words; word++) {
      next[word] = states[at + word] ^ changes[list + 1 + outcome * words + word];
    }
  }

  /** Lets an actor act for the first time in what it reads of a state. */
  static Said learn(Memo memo, Space space, Actor actor, long[] states, int at) {
    Memo.Learning learning = memo.learn(actor, states, at);
    Recorded recorded = new Recorded();
    actor.act(learning, recorded);
    List<List<Written>> moves = new ArrayList<>();
    boolean commutes = recorded.moves.size() == 1 && recorded.moves.getFirst().commutes();
    for (Recorded.Move move : recorded.moves) {
      List<Written> writes = new ArrayList<>();
      move.values()
          .forEach(
              (slot, value) ->
                  writes.add(
                      new Written(
                          slot, learning.numberOf(slot), space.number(space.index(slot), value))));
      moves.add(writes);
    }
    Said said = new Said(moves, commutes);
    learning.answer(said);
    return said;
  }

  /**
   * What an actor said that it can do.
   *
   * @param commutes it is one step, which commutes with those of all others
   */
  record Said(List<List<Written>> moves, boolean commutes) {}

  /** What is written into a slot, by numbers, which never change. */
  record Written(Slot<?> slot, int was, int is) {}

  /** The place of an actor's outcomes, as it said them. */
  int write(Space space, Object answer) {
    Said said = (Said) answer;
    List<List<Written>> moves = said.moves();
    Integer known = moves.isEmpty() ? Integer.valueOf(0) : places.get(said);
    if (known != null) {
      return known;
    }
    int size = 1 + moves.size() * words;
    if (used + size > changes.length) {
      changes = Arrays.copyOf(changes, Math.max(2 * changes.length, used + size));
    }
    int list = used;
    used += size;
    changes[list] = moves.size() | (said.commutes() ? COMMUTES : 0);
    anyCommutes |= said.commutes();
    for (int move = 0; move < moves.size(); move++) {
      for (Written written : moves.get(move)) {
        int slot = space.index(written.slot());
        changes[list + 1 + move * words + space.word(slot)] ^=
            (long) (written.was() ^ written.is()) << space.shift(slot);
      }
    }
    places.put(said, list);
    return list;
  }

  /**
   * Which outcomes of each list are among some moves.
   *
   * @return by the place of a list a bit for each outcome, the last one for all beyond
   */
  long[] among(Set<List<Written>> moves) {
    long[] among = new long[used];
    places.forEach(
        (said, place) -> {
          int count = said.moves().size();
          for (int move = 0; move < count; move++) {
            if (moves.contains(said.moves().get(move))) {
              among[place] |= move < 63 ? 1L << move : 1L << 63;
            }
          }
        });
    return among;
  }

  /** What an actor said that it can do. */
  static final class Recorded implements Moves {

    /** One way to act: its name, and what it puts where. */
    record Move(Object label, Map<Slot<?>, Object> values, AtomicBoolean marked) {
      boolean commutes() {
        return marked.get();
      }
    }

    final List<Move> moves = new ArrayList<>();

    @Override
    public Change to(Object label) {
      Map<Slot<?>, Object> values = new LinkedHashMap<>();
      AtomicBoolean marked = new AtomicBoolean();
      moves.add(new Move(label, values, marked));
      return new Change() {
        @Override
        public <T> void set(Slot<T> slot, T value) {
          values.put(slot, value);
        }

        @Override
        public void commutes() {
          marked.set(true);
        }
      };
    }
  }
}
