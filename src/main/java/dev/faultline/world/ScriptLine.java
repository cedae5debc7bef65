package dev.faultline.world;

import java.util.List;

/**
 * A line of a script.
 *
 * @param name by which others wait for it; made up where the scenario gives none
 * @param awaits what must have been before it starts
 * @param line where it stands in the scenario's file, from 1; 0 for calls that a revision adds
 * @param tries how often it is done, at most, until it ends without an error; at least 1
 */
public record ScriptLine(
    String name, List<Await> awaits, ScriptAction action, int line, int tries) {

  public ScriptLine {
    awaits = List.copyOf(awaits);
    if (tries < 1) {
      throw new IllegalArgumentException("a line is tried " + tries + " times");
    }
  }

  /** A line that is done once, however it ends. */
  public ScriptLine(String name, List<Await> awaits, ScriptAction action, int line) {
    this(name, awaits, action, line, 1);
  }
}
