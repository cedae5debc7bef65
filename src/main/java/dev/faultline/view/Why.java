package dev.faultline.view;

import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.journal.RecordedRun;
import dev.faultline.property.Views;
import dev.faultline.property.Watch;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.Outcome;
import dev.faultline.protocol.Send;
import dev.faultline.protocol.anchor.AnchorState;
import dev.faultline.protocol.gmem.GmemEvent;
import dev.faultline.protocol.hostio.HostIoSetup;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.message.GmemToProcess;
import dev.faultline.protocol.message.KvmToProcess;
import dev.faultline.protocol.message.KvmToVmm;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.protocol.message.ProcessToGmem;
import dev.faultline.protocol.message.ProcessToKvm;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.ScriptToGuest;
import dev.faultline.protocol.message.ScriptToVmm;
import dev.faultline.protocol.message.View;
import dev.faultline.scenario.Scenario;
import dev.faultline.world.Holders;
import dev.faultline.world.HostUser;
import dev.faultline.world.Parties;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What became of a page, and why, in sentences. */
public final class Why {

  private final Scenario scenario;
  private final IndexRange page;
  private final SortedMap<String, Hold> holds = new TreeMap<>();
  private final List<Hold> ended = new ArrayList<>();
  private final List<Call> calls = new ArrayList<>();
  private final List<String> broken = new ArrayList<>();
  private Optional<Long> changed = Optional.empty();
  private Optional<Request> request = Optional.empty();
  private Optional<Unmap> unmapped = Optional.empty();
  private boolean touched;

  private Why(Scenario scenario, long page) {
    this.scenario = scenario;
    this.page = new IndexRange(page, page + 1);
  }

  /** Someone who has or had the page. */
  private record Hold(PartyId who, Holders.How how, IndexRange range, long since, long until) {
    Hold until(long step) {
      return new Hold(who, how, range, since, step);
    }
  }

  /** Who asked for a conversion of the page, and when. */
  private record Request(String who, long step) {}

  /**
   * A conversion call on the page.
   *
   * @param by who made it
   * @param started the step at which it arrived
   * @param ended the step at which it returned; 0 while it has not
   */
  private record Call(
      PartyId by,
      View target,
      Optional<Request> request,
      long started,
      long ended,
      Optional<Refusal> refusal) {}

  private record Refusal(Errno errno, Optional<Long> at, String reason, List<Hold> holders) {}

  private record Unmap(long step, String whom) {}

  /**
   * Explains a page.
   *
   * @param page its number, within the guest's memory
   */
  public static String explain(Scenario scenario, RecordedRun recorded, long page) {
    Why why = new Why(scenario, page);
    World end = Walk.over(scenario, recorded.steps(), why::visit);
    return why.text(end, recorded.end().isPresent());
  }

  // Gathering.

  private void visit(World before, StepTaken entry, World after) {
    requests(entry);
    calls(before, entry);
    if (Views.isPrivate(before, page.start()) != Views.isPrivate(after, page.start())) {
      changed = Optional.of(entry.step());
    }
    for (Event event : entry.events()) {
      if (event instanceof GmemEvent.HostUnmapped gone && gone.range().overlaps(page)) {
        boolean was = !before.gmem().pageTable(gone.memory()).runs(page).isEmpty();
        if (was) {
          unmapped = Optional.of(new Unmap(entry.step(), owner(gone.memory())));
        }
      }
    }
    holds(entry.step(), after);
    for (Watch.Change change : entry.properties()) {
      broken.add(
          (change.broken()
                  ? "At step " + entry.step() + " the promise "
                  : "At step " + entry.step() + " it holds again: ")
              + change.property()
              + (change.broken() ? " broke: " : ": ")
              + change.text()
              + ".");
    }
  }

