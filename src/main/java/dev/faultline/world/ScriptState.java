package dev.faultline.world;

import dev.faultline.protocol.message.Result;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far a script has come.
 *
 * @param running its current line has started and is not answered
 * @param results how its lines ended, in order
 * @param failures errors after which a line was tried again, in order, by the line from 0; lines
 *     that were not tried again are left out
 */
public record ScriptState(
    boolean running, List<Result> results, SortedMap<Integer, List<Result>> failures) {

  static final ScriptState START = new ScriptState(false, List.of(), new TreeMap<>());

  public ScriptState {
    results = List.copyOf(results);
    failures = Collections.unmodifiableSortedMap(new TreeMap<>(failures));
  }

  /** The line that is under way or next, from 0. */
  public int at() {
    return results.size();
  }

  /** All that a line has answered: errors after which it was tried again, then its end. */
  public List<Result> answers(int line) {
    List<Result> answers = new ArrayList<>(failures.getOrDefault(line, List.of()));
    if (line < results.size()) {
      answers.add(results.get(line));
    }
    return answers;
  }

  ScriptState started() {
    return new ScriptState(true, results, failures);
  }

  /** The current line was answered: it ended, or is tried again at once. */
  ScriptState answered(ScriptLine line, Result result) {
    List<Result> failed = new ArrayList<>(failures.getOrDefault(at(), List.of()));
    if (!(result instanceof Result.Failed) || failed.size() + 1 >= line.tries()) {
      return ended(result);
    }
    failed.add(result);
    TreeMap<Integer, List<Result>> more = new TreeMap<>(failures);
    more.put(at(), List.copyOf(failed));
    return new ScriptState(false, results, more);
  }

  ScriptState ended(Result result) {
    List<Result> all = new ArrayList<>(results);
    all.add(result);
    return new ScriptState(false, all, failures);
  }
}
