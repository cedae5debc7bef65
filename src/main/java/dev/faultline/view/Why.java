package dev.faultline.view;

import dev.faultline.journal.RecordedRun;
import dev.faultline.property.Views;
import dev.faultline.protocol.anchor.AnchorState;
import dev.faultline.protocol.hostio.HostIoSetup;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.ScriptToGuest;
import dev.faultline.protocol.message.ScriptToHostIo;
import dev.faultline.protocol.message.ScriptToVmm;
import dev.faultline.protocol.message.ToAnchor;
import dev.faultline.protocol.message.ToGmem;
import dev.faultline.protocol.message.ToGuest;
import dev.faultline.protocol.message.ToHostIo;
import dev.faultline.protocol.message.ToHostMemory;
import dev.faultline.protocol.message.ToIommu;
import dev.faultline.protocol.message.ToKvm;
import dev.faultline.protocol.message.ToScript;
import dev.faultline.protocol.message.ToVmm;
import dev.faultline.protocol.message.View;
import dev.faultline.scenario.Scenario;
import dev.faultline.world.HostUser;
import dev.faultline.world.Parties;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What became of a page, and why, in sentences. */
public final class Why {

  private static final Pattern ADDRESS = Pattern.compile("(\\d{1,15}) ?(KiB|MiB|GiB|TiB)");
  private static final List<String> UNITS = List.of("KiB", "MiB", "GiB", "TiB");

  /** How often a promise that breaks over and over is told of: the first times, and the last. */
  private static final int BREAKS = 3;

  private final Scenario scenario;
  private final RecordedRun recorded;
  private final PageStory story;
  private final World end;
  private final View view;

  private Why(Scenario scenario, RecordedRun recorded, PageStory story, World end) {
    this.scenario = scenario;
    this.recorded = recorded;
    this.story = story;
    this.end = end;
    this.view = Views.isPrivate(end, story.page().start()) ? View.PRIVATE : View.SHARED;
  }

  /**
   * Explains a page.
   *
   * @param page its number
   * @throws IllegalArgumentException if it is outside the guest's memory
   */
  public static String explain(Scenario scenario, RecordedRun recorded, long page) {
    long pageCount = scenario.setup().pageCount();
    if (page < 0 || page >= pageCount) {
      throw new IllegalArgumentException(
          "page " + page + " is outside the guest's memory: give one of 0.." + (pageCount - 1));
    }
    PageStory story = new PageStory(page, World.start(scenario.setup()));
    World end = Walk.over(scenario, recorded.steps(), story::visit);
    return new Why(scenario, recorded, story, end).text();
  }

  /** A page number: "512"; or a guest address, in it or at its start: "2 MiB", "0x200000". */
  public static Optional<Long> parsePage(String text) {
    if (text.matches("\\d{1,15}")) {
      return Optional.of(Long.parseLong(text));
    }
    if (text.matches("0x[0-9a-fA-F]{1,15}")) {
      return Optional.of(Long.parseLong(text.substring(2), 16) / Page.BYTES);
    }
    Matcher address = ADDRESS.matcher(text);
    if (!address.matches()) {
      return Optional.empty();
    }
    int shift = 10 * (1 + UNITS.indexOf(address.group(2)));
    long number = Long.parseLong(address.group(1));
    return number <= Long.MAX_VALUE >> shift
        ? Optional.of((number << shift) / Page.BYTES)
        : Optional.empty();
  }

  private String text() {
    List<List<String>> paragraphs =
        List.of(List.of(state()), elsewhere(), origin(), refusals(), holders(), breaks());
    StringBuilder text = new StringBuilder();
    for (List<String> sentences : paragraphs) {
      if (!sentences.isEmpty()) {
        text.append(text.isEmpty() ? "" : "\n");
        text.append(Text.paragraph("", String.join(" ", sentences)));
      }
    }
    return text.toString();
  }

  // What it is now.

  private String state() {
    long page = story.page().start();
    List<String> words = new ArrayList<>(List.of(view.word()));
    ((AnchorState) end.state(Parties.ANCHOR))
        .pages()
        .get(page)
        .ifPresent(entry -> words.add(end.setup().mode().anchor().state(entry.state()).says()));
    List<String> pinners =
        story.pins().on(end, story.page()).keySet().stream()
            .map(pin -> pin.who().name())
            .distinct()
            .toList();
    List<String> mappers = new ArrayList<>();
    for (View kind : View.values()) {
      if (end.kvm().mmu(kind).get(page).isPresent()) {
        mappers.add("the guest" + (kind == view ? "" : " as " + kind.word()));
      }
    }
    boolean guestAlone = mappers.size() == 1 && story.mapped().isEmpty() && pinners.isEmpty();
    story.mapped().keySet().forEach(memory -> mappers.add(process(memory)));
    if (guestAlone) {
      words.add("mapped by " + mappers.getFirst() + (isTwice() ? "" : " alone"));
    } else {
      words.add("mapped by " + (mappers.isEmpty() ? nobody() : Text.list(mappers)));
    }
    if (!pinners.isEmpty()) {
      words.add("pinned by " + Text.list(pinners));
    }
    String when =
        recorded.end().isPresent()
            ? " is "
            : ", where the journal stops (step " + steps() + "), is ";
    String name = "page " + page + " (guest " + Words.address(page * Page.BYTES) + ")";
    return name + when + Text.list(words) + ".";
  }