  private void requests(StepTaken entry) {
    if (entry.message().isEmpty()) {
      return;
    }
    Message message = entry.message().get();
    if (message instanceof ScriptToGuest.Convert convert && has(convert.range())) {
      request =
          Optional.of(
              new Request("the guest asked for " + convert.range() + " (MapGPA)", entry.step()));
    } else if (message instanceof ScriptToVmm.SetFirstView first && has(first.range())) {
      request =
          Optional.of(
              new Request("the VMM gave " + first.range() + " its first view", entry.step()));
    } else if (message instanceof ScriptToVmm.Convert convert && has(convert.range())) {
      request = Optional.of(new Request("the VMM converted " + convert.range(), entry.step()));
    } else if (message instanceof KvmToVmm.MemoryFaultExit exit
        && exit.gpa() / 4096 <= page.start()
        && page.start() < (exit.gpa() + exit.sizeBytes()) / 4096) {
      request =
          Optional.of(new Request("the guest touched it as " + exit.view().word(), entry.step()));
    }
  }

  private boolean has(GfnRange range) {
    return range.contains(page.start());
  }

  private void calls(World before, StepTaken entry) {
    if (entry.message().isPresent()) {
      Optional<View> target =
          switch (entry.message().get()) {
            case ProcessToGmem.SetMemoryAttributes2 set
                when covers(set.offsetBytes(), set.sizeBytes()) ->
                Optional.of(set.target());
            case ProcessToKvm.SetMemoryAttributes set when covers(set.address(), set.sizeBytes()) ->
                Optional.of(set.target());
            default -> Optional.empty();
          };
      if (target.isPresent() && entry.taken() instanceof dev.faultline.world.Step.Deliver way) {
        calls.add(
            new Call(
                way.channel().from().party(),
                target.get(),
                request,
                entry.step(),
                0,
                Optional.empty()));
      }
    }
    for (Send send : entry.sends()) {
      boolean returns =
          send.message() instanceof GmemToProcess.Returned
              || send.message() instanceof KvmToProcess.AttributesSet;
      if (returns) {
        returned(before, entry, send);
      }
    }
  }

  private boolean covers(long offset, long size) {
    return size > 0 && offset / 4096 <= page.start() && page.start() < (offset + size) / 4096;
  }

  private void returned(World before, StepTaken entry, Send send) {
    for (int index = calls.size() - 1; index >= 0; index--) {
      Call call = calls.get(index);
      if (call.ended() == 0 && call.by().equals(send.to().party())) {
        calls.set(
            index,
            new Call(
                call.by(),
                call.target(),
                call.request(),
                call.started(),
                entry.step(),
                refusal(before, entry, send.message())));
        return;
      }
    }
  }

  private Optional<Refusal> refusal(World before, StepTaken entry, Message answer) {
    Result result =
        switch (answer) {
          case GmemToProcess.Returned returned -> returned.result();
          case KvmToProcess.AttributesSet set -> set.result();
          default -> Result.ok();
        };
    if (!(result instanceof Result.Failed failed)) {
      return Optional.empty();
    }
    String reason = entry.outcome() instanceof Outcome.Refused refused ? refused.reason() : "";
    Optional<Long> at = failed.at().map(named -> named.number());
    IndexRange where = at.map(named -> new IndexRange(named, named + 1)).orElse(page);
    List<Hold> holders = new ArrayList<>();
    for (Holders.Holder holder : Holders.confirmed(before, where)) {
      holders.add(since(holder));
    }
    return Optional.of(new Refusal(failed.errno(), at, reason, holders));
  }

  private Hold since(Holders.Holder holder) {
    Hold known = holds.get(holder.who() + " " + holder.how());
    return known == null ? new Hold(holder.who(), holder.how(), holder.range(), 0, 0) : known;
  }

