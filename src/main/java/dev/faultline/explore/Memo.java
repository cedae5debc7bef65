package dev.faultline.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * What functions of a state have answered, by what they read. A function is a tree: each node is a
 * slot that it reads next, each branch a value found there, each leaf an answer. Looking an answer
 * up costs one load for each slot read.
 *
 * <p>Many threads may walk it while nobody learns.
 */
final class Memo {

  /** Wider slots are read in pieces, so that a node stays small. */
  private static final int PIECE_BITS = 6;

  /** What a node of the tree reads. */
  private record Read(Slot<?> slot, boolean whole, Map<Object, Integer> byLook) {}

  /**
   * What a function read of a state and answered, so that it need not be asked again when states
   * are written otherwise.
   *
   * @param slots in the order in which they were read
   * @param numbers what was found there
   * @param looks what was told by a look; the slot itself where it was read whole
   * @param listed whether it asked which slots there are
   */
  private record Lesson(
      List<Slot<?>> slots,
      List<Integer> numbers,
      List<Object> looks,
      boolean listed,
      Object answer) {}

  /** A function of states: where its tree begins, and what it has taught. */
  private static final class Taught {
    final ToIntFunction<Object> write;
    final List<Lesson> lessons = new ArrayList<>();
    final int number;
    int root;

    Taught(ToIntFunction<Object> write, int number) {
      this.write = write;
      this.number = number;
    }
  }

  private final Space space;
  // 0: not known; negative: a leaf; else base << 32 | mask << 12 | word << 6 | shift.
  private long[] tree = new long[1 << 12];
  private int used;
  private final Map<Integer, Read> reads = new HashMap<>();
  private final Map<Object, Taught> functions = new LinkedHashMap<>();
  private final List<Object> order = new ArrayList<>();
  private final Course course = new Course();
  private long learned;

  Memo(Space space) {
    this.space = space;
  }

  /** What was learned so far, in order. */
  Course course() {
    return course;
  }

  /** A function by its number in the course. */
  Object function(int number) {
    return order.get(number);
  }

  /**
   * Where the tree of a function begins.
   *
   * @param function itself, or a name
   * @param write makes a number of an answer, 0 or more; equal answers get equal numbers
   */
  int root(Object function, ToIntFunction<Object> write) {
    return functions.computeIfAbsent(
            function,
            _ -> {
              Taught taught = new Taught(write, order.size());
              order.add(function);
              taught.root = allocate(1);
              return taught;
            })
        .root;
  }

  /**
   * Writes everything down again, as states are written otherwise now.
   *
   * @param more whether there are more slots
   */
  void relearn(boolean more) {
    tree = new long[1 << 12];
    used = 0;
    reads.clear();
    course.begin();
    for (Taught taught : functions.values()) {
      taught.root = allocate(1);
      if (more) {
        taught.lessons.removeIf(Lesson::listed);
      }
      for (Lesson lesson : taught.lessons) {
        int entry = taught.root;
        for (int read = 0; read < lesson.slots().size(); read++) {
          Slot<?> slot = lesson.slots().get(read);
          Object look = lesson.looks().get(read);
          entry = step(entry, slot, lesson.numbers().get(read), look == slot, look);
        }
        tree[entry] = ~(long) taught.write.applyAsInt(lesson.answer());
      }
    }
  }

  private int allocate(int size) {
    if (used + size > tree.length) {
      tree = Arrays.copyOf(tree, Math.max(used + size, tree.length + (tree.length >> 1)));
    }
    int at = used;
    used += size;
    return at;
  }

  /** The answer for a state; negative if it is not known. */
  int walk(int root, long[] states, int at) {
    return (int) ~walk(tree, root, states, at);
  }

  /** What stands in the tree for a state: 0 if it is not known, else ~answer. */
  static long walk(long[] tree, int root, long[] states, int at) {
    long x = tree[root];
    while (x > 0) {
      x =
          tree[
              (int) (x >>> 32)
                  + ((int) (states[at + ((int) (x >>> 6) & 63)] >>> x)
                      & (int) (x >>> 12)
                      & 0xFFFFF)];
    }
    return x;
  }

  /** The place of the tree where the answer for a state stands, known or not. */
  int leaf(int root, long[] states, int at) {
    int entry = root;
    long x = tree[entry];
    while (x > 0) {
      int word = (int) (x >>> 6) & 63;
      int mask = (int) (x >>> 12) & 0xFFFFF;
      entry = (int) (x >>> 32) + ((int) (states[at + word] >>> x) & mask);
      x = tree[entry];
    }
    return entry;
  }

  /**
   * The slot that a function reads first, if it is known that the answer is 0 while the slot holds
   * what it began with.
   *
   * @return the place of the slot; -1 if there is none
   */
  int gate(int root) {
    long x = tree[root];
    if (x <= 0) {
      return -1;
    }
    Slot<?> slot = Objects.requireNonNull(reads.get((int) (x >>> 32))).slot();
    int index = space.index(slot);
    for (int piece = 0; piece < space.width(index); piece += PIECE_BITS) {
      if (x <= 0) {
        return -1;
      }
      x = tree[(int) (x >>> 32)];
    }
    return x == ~0L ? index : -1;
  }

  /** The same for a state of one word. */
  static long walk(long[] tree, int root, long state) {
    long x = tree[root];
    while (x > 0) {
      x = tree[(int) (x >>> 32) + ((int) (state >>> x) & (int) (x >>> 12) & 0xFFFFF)];
    }
    return x;
  }

  /** The tree as it is, for threads that walk it while nobody learns. */
  long[] tree() {
    return tree;
  }

