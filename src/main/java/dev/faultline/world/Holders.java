package dev.faultline.world;

import dev.faultline.protocol.iommu.IommuState;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Who holds pages: what no reference count knows, read off the parties that took the references.
 */
public final class Holders {

  /** How a page is held. */
  public enum How {
    /** A device's DMA mapping, with a long-term pin. */
    DMA_MAPPED,
    /** Pages pinned by io_uring or an O_DIRECT transfer. */
    PINNED,
    /** A host page table has it. */
    MAPPED
  }

  /**
   * Someone who holds pages of the file.
   *
   * @param who a device, a host user, or an address space
   * @param range the pages that are in the file now
   */
  public record Holder(PartyId who, How how, IndexRange range) {}

  private Holders() {}

  /** Holders of pages of a range, devices first, each with the pages of the range that it holds. */
  public static List<Holder> of(World world, IndexRange range) {
    List<Holder> holders = new ArrayList<>(confirmed(world, range));
    for (PartyId memory : world.gmem().mappers(range)) {
      for (Run<IndexRange, Integer> run : world.gmem().pageTable(memory).runs(range)) {
        holders.add(new Holder(memory, How.MAPPED, run.range()));
      }
    }
    return holders;
  }

  /** Holders whose pins are taken for good and may be used to reach the bytes. */
  public static List<Holder> confirmed(World world, IndexRange range) {
    List<Holder> holders = new ArrayList<>();
    for (Run<GfnRange, IommuState.Translation> run :
        world.iommu().translations().runs(GfnRange.ALL)) {
      add(
          holders,
          world,
          range,
          run.value().device(),
          How.DMA_MAPPED,
          PfnRange.behind(run.range(), run.value().offset()));
    }
    for (PartyId user : world.parties()) {
      if (user.kind() == PartyKind.HOST_IO) {
        for (Run<GfnRange, Long> run : world.hostIo(user).pins().runs(GfnRange.ALL)) {
          add(holders, world, range, user, How.PINNED, PfnRange.behind(run.range(), run.value()));
        }
      }
    }
    return holders;
  }

  /** Adds what of the frames is still in the file and in the range. */
  private static void add(
      List<Holder> holders, World world, IndexRange range, PartyId who, How how, PfnRange frames) {
    if (!Parties.frames(world.setup()).contains(frames)) {
      return;
    }
    for (IndexRange attached : world.gmem().attached(frames)) {
      attached.intersect(range).ifPresent(part -> holders.add(new Holder(who, how, part)));
    }
  }
}
