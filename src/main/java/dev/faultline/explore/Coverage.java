package dev.faultline.explore;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an exploration has seen of a model, and how often: in a search once for each transition, in
 * a sample once for each step taken.
 *
 * @param seen by what it is
 * @param never what the design has, and nobody saw
 */
public record Coverage(SortedMap<Aspect, Long> seen, List<Aspect> never) {

  private static final int LINE_WIDTH = 70;

  /** What is counted; the order is that of tables. */
  public enum Kind {
    /** A message arrives at a party. */
    MESSAGE,
    /** A task takes its next step: an act of an operation, or a lock. */
    STEP,
    /** A party refuses. */
    REFUSAL,
    /** An access ends in a signal. */
    SIGNAL,
    /** A party takes no notice. */
    IGNORED,
    /** A property is checked in a state; not one that speaks of whole runs. */
    CHECKED,
    /** A property is broken in a state. */
    BROKEN,
    /** A state shows what was looked for. */
    GOAL;

    /** Its name in tables and in JSON. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Something that can be seen.
   *
   * @param name as a person reads it: "gmem EAGAIN at convert.to-private: check-references"
   */
  public record Aspect(Kind kind, String name) implements Comparable<Aspect> {
    @Override
    public int compareTo(Aspect other) {
      int byKind = kind.compareTo(other.kind);
      return byKind != 0 ? byKind : name.compareTo(other.name);
    }
  }

  public Coverage {
    seen = Collections.unmodifiableSortedMap(new TreeMap<>(seen));
    never = List.copyOf(never);
  }

  /** All that can be seen: of the design, of properties, of what is looked for. */
  static List<Aspect> all(Aspects design, List<Promise> promises, List<Goal> goals) {
    List<Aspect> all = new ArrayList<>(design.all());
    for (Promise promise : promises) {
      promise.properties().forEach(property -> all.add(new Aspect(Kind.CHECKED, property)));
    }
    goals.forEach(goal -> all.add(new Aspect(Kind.GOAL, goal.name())));
    return all;
  }

  /** Counts, as they come. */
  static final class Tally {
    private final TreeMap<Aspect, Long> counts = new TreeMap<>();

    void add(Aspect aspect, long times) {
      counts.merge(aspect, times, Long::sum);
    }

    void addAll(Tally other) {
      other.counts.forEach(this::add);
    }

    /** What was counted, next to all that there is. */
    Coverage against(List<Aspect> all) {
      TreeMap<Aspect, Long> seen = new TreeMap<>(counts);
      seen.values().removeIf(times -> times == 0);
      SortedSet<Aspect> never = new TreeSet<>(all);
      never.removeAll(seen.keySet());
      return new Coverage(seen, List.copyOf(never));
    }
  }

  /** Both together. */
  public Coverage and(Coverage other) {
    Tally tally = new Tally();
    seen.forEach(tally::add);
    other.seen.forEach(tally::add);
    List<Aspect> all = new ArrayList<>(never);
    all.addAll(other.never);
    return tally.against(all);
  }

  /** As names and numbers: a map a kind, and "never" with a list a kind. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    Map<String, List<String>> unseen = new LinkedHashMap<>();
    for (Kind kind : Kind.values()) {
      Map<String, Long> counts = new LinkedHashMap<>();
      seen.forEach(
          (aspect, times) -> {
            if (aspect.kind() == kind) {
              counts.put(aspect.name(), times);
            }
          });
      if (!counts.isEmpty()) {
        json.put(kind.word(), counts);
      }
      List<String> names =
          never.stream().filter(aspect -> aspect.kind() == kind).map(Aspect::name).toList();
      if (!names.isEmpty()) {
        unseen.put(kind.word(), names);
      }
    }
    json.put("never", unseen);
    return json;
  }

  /** As a table: how often, of which kind, what; then, in lists, what was never seen. */
  public String table() {
    int digits = "times".length();
    for (long times : seen.values()) {
      digits = Math.max(digits, number(times).length());
    }
    StringBuilder table = new StringBuilder(" ".repeat(digits - 5) + "times  what\n");
    for (Map.Entry<Aspect, Long> each : seen.entrySet()) {
      Aspect aspect = each.getKey();
      row(table, digits, number(each.getValue()), aspect.kind(), aspect.name());
    }
    int width = digits;
    unseen()
        .forEach(
            (kind, byWho) ->
                byWho.forEach(
                    (who, names) -> {
                      for (String line : lines(names)) {
                        row(table, width, "never", kind, who + ": " + line);
                      }
                    }));
    return table.toString();
  }

  /** What was never seen, by kind, then by the first word: who is told, or who does it. */
  private SortedMap<Kind, SortedMap<String, List<String>>> unseen() {
    SortedMap<Kind, SortedMap<String, List<String>>> unseen = new TreeMap<>();
    for (Aspect aspect : never) {
      String[] words = aspect.name().split(" ", 2);
      unseen
          .computeIfAbsent(aspect.kind(), _ -> new TreeMap<>())
          .computeIfAbsent(words.length > 1 ? words[0] : "", _ -> new ArrayList<>())
          .add(words[words.length - 1]);
    }
    return unseen;
  }

  /** Names behind one another, in lines that are not too wide. */
  private static List<String> lines(List<String> names) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String name : names) {
      if (!line.isEmpty() && line.length() + name.length() > LINE_WIDTH) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : "; ").append(name);
    }
    lines.add(line.toString());
    return lines;
  }

  private static void row(StringBuilder table, int digits, String times, Kind kind, String what) {
    table
        .append(" ".repeat(digits - times.length()))
        .append(times)
        .append("  ")
        .append(kind.word())
        .append(" ".repeat(9 - kind.word().length()))
        .append(what.startsWith(": ") ? what.substring(2) : what)
        .append('\n');
  }

  private static String number(long times) {
    return String.format(Locale.ROOT, "%,d", times);
  }
}
