package dev.faultline.world;

import dev.faultline.protocol.message.Result;
import java.util.ArrayList;
import java.util.List;

/**
 * How far a script has come.
 *
 * @param running its current line has started and is not answered
 * @param results how its lines ended, in order
 */
public record ScriptState(boolean running, List<Result> results) {

  static final ScriptState START = new ScriptState(false, List.of());

  public ScriptState {
    results = List.copyOf(results);
  }

  /** The line that is under way or next, from 0. */
  public int at() {
    return results.size();
  }

  ScriptState started() {
    return new ScriptState(true, results);
  }

  ScriptState ended(Result result) {
    List<Result> all = new ArrayList<>(results);
    all.add(result);
    return new ScriptState(false, all);
  }
}
