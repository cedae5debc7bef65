package dev.faultline.view;

import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.property.Monitor;
import dev.faultline.property.Views;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.Outcome;
import dev.faultline.protocol.Send;
import dev.faultline.protocol.gmem.GmemEvent;
import dev.faultline.protocol.gmem.Work;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PageIndex;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.GmemToProcess;
import dev.faultline.protocol.message.KvmToProcess;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.protocol.message.ProcessToGmem;
import dev.faultline.protocol.message.ProcessToKvm;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.View;
import dev.faultline.protocol.vmm.VmmEvent;
import dev.faultline.protocol.vmm.VmmTask;
import dev.faultline.world.Step;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a journal tells of one page. Is shown the steps in order. */
final class PageStory {

  private static final Pattern PAGES = Pattern.compile("(?<![\\w-])(\\d+)(?:\\.\\.(\\d+))?\\b");

  private final IndexRange page;
  private final long pageCount;
  private final Pins pins;
  private final Causes causes = new Causes();
  private final List<Call> calls = new ArrayList<>();
  private final List<Change> changes = new ArrayList<>();
  private final List<Unmapping> unmappings = new ArrayList<>();
  private final List<Break> breaks = new ArrayList<>();
  private final SortedMap<PartyId, Long> mapped = new TreeMap<>();
  private Optional<Refusal> refusal = Optional.empty();
  private Optional<GivingUp> givingUp = Optional.empty();
  private boolean named;

  /**
   * Nothing has happened to a page yet.
   *
   * @param start the world before its first step
   */
  PageStory(long page, World start) {
    this.page = new IndexRange(page, page + 1);
    this.pageCount = start.setup().pageCount();
    this.pins = new Pins(start);
    start.gmem().mappers(this.page).forEach(memory -> mapped.put(memory, 0L));
  }

  /**
   * The page got another view.
   *
   * @param cause the line of a script that it comes of
   */
  record Change(long step, View view, Optional<Causes.Cause> cause) {}

  /** The page left the page table of a process. */
  record Unmapping(long step, PartyId memory) {}

  /** The VMM told whoever asked that a conversion of the page failed for good. */
  record GivingUp(long step, String reason) {}

  /**
   * A promise about the page that broke.
   *
   * @param until the step at which it held again
   */
  record Break(String property, String text, long step, OptionalLong until) {}

  /** Who holds a page. */
  sealed interface Holder {

    /** By a pin on its frame. */
    record Pinned(Pins.Pin pin, PfnRange frame) implements Holder {}

    /** By an entry of a page table. */
    record Mapped(PartyId memory) implements Holder {}
  }

  /**
   * A call was refused.
   *
   * @param at the page that the kernel names
   * @param holders who held that page, or the range if none is named
   */
  record Refusal(long step, Errno errno, Optional<Long> at, String reason, List<Holder> holders) {}

  /**
   * A call to convert the page.
   *
   * @param by who made it
   * @param cause the line of a script that it comes of
   * @param started the step at which it arrived
   * @param ended the step at which it was answered
   */
  record Call(
      Endpoint by,
      IndexRange range,
      View target,
      Optional<Causes.Cause> cause,
      long started,
      OptionalLong ended,
      Optional<Refusal> refusal) {

    boolean runsAt(long step) {
      return started <= step && (ended.isEmpty() || step <= ended.getAsLong());
    }
  }

  // Gathering.

  void visit(World before, StepTaken entry, World after) {
    Optional<Causes.Cause> cause = causes.of(entry);
    named |= Pages.named(entry, pageCount).overlaps(page);
    called(entry, cause);
    refused(before, entry, after);
    for (Send send : entry.sends()) {
      answered(entry, send);
    }
    gaveUp(before, entry);
    boolean isPrivate = Views.isPrivate(after, page.start());
    if (isPrivate != Views.isPrivate(before, page.start())) {
      changes.add(new Change(entry.step(), isPrivate ? View.PRIVATE : View.SHARED, cause));
    }
    mappings(before, entry, after);
    pins.visit(before, entry);
    entry.properties().forEach(change -> property(entry.step(), change));
  }

  private void called(StepTaken entry, Optional<Causes.Cause> cause) {
    if (!(entry.taken() instanceof Step.Deliver(var channel, int _)) || entry.message().isEmpty()) {
      return;
    }
    Message message = entry.message().get();
    if (message instanceof ProcessToGmem.SetMemoryAttributes2(long offset, long size, View to)) {
      called(entry, channel.from(), Pages.ofBytes(offset, size), to, cause);
    } else if (message instanceof ProcessToGmem.Convert(long offset, long size, long _, View to)) {
      called(entry, channel.from(), Pages.ofBytes(offset, size), to, cause);
    } else if (message instanceof ProcessToKvm.SetMemoryAttributes(long at, long size, View to)) {
      called(entry, channel.from(), Pages.ofBytes(at, size), to, cause);
    }
  }

  private void called(
      StepTaken entry,
      Endpoint by,
      Optional<IndexRange> range,
      View target,
      Optional<Causes.Cause> cause) {
    range
        .filter(asked -> asked.overlaps(page))
        .ifPresent(
            asked ->
                calls.add(
                    new Call(
                        by,
                        asked,
                        target,
                        cause,
                        entry.step(),
                        OptionalLong.empty(),
                        Optional.empty())));
  }

