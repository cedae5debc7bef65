package dev.faultline.conform;

/** Why a scenario has no form as a trace, and what of its file prevents it. */
public final class Unwritable extends Exception {

  private static final long serialVersionUID = 1;

  /** What prevents it. */
  public sealed interface Place {

    /**
     * A line of a script.
     *
     * @param line of the scenario's file, from 1
     */
    record OfLine(int line) implements Place {}

    /** A key of the scenario: mode, revision, memory, open. */
    record OfKey(String key) implements Place {}
  }

  private final transient Place place;
  private final String reason;

  private Unwritable(Place place, String reason) {
    super(reason, null, false, false);
    this.place = place;
    this.reason = reason;
  }

  /** A line of a script cannot be written, or not in that place. */
  static Unwritable at(int line, String reason) {
    // A call that the revision adds stands in no line; the memory's first view asks for it.
    return new Unwritable(line == 0 ? new Place.OfKey("memory") : new Place.OfLine(line), reason);
  }

  /** What a key of the scenario says cannot be had in a trace. */
  static Unwritable at(String key, String reason) {
    return new Unwritable(new Place.OfKey(key), reason);
  }

  public Place place() {
    return place;
  }

  /** A clause that says what there is, and what a trace has instead. */
  public String reason() {
    return reason;
  }
}