  private void holds(long step, World after) {
    List<String> now = new ArrayList<>();
    // The whole range of a holder is worth telling, so all of the file is looked at.
    IndexRange whole = new IndexRange(0, scenario.setup().pageCount());
    for (Holders.Holder holder : Holders.of(after, whole)) {
      if (holder.range().overlaps(page)) {
        String key = holder.who() + " " + holder.how();
        now.add(key);
        holds.putIfAbsent(key, new Hold(holder.who(), holder.how(), holder.range(), step, 0));
        touched = true;
      }
    }
    for (String key : List.copyOf(holds.keySet())) {
      if (!now.contains(key)) {
        ended.add(holds.remove(key).until(step));
      }
    }
  }

  // Telling.

  private String text(World end, boolean over) {
    StringBuilder text = new StringBuilder();
    paragraph(text, List.of(state(end, over)));
    paragraph(text, becoming(end));
    paragraph(text, refusals());
    paragraph(text, holding());
    paragraph(text, broken);
    return text.toString();
  }

  private static void paragraph(StringBuilder text, List<String> sentences) {
    if (sentences.isEmpty()) {
      return;
    }
    if (!text.isEmpty()) {
      text.append('\n');
    }
    for (String sentence : sentences) {
      Ladder.wrap(text, "", sentence);
    }
  }

  private String state(World end, boolean over) {
    List<String> words = new ArrayList<>();
    words.add(Views.isPrivate(end, page.start()) ? "private" : "shared");
    AnchorState anchor = (AnchorState) end.state(Parties.ANCHOR);
    anchor
        .secureEpt()
        .get(page.start())
        .ifPresent(
            entry ->
                words.add(
                    switch (entry.stage()) {
                      case PENDING -> "given to the guest, not accepted";
                      case ACCEPTED -> "accepted";
                      case BLOCKED -> "on its way back from the guest";
                    }));
    for (View view : View.values()) {
      if (end.kvm().mmu(view).get(page.start()).isPresent()) {
        words.add("mapped by the guest as " + view.word());
      }
    }
    boolean held = false;
    for (Hold hold : holds.values()) {
      words.add(holdWords(hold));
      held = true;
    }
    if (!held) {
      words.add("held by nobody on the host");
    }
    return "page "
        + page
        + " (guest "
        + Words.address(page.start() * 4096)
        + ") "
        + (over ? "is " : "is, as far as the journal goes, ")
        + String.join(", ", words)
        + ".";
  }

  private String holdWords(Hold hold) {
    return switch (hold.how()) {
      case DMA_MAPPED ->
          "mapped for DMA and pinned by " + hold.who() + " since step " + hold.since();
      case PINNED -> "pinned by " + hold.who() + " since step " + hold.since();
      case MAPPED -> "in the page table of " + owner(hold.who()) + " since step " + hold.since();
    };
  }

  private static String owner(PartyId memory) {
    String process = memory.name().replaceFirst("-memory$", "");
    return process.equals("vmm") ? "the VMM" : process;
  }

  private List<String> becoming(World end) {
    if (changed.isEmpty()) {
      boolean isPrivate = Views.isPrivate(end, page.start());
      return List.of(
          "It has been "
              + (isPrivate ? "private" : "shared")
              + " from the start"
              + (touched || !calls.isEmpty() ? "." : "; nothing in this run concerned it."));
    }
    long step = changed.get();
    Optional<Call> by =
        calls.stream().filter(call -> call.started() <= step).reduce((first, second) -> second);
    boolean isPrivate = Views.isPrivate(end, page.start());
    String sentence = "It became " + (isPrivate ? "private" : "shared") + " at step " + step;
    if (by.isPresent()) {
      Call call = by.get();
      String request =
          call.request().isPresent()
              ? call.request().get().who() + " at step " + call.request().get().step() + ", and "
              : "";
      sentence +=
          ": "
              + request
              + (call.by().kind() == PartyKind.VMM ? "the VMM" : call.by())
              + " made the call ("
              + scenario.setup().revision().call()
              + ", step "
              + call.started()
              + ")";
    }
    return List.of(sentence + ".");
  }

