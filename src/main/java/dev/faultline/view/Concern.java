package dev.faultline.view;

import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.RangeSet;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.world.MessageId;
import dev.faultline.world.Step;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which steps of a journal concern some pages: those that name one of them, and those that name no
 * page and come of such a step, as answers do. Is shown the steps in order.
 */
final class Concern {

  private final IndexRange pages;
  private final long pageCount;
  private final SortedSet<Long> steps = new TreeSet<>();
  private final SortedMap<Endpoint, Boolean> tasks = new TreeMap<>();

  Concern(IndexRange pages, long pageCount) {
    this.pages = pages;
    this.pageCount = pageCount;
  }

  /** Whether the next step concerns the pages. */
  boolean is(StepTaken entry) {
    RangeSet<IndexRange> named = Pages.named(entry, pageCount);
    boolean concerns = named.isEmpty() ? inherits(entry) : named.overlaps(pages);
    if (concerns) {
      steps.add(entry.step());
    }
    for (Event event : entry.events()) {
      Causes.started(event)
          .ifPresent(task -> tasks.put(new Endpoint(entry.party(), task), concerns));
    }
    return concerns;
  }

  private boolean inherits(StepTaken entry) {
    return switch (entry.taken()) {
      case Step.Deliver _ -> entry.id().map(MessageId::step).filter(steps::contains).isPresent();
      case Step.Advance(var party, var task, int _) ->
          tasks.getOrDefault(new Endpoint(party, task), false);
      case Step.Tick _ -> false;
      // Whose process died, and what of it is given back, concerns every page.
      case Step.Kill _ -> true;
    };
  }
}
