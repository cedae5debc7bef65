package dev.faultline.protocol.gmem;

import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PageIndex;
import dev.faultline.protocol.memory.RangeSet;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.Shows;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A page that someone besides the page cache refers to, so that it cannot be converted.
 *
 * @param mappings how many processes map it
 */
record Busy(PageIndex at, Folio folio, int mappings) {

  /** The first page of a range that someone besides the page cache refers to. */
  static Optional<Busy> lowest(GmemState state, IndexRange range) {
    RangeSet<IndexRange> used = RangeSet.empty();
    for (Run<IndexRange, Folio> run : state.folios(range)) {
      if (run.value().extra() > 0) {
        used = used.with(run.range());
      }
    }
    for (PartyId memory : state.mappers(range)) {
      for (Run<IndexRange, Integer> run : state.pageTable(memory).runs(range)) {
        used = used.with(run.range());
      }
    }
    List<IndexRange> ranges = used.ranges(range);
    if (ranges.isEmpty()) {
      return Optional.empty();
    }
    IndexRange first = IndexRange.of(ranges.getFirst().first(), 1);
    Folio folio = state.folios(first).getFirst().value();
    return Optional.of(new Busy(first.first(), folio, state.mappers(first).size()));
  }

  String text() {
    List<String> who = new ArrayList<>();
    if (mappings > 0) {
      who.add(count(mappings, "host mapping"));
    }
    if (folio.pins() > 0) {
      who.add(count(folio.pins(), "pin"));
    }
    if (folio.references() > 0) {
      who.add(count(folio.references(), "reference") + " without a pin");
    }
    return at.number() + " is in use besides the page cache: " + String.join(", ", who);
  }

  Shows shows() {
    return new Shows(mappings > 0, folio.pins() > 0, folio.references() > 0);
  }

  private static String count(int number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