  /** Model: what has the page of shmem mapped or pinned is not followed. */
  private List<String> elsewhere() {
    return isTwice()
        ? List.of(
            "The page is there twice; who has the one of shmem mapped or pinned is shown by the"
                + " ladder alone.")
        : List.of();
  }

  private String nobody() {
    return isTwice() ? "nobody through the file" : "nobody";
  }

  private boolean isTwice() {
    return scenario.setup().sharedElsewhere();
  }

  private int steps() {
    return recorded.steps().size();
  }

  // How it came to be so.

  private List<String> origin() {
    List<String> sentences = new ArrayList<>();
    if (story.changes().isEmpty()) {
      sentences.add("It has been " + view.word() + " from the start.");
      if (!story.isNamed()) {
        sentences.add("No step of this run concerns it.");
      }
    } else {
      PageStory.Change change = story.changes().getLast();
      String became = "It became " + view.word() + " at step " + change.step();
      sentences.add(
          story.calls().stream()
                  .filter(call -> call.runsAt(change.step()) && call.cause().equals(change.cause()))
                  .findFirst()
                  .map(call -> became + ": " + made(call))
                  .orElse(became)
              + ".");
    }
    if (!story.calls().isEmpty()) {
      lastCall(story.calls().getLast()).ifPresent(sentences::add);
    }
    return sentences;
  }

  /** Who asked for a call, and who made it. */
  private String made(PageStory.Call call) {
    String ioctl = scenario.setup().revision().call() + ", step " + call.started();
    String caller = party(call.by().party());
    Optional<String> asked = call.cause().flatMap(this::asked);
    return asked
        .map(words -> words + ", and " + caller + " made the call (" + ioctl + ")")
        .orElse(caller + " called " + ioctl);
  }

  private Optional<String> asked(Causes.Cause cause) {
    String who = party(cause.whose());
    String when = " at step " + cause.step();
    return switch (cause.message()) {
      case ScriptToGuest.Convert convert ->
          Optional.of(who + " asked for " + convert.range() + when + " (MapGPA)");
      case ScriptToGuest.AcceptMemory accept ->
          Optional.of(who + " accepted " + accept.range() + when + " (memory fault)");
      case ScriptToGuest.Touch touch ->
          Optional.of(who + " touched " + touch.range() + when + " (memory fault)");
      case ScriptToVmm.SetFirstView first ->
          Optional.of(who + " gave " + first.range() + " its first view" + when);
      case ScriptToVmm.Convert convert ->
          Optional.of(who + " converted " + convert.range() + " of its own accord" + when);
      case ScriptToVmm.SetAttributes _,
          ScriptToVmm.SetAttributesWith _,
          ScriptToHostIo.SetAttributes _ ->
          Optional.of(who + "'s script asked for it" + when);
      // These make no call that converts.
      case ToGuest _,
          ToVmm _,
          ToKvm _,
          ToGmem _,
          ToHostMemory _,
          ToIommu _,
          ToHostIo _,
          ToAnchor _,
          ToScript _ ->
          Optional.empty();
    };
  }

  /** The last call, where it did not do what it was made for and no refusal tells of it. */
  private Optional<String> lastCall(PageStory.Call call) {
    String it = "The call of step " + call.started() + " to make it " + call.target().word();
    if (call.ended().isEmpty()) {
      return Optional.of(it + " has not returned.");
    }
    boolean changed = story.changes().stream().anyMatch(change -> call.runsAt(change.step()));
    boolean idle = call.refusal().isEmpty() && !changed && call.target() == view;
    return idle ? Optional.of(it + " changed nothing: it was so already.") : Optional.empty();
  }

  // What was refused.

