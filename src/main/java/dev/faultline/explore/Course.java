package dev.faultline.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a memo was taught, in order: which function of which state. Whoever teaches another memo the
 * same course gives the same numbers to the same values, so nothing of a model's need be written
 * down to have them again.
 */
final class Course {

  /** What was taught while states were written in one way. */
  static final class Stage {
    private static final int IMAGES = 0;

    // For each lesson 1 + its function; 0 where images were learned of all that was seen.
    private int[] acts = new int[16];
    private int actCount;
    private int words;
    private long[] states = new long[16];
    private int length;

    private void act(int act) {
      if (actCount == acts.length) {
        acts = Arrays.copyOf(acts, 2 * actCount);
      }
      acts[actCount++] = act;
    }

    private void add(int function, long[] from, int at, int count) {
      act(function + 1);
      words = count;
      if (length + words > states.length) {
        states = Arrays.copyOf(states, 2 * (length + words));
      }
      System.arraycopy(from, at, states, length, words);
      length += words;
    }

    /** Gives it once more. */
    void give(Pupil pupil) {
      int at = 0;
      for (int act = 0; act < actCount; act++) {
        if (acts[act] == IMAGES) {
          pupil.images();
        } else {
          pupil.lesson(acts[act] - 1, Arrays.copyOfRange(states, at, at + words));
          at += words;
        }
      }
    }
  }

  /** Who is taught. */
  interface Pupil {
    void lesson(int function, long[] state);

    /** Images are learned of all that was seen. */
    void images();
  }

  private final List<Stage> stages = new ArrayList<>(List.of(new Stage()));

  /** From now on states are written in another way. */
  void begin() {
    stages.add(new Stage());
  }

  /** A function was taught by a state. */
  void add(int function, long[] states, int at, int words) {
    stages.getLast().add(function, states, at, words);
  }

  /** Images were learned of all that was seen. */
  void images() {
    Stage stage = stages.getLast();
    if (stage.actCount == 0 || stage.acts[stage.actCount - 1] != Stage.IMAGES) {
      stage.act(Stage.IMAGES);
    }
  }

  List<Stage> stages() {
    return stages;
  }

  void write(Checkpoint.Writer to) {
    to.number(stages.size());
    for (Stage stage : stages) {
      to.number(stage.actCount);
      for (int act = 0; act < stage.actCount; act++) {
        to.number(stage.acts[act]);
      }
      to.number(stage.words);
      to.number(stage.length);
      to.longs(stage.states, 0, stage.length);
    }
  }

  static Course read(Checkpoint.Reader from) {
    Course course = new Course();
    course.stages.clear();
    for (long count = from.number(); count > 0; count--) {
      Stage stage = new Stage();
      stage.actCount = (int) from.number();
      stage.acts = new int[stage.actCount + 1];
      for (int act = 0; act < stage.actCount; act++) {
        stage.acts[act] = (int) from.number();
      }
      stage.words = (int) from.number();
      stage.length = (int) from.number();
      stage.states = new long[stage.length + 1];
      from.longs(stage.states, 0, stage.length);
      course.stages.add(stage);
    }
    return course;
  }

  /** Takes one more number into a sum that two searches have alike if they are alike. */
  static long sum(long sum, long number) {
    return (Long.rotateLeft(sum, 23) ^ number) * 0x9E3779B97F4A7C15L;
  }
}