  /** How many answers have been worked out. */
  long learned() {
    return learned;
  }

  long bytes() {
    return 8L * tree.length;
  }

  /** A number that two memos have alike if they were taught alike. */
  long sum() {
    long sum = learned;
    for (int at = 0; at < used; at++) {
      sum = Course.sum(sum, tree[at]);
    }
    return sum;
  }

  /**
   * The next node of a tree, and in it the way of a value.
   *
   * @param entry where the node hangs, or will
   * @param look what a look tells of the value; means nothing where the slot is read whole
   * @return where the value leads to
   */
  private int step(int entry, Slot<?> slot, int number, boolean whole, Object look) {
    int index = space.index(slot);
    int width = space.width(index);
    long x = tree[entry];
    Read read;
    if (x == 0) {
      read = new Read(slot, whole, whole ? Map.of() : new HashMap<>());
      x = node(index, 0, width, read);
      tree[entry] = x;
    } else {
      read = reads.get((int) (x >>> 32));
      if (x < 0 || read == null || !read.slot().equals(slot) || read.whole() != whole) {
        throw new IllegalStateException(
            "what is read next depends on something besides what was read before: "
                + slot
                + ", before "
                + (read == null ? "an answer" : read.slot()));
      }
    }
    int at = (int) (x >>> 32) + (number & (int) (x >>> 12) & 0xFFFFF);
    for (int piece = PIECE_BITS; piece < width; piece += PIECE_BITS) {
      if (tree[at] == 0) {
        long next = node(index, piece, width, read);
        tree[at] = next;
      }
      x = tree[at];
      at = (int) (x >>> 32) + (number >>> piece & (int) (x >>> 12) & 0xFFFFF);
    }
    if (!whole && tree[at] == 0) {
      Integer same = read.byLook().putIfAbsent(look, at);
      if (same != null && tree[same] != 0) {
        tree[at] = tree[same];
      }
    }
    return at;
  }

  private long node(int index, int from, int width, Read read) {
    int bits = Math.min(PIECE_BITS, width - from);
    int base = allocate(1 << bits);
    reads.put(base, read);
    int word = width == 0 ? 0 : space.word(index);
    int shift = width == 0 ? 0 : space.shift(index) + from;
    return (long) base << 32 | (long) ((1 << bits) - 1) << 12 | (long) word << 6 | shift;
  }

  /** Learns what a function answers for a state, by a sight of it. */
  Learning learn(Object function, long[] states, int at) {
    learned++;
    Taught taught = Objects.requireNonNull(functions.get(function));
    course.add(taught.number, states, at, space.words());
    return new Learning(taught, states, at);
  }

  /** A function of a state at work for the first time: what it reads is written down. */
  final class Learning implements Sight {
    private final Taught taught;
    private final long[] states;
    private final int offset;
    private final Set<Slot<?>> whole = new HashSet<>();
    private final List<Slot<?>> slots = new ArrayList<>();
    private final List<Integer> numbers = new ArrayList<>();
    private final List<Object> looks = new ArrayList<>();
    private boolean listed;
    private int entry;

    private Learning(Taught taught, long[] states, int offset) {
      this.taught = taught;
      this.entry = taught.root;
      this.states = states;
      this.offset = offset;
    }

    @Override
    public <T> T get(Slot<T> slot) {
      int number = numberIn(slot);
      if (whole.add(slot)) {
        read(slot, number, true, slot);
      }
      return value(slot, number);
    }

    private int numberIn(Slot<?> slot) {
      return space.numberIn(states, offset, space.index(slot));
    }

    /** The number of what a slot holds; it counts as read. */
    int numberOf(Slot<?> slot) {
      get(slot);
      return numberIn(slot);
    }

    @SuppressWarnings("unchecked") // a slot holds what was put into it as a T
    private <T> T value(Slot<T> slot, int number) {
      return (T) space.value(space.index(slot), number);
    }

    @Override
    public <T, P> P look(Slot<T> slot, Function<? super T, P> look) {
      int number = numberIn(slot);
      P told = look.apply(value(slot, number));
      if (!whole.contains(slot)) {
        read(slot, number, false, told);
      }
      return told;
    }

    private void read(Slot<?> slot, int number, boolean isWhole, Object look) {
      entry = step(entry, slot, number, isWhole, look);
      slots.add(slot);
      numbers.add(number);
      looks.add(look);
    }

    @Override
    public Collection<Slot<?>> known() {
      listed = true;
      return space.laid();
    }

    /**
     * Writes the answer down, unless there are values for which there are no bits: then it counts
     * once there are.
     */
    void answer(Object answer) {
      taught.lessons.add(new Lesson(slots, numbers, looks, listed, answer));
      if (space.isOutgrown()) {
        return;
      }
      long written = ~(long) taught.write.applyAsInt(answer);
      if (tree[entry] != 0 && tree[entry] != written) {
        throw new IllegalStateException("the same reads give another answer");
      }
      tree[entry] = written;
    }
  }

  /** A sight of a state of which nothing is written down. */
  static Sight plain(Space space, long[] states, int at) {
    return new Sight() {
      @Override
      @SuppressWarnings("unchecked") // a slot holds what was put into it as a T
      public <T> T get(Slot<T> slot) {
        int index = space.find(slot);
        return index < 0
            ? slot.initial()
            : (T) space.value(index, space.numberIn(states, at, index));
      }

      @Override
      public <T, P> P look(Slot<T> slot, Function<? super T, P> look) {
        return look.apply(get(slot));
      }

      @Override
      public Collection<Slot<?>> known() {
        return new ArrayList<>(space.slots());
      }
    };
  }
}
