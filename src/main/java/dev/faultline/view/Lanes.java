package dev.faultline.view;

import dev.faultline.protocol.message.PartyId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * The columns of a ladder and how its rows are drawn: one lane a party, at most {@link Text#WIDTH}
 * columns in all. Words stand where they fit on one line: on the shaft of an arrow, behind what is
 * drawn, or before it.
 */
final class Lanes {

  private static final int WIDEST = 13;
  private static final int NARROWEST = 4;
  private static final int HEAD_LINES = 3;

  /** Columns in which words of several lines can still be read. */
  private static final int ENOUGH_BEHIND = 24;

  private final List<PartyId> own;
  private final List<PartyId> sharing;
  private final int gutter;
  private final int width;

  private Lanes(List<PartyId> own, List<PartyId> sharing, int gutter) {
    this.own = own;
    this.sharing = sharing;
    this.gutter = gutter;
    int lanes = own.size() + (sharing.isEmpty() ? 0 : 1);
    this.width = Math.min(WIDEST, (Text.WIDTH - gutter) / Math.max(1, lanes));
  }

  /**
   * Lanes for parties in this order; where they are too many, the last share a lane.
   *
   * @param lastStep the highest number that a row will have
   */
  static Lanes of(Collection<PartyId> parties, long lastStep) {
    List<PartyId> all = List.copyOf(parties);
    int gutter = Math.max(5, Long.toString(lastStep).length()) + 1;
    int most = (Text.WIDTH - gutter) / NARROWEST;
    return all.size() <= most
        ? new Lanes(all, List.of(), gutter)
        : new Lanes(all.subList(0, most - 1), all.subList(most - 1, all.size()), gutter);
  }

  /** Where a step's number stands in front of a line of words. */
  String lead(String number) {
    return " ".repeat(gutter - 1 - number.length()) + number + " ";
  }

  // The head.

  private List<String> names() {
    List<String> names = new ArrayList<>();
    own.forEach(party -> names.add(party.name()));
    if (!sharing.isEmpty()) {
      names.add("more");
    }
    return names;
  }

  /** How many lines the names take turns on, so that each has room for its name. */
  private int headLines() {
    int longest = names().stream().mapToInt(String::length).max().orElse(0);
    return Math.min(HEAD_LINES, longest / width + 1);
  }

  /** A name as far as there is room; what is cut ends in "~". */
  private String shortened(String name) {
    int room = headLines() * width - 1;
    return name.length() <= room ? name : name.substring(0, room - 1) + "~";
  }

  /** The names of the parties over their lanes. */
  List<String> head() {
    List<String> names = names();
    int every = headLines();
    List<String> head = new ArrayList<>();
    for (int first = 0; first < Math.min(every, names.size()); first++) {
      char[] line = blank();
      for (int lane = 0; lane < names.size(); lane++) {
        if (lane % every == first) {
          String name = shortened(names.get(lane));
          write(line, Math.min(at(lane), Text.WIDTH - name.length()), name);
        } else if (lane % every < first) {
          line[at(lane)] = line[at(lane)] == ' ' ? '.' : line[at(lane)];
        }
      }
      head.add(stripped(line));
    }
    return head;
  }

  /** What the head does not say: names that were cut, and who shares a lane. */
  List<String> legend() {
    List<String> legend = new ArrayList<>();
    for (PartyId party : own) {
      if (!shortened(party.name()).equals(party.name())) {
        legend.add(shortened(party.name()) + " is " + party.name());
      }
    }
    if (!sharing.isEmpty()) {
      legend.add("more: " + String.join(", ", sharing.stream().map(PartyId::name).toList()));
    }
    return legend;
  }

  // Rows.

  /** A row in which something happens at a party. */
  List<String> mark(long step, PartyId party, char sign, String text) {
    char[] line = lifelines();
    int at = at(lane(party));
    line[at] = sign;
    return labelled(step, line, at, at, prefix(party) + text);
  }

  /** A row in which something goes from one party to another. */
  List<String> arrow(long step, PartyId from, PartyId to, char shaft, String text) {
    int start = at(lane(from));
    int end = at(lane(to));
    if (start == end) {
      return mark(step, to, '*', "from " + from + ": " + text);
    }
    char[] line = lifelines();
    int low = Math.min(start, end);
    int high = Math.max(start, end);
    Arrays.fill(line, low + 1, high, shaft);
    line[start < end ? end - 1 : end + 1] = start < end ? '>' : '<';
    String label = prefix(from) + prefix(to) + text;
    int room = high - low - 2;
    if (label.length() + 2 > room) {
      return labelled(step, line, low, high, label);
    }
    write(line, low + (start < end ? 1 : 2) + (room - label.length()) / 2, label);
    return List.of(numbered(step, line));
  }

  /** Where several share a lane, words say who it is. */
  private String prefix(PartyId party) {
    return sharing.contains(party) ? party + ": " : "";
  }

  /** Words beside what stands between two columns, on one line if there is room on one side. */
  private List<String> labelled(long step, char[] line, int low, int high, String label) {
    int behind = Text.WIDTH - (high + 2);
    int before = low - 1 - gutter;
    boolean goesBehind =
        label.length() <= behind
            || label.length() > before && behind >= Math.min(before, ENOUGH_BEHIND);
    int room = goesBehind ? behind : before;
    List<String> pieces = Text.lines(label, room);
    int longest = pieces.stream().mapToInt(String::length).max().orElse(0);
    int start = goesBehind ? high + 2 : low - 1 - longest;
    List<String> rows = new ArrayList<>();
    for (String piece : pieces) {
      char[] row = rows.isEmpty() ? line : lifelines();
      write(row, start, piece);
      rows.add(rows.isEmpty() ? numbered(step, row) : stripped(row));
    }
    return rows;
  }

  // Drawing.

  private int lane(PartyId party) {
    int lane = own.indexOf(party);
    if (lane < 0 && !sharing.contains(party)) {
      throw new IllegalArgumentException("there is no lane for " + party);
    }
    return lane < 0 ? own.size() : lane;
  }

  private int at(int lane) {
    return gutter + lane * width;
  }

  private static char[] blank() {
    char[] line = new char[Text.WIDTH];
    Arrays.fill(line, ' ');
    return line;
  }

  private char[] lifelines() {
    char[] line = blank();
    for (int lane = 0; lane < names().size(); lane++) {
      line[at(lane)] = '.';
    }
    return line;
  }

  /** Writes words over lifelines, with nothing that touches them. */
  private static void write(char[] line, int start, String words) {
    words.getChars(0, words.length(), line, start);
    clear(line, start - 1);
    clear(line, start + words.length());
  }

  private static void clear(char[] line, int at) {
    if (at < line.length && line[at] == '.') {
      line[at] = ' ';
    }
  }

  private String numbered(long step, char[] line) {
    return lead(Long.toString(step)) + stripped(line).substring(gutter);
  }

  private static String stripped(char[] line) {
    return new String(line).stripTrailing();
  }
}