  /** The inode refuses: now it shows who holds what, and later the call is answered. */
  private void refused(World before, StepTaken entry, World after) {
    Optional<Work.Conversion> conversion =
        Refusals.conversion(before, entry).filter(work -> work.range().overlaps(page));
    if (conversion.isPresent()
        && entry.outcome() instanceof Outcome.Refused(Errno errno, String reason)) {
      Optional<Long> at = Refusals.named(entry, after).map(PageIndex::number);
      IndexRange where =
          at.map(number -> new IndexRange(number, number + 1)).orElse(conversion.get().range());
      refusal = Optional.of(new Refusal(entry.step(), errno, at, reason, holders(before, where)));
    }
  }

  private List<Holder> holders(World world, IndexRange where) {
    List<Holder> found = new ArrayList<>();
    pins.on(world, where).forEach((pin, frame) -> found.add(new Holder.Pinned(pin, frame)));
    world.gmem().mappers(where).forEach(memory -> found.add(new Holder.Mapped(memory)));
    return found;
  }

  private void answered(StepTaken entry, Send send) {
    Optional<Result> result = Optional.empty();
    if (send.message() instanceof GmemToProcess.Returned(Result returned, var _)) {
      result = Optional.of(returned);
    } else if (send.message() instanceof KvmToProcess.AttributesSet(Result set)) {
      result = Optional.of(set);
    }
    for (int index = 0; index < calls.size() && result.isPresent(); index++) {
      Call call = calls.get(index);
      if (call.ended().isEmpty() && call.by().equals(send.to())) {
        calls.set(
            index,
            new Call(
                call.by(),
                call.range(),
                call.target(),
                call.cause(),
                call.started(),
                OptionalLong.of(entry.step()),
                result.get() instanceof Result.Failed(Errno errno, var _)
                    ? Optional.of(why(call, entry, errno))
                    : Optional.empty()));
        return;
      }
    }
  }

  /** Why a call fails: what the inode refused meanwhile, or what this step says. */
  private Refusal why(Call call, StepTaken entry, Errno errno) {
    String reason = entry.outcome() instanceof Outcome.Refused(var _, String words) ? words : "";
    return refusal
        .filter(known -> known.step() >= call.started() && known.errno() == errno)
        .orElseGet(() -> new Refusal(entry.step(), errno, Optional.empty(), reason, List.of()));
  }

  private void gaveUp(World before, StepTaken entry) {
    if (entry.party().kind() != PartyKind.VMM
        || !(entry.outcome() instanceof Outcome.Refused(var _, String reason))) {
      return;
    }
    for (Event event : entry.events()) {
      if (event instanceof VmmEvent.TaskEnded(var id)
          && before.vmm().findTask(id).isPresent()
          && before.vmm().findTask(id).get() instanceof VmmTask.Conversion conversion
          && conversion.range().contains(page.start())) {
        givingUp = Optional.of(new GivingUp(entry.step(), reason));
      }
    }
  }

  private void mappings(World before, StepTaken entry, World after) {
    List<PartyId> now = after.gmem().mappers(page);
    now.forEach(memory -> mapped.putIfAbsent(memory, entry.step()));
    mapped.keySet().removeIf(memory -> !now.contains(memory));
    List<PartyId> was = before.gmem().mappers(page);
    for (Event event : entry.events()) {
      if (event instanceof GmemEvent.HostUnmapped(PartyId memory, IndexRange range)
          && range.overlaps(page)
          && was.contains(memory)) {
        unmappings.add(new Unmapping(entry.step(), memory));
      }
    }
  }

  private void property(long step, Monitor.Change change) {
    if (change.broken()) {
      if (isAbout(change.text())) {
        breaks.add(new Break(change.property(), change.text(), step, OptionalLong.empty()));
      }
      return;
    }
    for (int index = 0; index < breaks.size(); index++) {
      Break known = breaks.get(index);
      if (known.property().equals(change.property()) && known.until().isEmpty()) {
        breaks.set(
            index, new Break(known.property(), known.text(), known.step(), OptionalLong.of(step)));
      }
    }
  }

  /**
   * Whether words are about the page: they name it, or a range that holds it, or no page. What a
   * scenario promises stands in quotes, with numbers of any kind.
   */
  private boolean isAbout(String words) {
    Matcher numbers = PAGES.matcher(words.replaceAll("\"[^\"]*\"", ""));
    boolean any = false;
    while (numbers.find()) {
      any = true;
      long first = Long.parseLong(numbers.group(1));
      long last = numbers.group(2) == null ? first : Long.parseLong(numbers.group(2));
      if (first <= page.start() && page.start() <= last) {
        return true;
      }
    }
    return !any;
  }

  // What was gathered.

  IndexRange page() {
    return page;
  }

  Pins pins() {
    return pins;
  }

  List<Call> calls() {
    return List.copyOf(calls);
  }

  List<Change> changes() {
    return List.copyOf(changes);
  }

  List<Break> breaks() {
    return List.copyOf(breaks);
  }

  Optional<GivingUp> givingUp() {
    return givingUp;
  }

  /** Since when processes have the page in their page tables. */
  SortedMap<PartyId, Long> mapped() {
    return new TreeMap<>(mapped);
  }

  /**
   * How the page left each page table last, while one of these calls ran and before it was refused.
   */
  Collection<Unmapping> unmappings(List<Call> refused) {
    SortedMap<PartyId, Unmapping> last = new TreeMap<>();
    for (Unmapping known : unmappings) {
      for (Call call : refused) {
        if (call.started() <= known.step() && known.step() <= call.refusal().orElseThrow().step()) {
          last.put(known.memory(), known);
        }
      }
    }
    return last.values();
  }

  /** Whether any step named the page. */
  boolean isNamed() {
    return named;
  }
}
