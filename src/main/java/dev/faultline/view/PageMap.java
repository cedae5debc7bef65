package dev.faultline.view;

import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.journal.RecordedRun;
import dev.faultline.property.Views;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.Outcome;
import dev.faultline.protocol.Send;
import dev.faultline.protocol.anchor.AnchorEvent;
import dev.faultline.protocol.anchor.AnchorState;
import dev.faultline.protocol.anchor.Entry;
import dev.faultline.protocol.gmem.GmemEvent;
import dev.faultline.protocol.kvm.KvmEvent;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.GmemToProcess;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.Result;
import dev.faultline.scenario.Scenario;
import dev.faultline.world.Holders;
import dev.faultline.world.Parties;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** What pages were like at the steps that changed them; pages that share a history are one row. */
final class PageMap {

  private static final int MAX_COLUMNS = 8;
  private static final int MAX_ROWS = 12;
  private static final int CELL = 6;

  private PageMap() {}

  /** A column: the step, and what each page was like after it. */
  private record Column(long step, RangeMap<IndexRange, String> marks) {}

  static String draw(Scenario scenario, RecordedRun recorded, Optional<IndexRange> only) {
    IndexRange whole = only.orElse(new IndexRange(0, scenario.setup().pageCount()));
    List<Column> columns = new ArrayList<>();
    Walk.over(
        scenario,
        recorded.steps(),
        (before, entry, after) -> {
          if (changes(entry)) {
            add(columns, new Column(entry.step(), marks(after, entry, whole)));
          }
        });
    if (columns.isEmpty()) {
      return "";
    }
    return table(thinned(columns), whole);
  }

  private static boolean changes(StepTaken entry) {
    if (entry.outcome() instanceof Outcome.Refused && entry.party().equals(Parties.GMEM)) {
      return true;
    }
    for (Event event : entry.events()) {
      boolean interesting =
          event instanceof GmemEvent.AttributesStored
              || event instanceof GmemEvent.FoliosPinned
              || event instanceof GmemEvent.FoliosUnpinned
              || event instanceof GmemEvent.HostMapped
              || event instanceof GmemEvent.HostUnmapped
              || event instanceof GmemEvent.PagesRemoved
              || event instanceof KvmEvent.AttributesStored
              || event instanceof AnchorEvent.Accepted;
      if (interesting) {
        return true;
      }
    }
    return false;
  }

  private static void add(List<Column> columns, Column next) {
    if (columns.isEmpty() || !columns.getLast().marks().equals(next.marks())) {
      columns.add(next);
    }
  }

  /** The first, the last, and the ones in between that fit, refusals first. */
  private static List<Column> thinned(List<Column> columns) {
    if (columns.size() <= MAX_COLUMNS) {
      return columns;
    }
    TreeSet<Integer> kept = new TreeSet<>(List.of(0, columns.size() - 1));
    for (int index = 0; index < columns.size() && kept.size() < MAX_COLUMNS; index++) {
      if (columns.get(index).marks().toString().contains("!")) {
        kept.add(index);
      }
    }
    for (int index = columns.size() - 1; index > 0 && kept.size() < MAX_COLUMNS; index--) {
      kept.add(index);
    }
    return kept.stream().map(columns::get).toList();
  }

  private static RangeMap<IndexRange, String> marks(
      World world, StepTaken entry, IndexRange whole) {
    RangeMap<IndexRange, String> marks = RangeMap.of(whole, "S");
    for (IndexRange range : Views.privates(world, whole)) {
      marks = marks.with(range, "P");
    }
    AnchorState anchor = (AnchorState) world.state(Parties.ANCHOR);
    for (Run<GfnRange, Entry> run : anchor.secureEpt().runs(world.setup().ram())) {
      if (run.value().stage() == Entry.Stage.ACCEPTED) {
        marks = mark(marks, new IndexRange(run.range().start(), run.range().end()), whole, "a");
      }
    }
    for (PartyId mapper : world.gmem().mappers()) {
      for (Run<IndexRange, Integer> run : world.gmem().pageTable(mapper).runs(whole)) {
        marks = mark(marks, run.range(), whole, "m");
      }
    }
    for (Holders.Holder holder : Holders.confirmed(world, whole)) {
      marks = mark(marks, holder.range(), whole, "*");
    }
    for (Send send : entry.sends()) {
      if (send.message() instanceof GmemToProcess.Returned(Result.Failed failed, var _)
          && failed.at().isPresent()) {
        long page = failed.at().get().number();
        marks = mark(marks, new IndexRange(page, page + 1), whole, "!");
      }
    }
    return marks;
  }

  private static RangeMap<IndexRange, String> mark(
      RangeMap<IndexRange, String> marks, IndexRange range, IndexRange whole, String sign) {
    return range
        .intersect(whole)
        .map(
            part ->
                marks.update(
                    part, old -> old.map(text -> text.contains(sign) ? text : text + sign)))
        .orElse(marks);
  }

  private static String table(List<Column> columns, IndexRange whole) {
    // One map from pages to their whole history, a run at a time.
    RangeMap<IndexRange, String> histories = RangeMap.of(whole, "");
    for (Column column : columns) {
      for (Run<IndexRange, String> run : column.marks().runs(whole)) {
        histories =
            histories.update(run.range(), old -> old.map(history -> history + run.value() + "\t"));
      }
    }
    List<Run<IndexRange, String>> rows = histories.runs(whole);
    int first = 6;
    for (Run<IndexRange, String> row : rows) {
      first = Math.max(first, row.range().toString().length());
    }
    StringBuilder text = new StringBuilder(String.format("%-" + (first + 2) + "s", "pages"));
    columns.forEach(column -> text.append(String.format("%-" + CELL + "d", column.step())));
    strip(text);
    for (Run<IndexRange, String> row : rows.subList(0, Math.min(MAX_ROWS, rows.size()))) {
      text.append(String.format("%-" + (first + 2) + "s", row.range()));
      for (String cell : row.value().split("\t")) {
        text.append(String.format("%-" + CELL + "s", cell));
      }
      strip(text);
    }
    if (rows.size() > MAX_ROWS) {
      text.append("and ").append(rows.size() - MAX_ROWS).append(" more ranges; --range narrows\n");
    }
    text.append("P private  S shared  a accepted  m host-mapped  * pinned  ! refused\n");
    return text.toString();
  }

  private static void strip(StringBuilder text) {
    while (!text.isEmpty() && text.charAt(text.length() - 1) == ' ') {
      text.setLength(text.length() - 1);
    }
    text.append('\n');
  }
}
