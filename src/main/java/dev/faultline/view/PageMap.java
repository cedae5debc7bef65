package dev.faultline.view;

import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.journal.RecordedRun;
import dev.faultline.property.Views;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.Outcome;
import dev.faultline.protocol.anchor.AnchorEvent;
import dev.faultline.protocol.anchor.AnchorState;
import dev.faultline.protocol.anchor.Entry;
import dev.faultline.protocol.gmem.GmemEvent;
import dev.faultline.protocol.gmem.Work;
import dev.faultline.protocol.kvm.KvmEvent;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.scenario.Scenario;
import dev.faultline.world.Parties;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** What pages were like at the steps that changed them; pages that share a history are one row. */
final class PageMap {

  private static final int MOST_ROWS = 10;

  /** Room for "Sam*!" and a space. */
  private static final int NARROWEST_CELL = 6;

  private final Scenario scenario;
  private final IndexRange whole;
  private final Pins pins;
  private final List<Column> columns = new ArrayList<>();

  private PageMap(Scenario scenario, IndexRange whole) {
    this.scenario = scenario;
    this.whole = whole;
    this.pins = new Pins(World.start(scenario.setup()));
  }

  /** How much a step is worth a column, the most first. */
  private enum Worth {
    REFUSED,
    CONVERTED,
    ACCEPTED,
    HELD
  }

  /** A column: the step, and what each page was like after it. */
  private record Column(long step, Worth worth, RangeMap<IndexRange, String> marks) {}

  /** Draws it; empty where no page ever changed. */
  static String draw(Scenario scenario, RecordedRun recorded, Optional<IndexRange> only) {
    IndexRange whole = only.orElse(new IndexRange(0, scenario.setup().pageCount()));
    PageMap map = new PageMap(scenario, whole);
    Walk.over(scenario, recorded.steps(), map::visit);
    return map.columns.isEmpty() ? "" : map.table(recorded.steps().size());
  }

  private void visit(World before, StepTaken entry, World after) {
    pins.visit(before, entry);
    Optional<Worth> worth = worth(entry);
    if (worth.isPresent()) {
      RangeMap<IndexRange, String> marks = marks(before, entry, after);
      if (columns.isEmpty() || !columns.getLast().marks().equals(marks)) {
        columns.add(new Column(entry.step(), worth.get(), marks));
      }
    }
  }

  private Optional<Worth> worth(StepTaken entry) {
    SortedSet<Worth> found = new TreeSet<>();
    if (entry.outcome() instanceof Outcome.Refused && entry.party().equals(Parties.GMEM)) {
      found.add(Worth.REFUSED);
    }
    for (Event event : entry.events()) {
      if (event instanceof GmemEvent.AttributesStored
          || event instanceof KvmEvent.AttributesStored) {
        found.add(Worth.CONVERTED);
      } else if (event instanceof AnchorEvent.Moved moved
          && scenario.setup().mode().isAccepted(moved.to())) {
        found.add(Worth.ACCEPTED);
      } else if (event instanceof GmemEvent.FoliosPinned
          || event instanceof GmemEvent.FoliosUnpinned
          || event instanceof GmemEvent.HostMapped
          || event instanceof GmemEvent.HostUnmapped
          || event instanceof GmemEvent.PagesRemoved) {
        found.add(Worth.HELD);
      }
    }
    return found.stream().findFirst();
  }

  // What a page is like.

  private RangeMap<IndexRange, String> marks(World before, StepTaken entry, World after) {
    RangeMap<IndexRange, String> marks = RangeMap.of(whole, "S");
    for (IndexRange range : Views.privates(after, whole)) {
      marks = marks.with(range, "P");
    }
    AnchorState anchor = (AnchorState) after.state(Parties.ANCHOR);
    for (Run<GfnRange, Entry> run : anchor.pages().runs(scenario.setup().ram())) {
      if (scenario.setup().mode().isAccepted(run.value().state())) {
        marks = mark(marks, new IndexRange(run.range().start(), run.range().end()), "a");
      }
    }
    for (PartyId mapper : after.gmem().mappers()) {
      for (Run<IndexRange, Integer> run : after.gmem().pageTable(mapper).runs(whole)) {
        marks = mark(marks, run.range(), "m");
      }
    }
    for (IndexRange pinned : pins.pinned(after, whole)) {
      marks = mark(marks, pinned, "*");
    }
    Optional<IndexRange> refused = refused(before, entry, after);
    return refused.isPresent() ? mark(marks, refused.get(), "!") : marks;
  }

