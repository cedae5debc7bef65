package dev.faultline.scenario;

import dev.faultline.protocol.design.Act;
import dev.faultline.protocol.design.Stage;
import java.util.ArrayList;
import java.util.List;

/**
 * Leaves lines of an operation out, puts them elsewhere, or changes them. The first line of a name
 * is meant.
 */
final class StageEdit {

  private StageEdit() {}

  /** The names of all lines on the straight way, in order. */
  static List<String> words(List<Stage> stages) {
    List<String> words = new ArrayList<>();
    for (Stage stage : stages) {
      words.add(stage.word());
      if (stage instanceof Stage.Hold hold) {
        words.addAll(words(hold.stages()));
      }
    }
    return words;
  }

  /** Without a line; without a hold, what was under it stands in its place. */
  static List<Stage> drop(List<Stage> stages, String word) {
    return remove(stages, word, false);
  }

  /** Without a line; without a hold, what was under it is gone too. */
  static List<Stage> takeOut(List<Stage> stages, String word) {
    return remove(stages, word, true);
  }

  private static List<Stage> remove(List<Stage> stages, String word, boolean whole) {
    List<Stage> kept = new ArrayList<>();
    boolean done = false;
    for (Stage stage : stages) {
      if (!done && stage.word().equals(word)) {
        done = true;
        if (stage instanceof Stage.Hold hold && !whole) {
          kept.addAll(released(hold));
        }
      } else if (!done && stage instanceof Stage.Hold hold && words(hold.stages()).contains(word)) {
        done = true;
        List<Stage> inner = remove(hold.stages(), word, whole);
        if (!inner.isEmpty()) {
          kept.add(new Stage.Hold(hold.lock(), hold.mode(), inner, hold.undo()));
        }
      } else {
        kept.add(stage);
      }
    }
    return kept;
  }

  /** What is left of a hold without its lock: its acts, each undoing what the hold undid. */
  private static List<Stage> released(Stage.Hold hold) {
    if (hold.undo().isEmpty()) {
      return hold.stages();
    }
    List<Stage> undo = new ArrayList<>();
    for (Stage stage : hold.undo()) {
      boolean sameLock = stage instanceof Stage.Hold inner && inner.lock() == hold.lock();
      undo.addAll(sameLock ? ((Stage.Hold) stage).stages() : List.of(stage));
    }
    List<Stage> acts = new ArrayList<>();
    for (Stage stage : hold.stages()) {
      List<Stage> both = new ArrayList<>(stage.undo());
      both.addAll(undo);
      acts.add(
          switch (stage) {
            case Stage.Do step -> new Stage.Do(step.act(), both);
            case Stage.Hold inner ->
                new Stage.Hold(inner.lock(), inner.mode(), inner.stages(), both);
          });
    }
    return acts;
  }

  /**
   * With a line before or after another one, under the locks that are held there; a hold moves with
   * what is under it.
   *
   * @param anchor a line that is left when the first is taken out
   */
  static List<Stage> move(List<Stage> stages, String word, String anchor, boolean before) {
    Stage moved = find(stages, word);
    return insert(takeOut(stages, word), moved, anchor, before);
  }

  /** Whether one of two lines is under the other, or they are the same. */
  static boolean isWithin(List<Stage> stages, String word, String other) {
    return word.equals(other)
        || words(List.of(find(stages, word))).contains(other)
        || words(List.of(find(stages, other))).contains(word);
  }

  /** With two lines in each other's place, under the locks that are held there. */
  static List<Stage> swap(List<Stage> stages, String word, String other) {
    Stage first = find(stages, word);
    Stage second = find(stages, other);
    return replace(stages, first, second, second, first);
  }

  /**
   * With another argument for the first act of a kind.
   *
   * @param undo what follows if it refuses; if empty, as before
   */
  static List<Stage> change(List<Stage> stages, Act act, List<Stage> undo) {
    Stage old = find(stages, act.word());
    Stage changed = new Stage.Do(act, undo.isEmpty() ? old.undo() : undo);
    return replace(stages, old, changed, old, changed);
  }

  /** Puts lines in the place of two others, which are known by being the same objects. */
  private static List<Stage> replace(
      List<Stage> stages, Stage first, Stage forFirst, Stage second, Stage forSecond) {
    List<Stage> replaced = new ArrayList<>();
    for (Stage stage : stages) {
      if (stage == first) {
        replaced.add(forFirst);
      } else if (stage == second) {
        replaced.add(forSecond);
      } else if (stage instanceof Stage.Hold hold) {
        replaced.add(
            new Stage.Hold(
                hold.lock(),
                hold.mode(),
                replace(hold.stages(), first, forFirst, second, forSecond),
                hold.undo()));
      } else {
        replaced.add(stage);
      }
    }
    return replaced;
  }

  private static Stage find(List<Stage> stages, String word) {
    for (Stage stage : stages) {
      if (stage.word().equals(word)) {
        return stage;
      }
      if (stage instanceof Stage.Hold hold && words(hold.stages()).contains(word)) {
        return find(hold.stages(), word);
      }
    }
    throw new IllegalArgumentException("no " + word);
  }

  private static List<Stage> insert(
      List<Stage> stages, Stage moved, String anchor, boolean before) {
    List<Stage> result = new ArrayList<>();
    boolean done = false;
    for (Stage stage : stages) {
      if (!done && stage.word().equals(anchor)) {
        done = true;
        result.addAll(before ? List.of(moved, stage) : List.of(stage, moved));
      } else if (!done
          && stage instanceof Stage.Hold hold
          && words(hold.stages()).contains(anchor)) {
        done = true;
        result.add(
            new Stage.Hold(
                hold.lock(),
                hold.mode(),
                insert(hold.stages(), moved, anchor, before),
                hold.undo()));
      } else {
        result.add(stage);
      }
    }
    return result;
  }
}
