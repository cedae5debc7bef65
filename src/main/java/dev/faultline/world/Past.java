package dev.faultline.world;

import dev.faultline.protocol.Decider;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.PartyState;
import dev.faultline.protocol.anchor.AnchorEvent;
import dev.faultline.protocol.design.Anchor;
import dev.faultline.protocol.design.AnchorInstruction;
import dev.faultline.protocol.design.Moment;
import dev.faultline.protocol.design.PageState;
import dev.faultline.protocol.gmem.GmemEvent;
import dev.faultline.protocol.hostio.HostIoEvent;
import dev.faultline.protocol.hostio.HostIoSetup;
import dev.faultline.protocol.kvm.KvmEvent;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.Content;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.View;
import dev.faultline.protocol.vmm.VmmEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What has happened to each party before a world's first step, as its beginning says. */
final class Past {

  private final WorldSetup setup;
  private final SortedMap<PartyId, List<Event>> events = new TreeMap<>();

  private Past(WorldSetup setup) {
    this.setup = setup;
  }

  /** The same parties, with the past of a setup behind them. */
  static SortedMap<PartyId, Decider<?, ? extends Message, ? extends Event>> of(
      WorldSetup setup,
      SortedMap<PartyId, Decider<?, ? extends Message, ? extends Event>> parties) {
    Past past = new Past(setup);
    past.make(setup.beginning().calls());
    setup.beginning().pages().forEach(past::put);
    SortedMap<PartyId, Decider<?, ? extends Message, ? extends Event>> begun =
        new TreeMap<>(parties);
    for (Map.Entry<PartyId, List<Event>> entry : past.events.entrySet()) {
      begun.computeIfPresent(entry.getKey(), (_, party) -> begun(party, entry.getValue()));
    }
    return begun;
  }

  @SuppressWarnings("unchecked") // the events are those of the party that they are kept under
  private static <S extends PartyState, M extends Message, E extends Event> Decider<S, M, E> begun(
      Decider<S, M, E> party, List<Event> events) {
    return new Begun<>(party, (List<E>) events);
  }

  private void happened(PartyId party, Event event) {
    events.computeIfAbsent(party, _ -> new ArrayList<>()).add(event);
  }

  /** The calls were made in a world in which nothing else happened; their order decides nothing. */
  private void make(List<ScriptLine> calls) {
    World world = World.start(setup.before(calls));
    for (List<Step> steps = world.enabled(); !steps.isEmpty(); steps = world.enabled()) {
      Turn turn = world.decide(steps.getFirst());
      turn.decision().events().forEach(event -> happened(turn.party(), event));
      world = world.apply(turn);
    }
  }

  private void put(Beginning.Present present) {
    GfnRange pages = present.pages();
    boolean shared = setup.shared().containsAll(pages);
    PartyId inode = shared && setup.sharedElsewhere() ? Parties.SHMEM : Parties.GMEM;
    long first = inode.equals(Parties.SHMEM) ? Parties.frames(setup).end() : 0;
    List<PfnRange> frames = List.of(new PfnRange(first + pages.start(), first + pages.end()));
    happened(inode, new GmemEvent.FoliosAdded(frames));
    happened(inode, new GmemEvent.FoliosZeroed(frames));
    happened(inode, new GmemEvent.BytesWritten(frames.getFirst(), present.value()));
    for (PartyId memory : present.mappedBy()) {
      // The reference of the fault becomes that of the mapping.
      happened(inode, new GmemEvent.FoliosReferenced(frames));
      happened(inode, new GmemEvent.HostMapped(memory, frames));
    }
    if (present.mappedByGuest()) {
      View view = shared ? View.SHARED : View.PRIVATE;
      happened(Parties.KVM, new KvmEvent.MappingInstalled(pages, view, frames));
      keep(view, pages, frames);
    }
    for (PartyId user : present.pinnedBy()) {
      happened(inode, new GmemEvent.FoliosPinned(frames));
      happened(user, new HostIoEvent.Pinned(pages, frames));
      if (isRegistered(user)) {
        happened(Parties.VMM, new VmmEvent.HoldingAdded(user, pages));
      }
    }
  }

  /** A page that the guest has touched is kept by the platform, as its fault made it. */
  private void keep(View view, GfnRange pages, List<PfnRange> frames) {
    Anchor anchor = setup.mode().anchor();
    Moment moment = view == View.PRIVATE ? Moment.GET_PRIVATE : Moment.GET_SHARED;
    for (AnchorInstruction instruction : anchor.at(moment)) {
      String to = instruction.moves().get(PageState.ABSENT);
      if (to != null) {
        happened(
            Parties.ANCHOR,
            new AnchorEvent.Moved(
                instruction.name(), pages, PageState.ABSENT, to, frames.getFirst()));
        happened(Parties.GMEM, new GmemEvent.FramesGuarded(frames, to, Content.KEEP));
      }
    }
  }

  /** Whether the VMM knows of the pins of a host user: it has registered them itself. */
  private boolean isRegistered(PartyId id) {
    return setup.users().stream()
        .anyMatch(
            user ->
                user.id().equals(id)
                    && user.kind() == HostIoSetup.Kind.IO_URING
                    && Parties.isOfVmm(user));
  }
}
