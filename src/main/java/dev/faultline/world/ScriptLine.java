package dev.faultline.world;

import java.util.List;

/**
 * A line of a script.
 *
 * @param name by which others wait for it; made up where the scenario gives none
 * @param awaits what must have been before it starts
 * @param line where it stands in the scenario's file, from 1; 0 for calls that a revision adds
 */
public record ScriptLine(String name, List<Await> awaits, ScriptAction action, int line) {

  public ScriptLine {
    awaits = List.copyOf(awaits);
  }
}