  /** The page that a refusal names, or the range that was refused without naming one. */
  private static Optional<IndexRange> refused(World before, StepTaken entry, World after) {
    return Refusals.named(entry, after)
        .map(page -> IndexRange.of(page, 1))
        .or(() -> Refusals.conversion(before, entry).map(Work.Conversion::range));
  }

  private RangeMap<IndexRange, String> mark(
      RangeMap<IndexRange, String> marks, IndexRange range, String sign) {
    return range
        .intersect(whole)
        .map(
            part ->
                marks.update(
                    part, old -> old.map(text -> text.contains(sign) ? text : text + sign)))
        .orElse(marks);
  }

  // The table.

  /**
   * The columns that there is room for: the first, the last, and those worth the most; refusals
   * that come again and again leave room for others.
   */
  private List<Column> chosen(int most) {
    SortedSet<Integer> chosen = new TreeSet<>(List.of(0, columns.size() - 1));
    for (Worth worth : Worth.values()) {
      int limit = worth == Worth.REFUSED ? most / 2 : most;
      for (int index = 0; index < columns.size() && chosen.size() < limit; index++) {
        if (columns.get(index).worth() == worth) {
          chosen.add(index);
        }
      }
    }
    return chosen.stream().map(columns::get).toList();
  }

  private String table(long lastStep) {
    int cell = Math.max(NARROWEST_CELL, Long.toString(lastStep).length() + 2);
    int first = 2 * Long.toString(whole.end() - 1).length() + 4;
    List<Column> shown = chosen((Text.WIDTH - first) / cell);
    List<Run<IndexRange, List<String>>> rows = histories(shown);
    StringBuilder text = new StringBuilder();
    row(text, first, cell, "pages", shown.stream().map(column -> "" + column.step()).toList());
    for (Run<IndexRange, List<String>> row : rows.subList(0, Math.min(MOST_ROWS, rows.size()))) {
      row(text, first, cell, row.range().toString(), row.value());
    }
    if (rows.size() > MOST_ROWS) {
      text.append(rows.size() - MOST_ROWS).append(" more ranges are left out; --range narrows\n");
    }
    if (shown.size() < columns.size()) {
      text.append("columns: ")
          .append(shown.size())
          .append(" of the ")
          .append(columns.size())
          .append(" steps that changed a page\n");
    }
    text.append("P private  S shared  a accepted  m host-mapped  * pinned  ! refused\n");
    return text.toString();
  }

  /** Pages and what they were like in each column; those that never differed are one range. */
  private List<Run<IndexRange, List<String>>> histories(List<Column> shown) {
    RangeMap<IndexRange, List<String>> histories = RangeMap.of(whole, List.of());
    for (Column column : shown) {
      for (Run<IndexRange, String> run : column.marks().runs(whole)) {
        histories =
            histories.update(run.range(), old -> old.map(before -> plus(before, run.value())));
      }
    }
    return histories.runs(whole);
  }

  private static List<String> plus(List<String> before, String next) {
    List<String> all = new ArrayList<>(before);
    all.add(next);
    return List.copyOf(all);
  }

  private static void row(
      StringBuilder text, int first, int cell, String name, List<String> cells) {
    StringBuilder line = new StringBuilder(Text.pad(name, first));
    cells.forEach(value -> line.append(Text.pad(value, cell)));
    text.append(line.toString().stripTrailing()).append('\n');
  }
}