  private List<String> refusals() {
    List<String> sentences = new ArrayList<>();
    List<Call> refused = calls.stream().filter(call -> call.refusal().isPresent()).toList();
    if (refused.isEmpty()) {
      return sentences;
    }
    if (refused.size() > 1) {
      sentences.add(
          refused.size()
              + " calls were refused, the first at step "
              + refused.getFirst().ended()
              + ". The last:");
    }
    Call call = refused.getLast();
    Refusal refusal = call.refusal().orElseThrow();
    sentences.add(
        "The call of step "
            + call.started()
            + " to make it "
            + call.target().word()
            + " was refused at step "
            + call.ended()
            + ", "
            + refusal.errno()
            + refusal.at().map(at -> " at page " + at).orElse("")
            + (refusal.reason().isEmpty() ? "" : ": " + refusal.reason())
            + ".");
    for (Hold hold : refusal.holders()) {
      sentences.add(path(hold) + ".");
    }
    if (unmapped.isPresent()
        && unmapped.get().step() >= call.started()
        && unmapped.get().step() <= call.ended()) {
      sentences.add(
          "It left the page table of "
              + unmapped.get().whom()
              + " at step "
              + unmapped.get().step()
              + ", before the refusal: that stays.");
    }
    return sentences;
  }

  /** Who took a pin, by which path, and when it was given back. */
  private String path(Hold hold) {
    Optional<Hold> gone =
        ended.stream()
            .filter(other -> other.who().equals(hold.who()) && other.since() == hold.since())
            .findFirst();
    String back =
        gone.map(other -> ", given back at step " + other.until()).orElse(", not given back");
    return switch (hold.how()) {
      case DMA_MAPPED ->
          "What held it was "
              + hold.who()
              + "'s long-term pin (VFIO, iova "
              + hold.range()
              + ", taken through the VMM's mapping, there since step "
              + hold.since()
              + back
              + ")";
      case PINNED ->
          "What held it was "
              + hold.who()
              + "'s pin ("
              + kind(hold.who())
              + ", pages "
              + hold.range()
              + ", there since step "
              + hold.since()
              + back
              + ")";
      case MAPPED ->
          "What held it was a page table entry of "
              + owner(hold.who())
              + " (since step "
              + hold.since()
              + back
              + ")";
    };
  }

  private String kind(PartyId who) {
    HostIoSetup.Kind kind =
        scenario.setup().users().stream()
            .filter(user -> user.id().equals(who))
            .map(HostUser::kind)
            .findFirst()
            .orElse(HostIoSetup.Kind.THREAD);
    return switch (kind) {
      case IO_URING -> "io_uring fixed buffer";
      case O_DIRECT -> "O_DIRECT transfer in flight";
      case VFIO -> "VFIO";
      case PROCESS, THREAD -> "get_user_pages";
    };
  }

  private List<String> holding() {
    List<String> sentences = new ArrayList<>();
    for (Hold hold : holds.values()) {
      if (hold.how() != Holders.How.MAPPED) {
        sentences.add(path(hold) + ".");
      }
    }
    return sentences;
  }

  /** A page number: "512", "0x200", or a guest address with a unit: "2 MiB". */
  public static Optional<Long> parsePage(String text) {
    if (text.matches("[0-9]{1,15}")) {
      return Optional.of(Long.parseLong(text));
    }
    java.util.regex.Matcher match =
        java.util.regex.Pattern.compile("([0-9]{1,15}) ?(KiB|MiB|GiB|TiB)").matcher(text);
    if (match.matches()) {
      int shift = 10 * (1 + List.of("KiB", "MiB", "GiB", "TiB").indexOf(match.group(2)));
      long number = Long.parseLong(match.group(1));
      return Long.numberOfLeadingZeros(number) > shift + 12
          ? Optional.of((number << shift) / 4096)
          : Optional.empty();
    }
    return text.matches("0x[0-9a-fA-F]{1,13}")
        ? Optional.of(Long.parseLong(text.substring(2), 16) / 4096)
        : Optional.empty();
  }
}
