package dev.faultline.property;

import dev.faultline.protocol.Event;
import dev.faultline.protocol.anchor.AnchorEvent;
import dev.faultline.protocol.design.Anchor;
import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.design.PageState;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.Content;
import dev.faultline.protocol.message.HostMemoryToGmem;
import dev.faultline.protocol.message.HostMemoryToProcess;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PageUserToGmem;
import dev.faultline.protocol.message.PagesAnswer;
import dev.faultline.protocol.message.Result;
import dev.faultline.world.Parties;
import dev.faultline.world.Turn;
import dev.faultline.world.World;
import java.util.List;
import java.util.Optional;

/**
 * I25 of the protocol: what the guest keeps in a page of its own is scrubbed before the host has
 * the page, and is read by nobody of the host as long as it is the guest's. What the guest shares
 * itself it means to be read.
 */
public final class SecretNeverReachesHost implements Property {

  @Override
  public String promise() {
    return "what the guest keeps in a page of its own never reaches the host";
  }

  @Override
  public Memory remember(World start) {
    return LastTurn.FINE;
  }

  @Override
  public Memory remember(Memory memory, Turn turn, World before, World after) {
    return LastTurn.of(
        turn.party().equals(Parties.ANCHOR)
            ? handedOver(turn, before)
            : turn.party().equals(Parties.GMEM) ? read(turn, before) : Optional.empty());
  }

  /** Pages go to the host with what is in them, and it was not the guest that gave them. */
  private static Optional<String> handedOver(Turn turn, World before) {
    Mode mode = before.setup().mode();
    Anchor anchor = mode.anchor();
    for (Event event : turn.decision().events()) {
      if (event instanceof AnchorEvent.Moved moved
          && !isOfGuest(mode, moved.instruction())
          && isSecret(anchor, moved.from())
          && !isSecret(anchor, moved.to())
          && anchor
                  .find(moved.instruction())
                  .map(it -> it.effect(moved.from()))
                  .orElse(Content.KEEP)
              == Content.KEEP) {
        IndexRange pages = before.gmem().indices(moved.frames());
        if (!before.gmem().content(pages).isEmpty()) {
          return Optional.of(
              "page "
                  + pages.start()
                  + " goes to the host by "
                  + moved.instruction()
                  + " with what the guest kept in it");
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isSecret(Anchor anchor, String state) {
    return anchor.state(state).secret();
  }

  private static boolean isOfGuest(Mode mode, String instruction) {
    return mode.conversion().toPrivate().contains(instruction)
        || mode.conversion().toShared().contains(instruction)
        || mode.conversion().accept().filter(instruction::equals).isPresent();
  }

  /** The host reads a byte of a page that is the guest's. */
  private static Optional<String> read(Turn turn, World before) {
    Optional<PfnRange> frames = turn.message().flatMap(message -> touched(message, before));
    Optional<Integer> value =
        turn.decision().sends().stream()
            .flatMap(send -> loaded(send.message()).stream())
            .findFirst();
    if (frames.isEmpty() || value.isEmpty() || value.get() == 0) {
      return Optional.empty();
    }
    List<AnchorTable.Kept> kept = AnchorTable.kept(before, frames.get(), PageState::secret);
    return kept.isEmpty()
            || AnchorTable.isPending(before, frames.get())
            || before.gmem().value(frames.get()) != value.get()
        ? Optional.empty()
        : Optional.of(
            "page "
                + AnchorTable.page(before, frames.get())
                + " is "
                + kept.getFirst().state().name()
                + " at the trust anchor, and the host reads what is in it");
  }

  /** The frame that the host wants. A thread whose fault has just ended is not looked at. */
  private static Optional<PfnRange> touched(Message message, World world) {
    return switch (message) {
      case PageUserToGmem.Transfer transfer -> Optional.of(transfer.page());
      case HostMemoryToGmem.Touch touch ->
          world.gmem().pageTable(touch.memory()).runs(touch.range()).stream()
              .findFirst()
              .map(run -> world.gmem().frames(run.range(), run.value()));
      // Nobody else of the host has a frame in hand.
      default -> Optional.empty();
    };
  }

  private static Optional<Integer> loaded(Message message) {
    Optional<Result> result =
        switch (message) {
          case PagesAnswer.Transferred(Result it) -> Optional.of(it);
          case HostMemoryToProcess.Touched(Result it) -> Optional.of(it);
          default -> Optional.empty();
        };
    return result.filter(it -> it instanceof Result.Loaded).map(it -> ((Result.Loaded) it).value());
  }

  @Override
  public Optional<String> violation(Memory memory, World world) {
    return LastTurn.violation(memory);
  }
}