  private List<String> refusals() {
    List<PageStory.Call> refused =
        story.calls().stream().filter(call -> call.refusal().isPresent()).toList();
    if (refused.isEmpty()) {
      return List.of();
    }
    List<String> sentences = new ArrayList<>();
    PageStory.Call call = refused.getLast();
    PageStory.Refusal why = call.refusal().orElseThrow();
    String made = "to make " + call.range() + " " + call.target().word();
    if (refused.size() > 1) {
      long first = refused.getFirst().refusal().orElseThrow().step();
      sentences.add(
          refused.size() + " calls to convert it were refused, the first at step " + first + ".");
      made = "The last of them (step " + call.started() + ", " + made + ")";
    } else {
      made = "The call of step " + call.started() + " " + made;
    }
    String at = why.at().map(page -> " at page " + page).orElse("");
    String reason = why.reason().isEmpty() ? "" : ": " + why.reason();
    sentences.add(
        made + " was refused at step " + why.step() + ", " + why.errno() + at + reason + ".");
    if (!why.holders().isEmpty()) {
      String what = why.at().map(page -> "page " + page).orElse("pages of " + call.range());
      List<String> holders = why.holders().stream().map(this::holder).toList();
      sentences.add("What held " + what + " was " + Text.list(holders) + ".");
    }
    for (PageStory.Unmapping gone : story.unmappings(refused)) {
      sentences.add(
          "It left the page table of "
              + process(gone.memory())
              + " at step "
              + gone.step()
              + (refused.size() == 1
                  ? ", before the refusal: that stays."
                  : ", before a refusal: that stays."));
    }
    story
        .givingUp()
        .filter(giving -> giving.step() >= why.step())
        .ifPresent(
            giving ->
                sentences.add(
                    "At step "
                        + giving.step()
                        + " the VMM answered whoever asked: "
                        + giving.reason()
                        + "."));
    return sentences;
  }

  private String holder(PageStory.Holder holder) {
    return switch (holder) {
      case PageStory.Holder.Pinned(Pins.Pin pin, var frame) -> {
        Optional<Long> back = story.pins().givenBack(pin, frame);
        String until = back.map(step -> "given back at step " + step).orElse("not given back");
        yield pin.who() + "'s " + pin(pin, until);
      }
      case PageStory.Holder.Mapped(PartyId memory) ->
          "an entry in the page table of " + process(memory);
    };
  }

  /** A pin, by which path it was taken and when. */
  private String pin(Pins.Pin pin, String until) {
    HostIoSetup.Kind kind =
        scenario.setup().users().stream()
            .filter(user -> user.id().equals(pin.who()))
            .map(HostUser::kind)
            .findFirst()
            .orElse(HostIoSetup.Kind.THREAD);
    String pages = pin.asked().pageCount() == 1 ? "page " : "pages ";
    String path =
        switch (kind) {
          case VFIO -> "long-term pin (VFIO, iova ";
          case IO_URING -> "long-term pin (io_uring fixed buffer, " + pages;
          case O_DIRECT -> "pin (O_DIRECT transfer, " + pages;
          case PROCESS, THREAD -> "pin (get_user_pages, " + pages;
        };
    String owner = process(pin.memory());
    return path
        + pin.asked()
        + (pin.step() == 0 ? ", there before step 1, " : ", taken at step " + pin.step() + " ")
        + "through "
        + owner
        + "'s mapping, "
        + until
        + ")";
  }

  // Who holds it.

  private List<String> holders() {
    List<String> sentences = new ArrayList<>();
    for (Pins.Pin pin : story.pins().on(end, story.page()).keySet()) {
      sentences.add(pin.who() + " holds it by a " + pin(pin, "not given back") + ".");
    }
    story
        .mapped()
        .forEach(
            (memory, since) ->
                sentences.add(
                    "It has been in the page table of "
                        + process(memory)
                        + (since == 0 ? " since before step 1." : " since step " + since + ".")));
    return sentences;
  }

  // What it broke.

  private List<String> breaks() {
    Map<String, List<PageStory.Break>> groups = new LinkedHashMap<>();
    story
        .breaks()
        .forEach(
            known -> groups.computeIfAbsent(known.property(), _ -> new ArrayList<>()).add(known));
    List<String> sentences = new ArrayList<>();
    for (List<PageStory.Break> same : groups.values()) {
      int left = same.size() - BREAKS;
      int first = left > 0 ? BREAKS - 1 : same.size();
      same.subList(0, first).forEach(known -> sentences.add(broken(known)));
      if (left > 0) {
        sentences.add((left == 1 ? "Once" : left + " times") + " more it broke and held again.");
        sentences.add(broken(same.getLast()));
      }
    }
    return sentences;
  }

  private static String broken(PageStory.Break known) {
    return "Step "
        + known.step()
        + " broke "
        + known.property()
        + ": "
        + known.text()
        + (known.until().isEmpty() ? "." : again(known.until()));
  }

  private static String again(OptionalLong until) {
    return "; it held again at step " + until.getAsLong() + ".";
  }

  // Names.

  private String party(PartyId party) {
    return switch (party.kind()) {
      case GUEST -> scenario.setup().vcpus().size() == 1 ? "the guest" : "vCPU " + party;
      case VMM -> "the VMM";
      case KVM, GMEM, ANCHOR, HOST_MEMORY, IOMMU, HOST_IO -> party.name();
    };
  }

  private String process(PartyId memory) {
    return memory.equals(Parties.VMM_MEMORY) ? "the VMM" : Notes.process(memory);
  }
}
