package dev.faultline.property;

import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.memory.RangeSet;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.ScriptToHostIo;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.View;
import dev.faultline.protocol.vmm.VmmState;
import dev.faultline.protocol.vmm.VmmTask;
import dev.faultline.world.World;
import java.util.List;
import java.util.Optional;

/**
 * N07 of the protocol's list, for attributes: there is no ioctl to read them, so a VMM lives by its
 * own map. Where a thread converts behind the VMM's back, nothing is promised.
 */
public final class VmmMapMatchesKvm implements Property {

  @Override
  public String promise() {
    return "the VMM's map and KVM's attributes differ only while a call between them is running";
  }

  /** Whether some thread converts behind the VMM's back. */
  private record Behind(boolean itsBack) implements Memory {}

  @Override
  public Memory remember(World start) {
    return new Behind(convertsBehindItsBack(start));
  }

  @Override
  public Optional<String> violation(Memory memory, World world) {
    VmmState vmm = world.vmm();
    if (vmm.dead() || ((Behind) memory).itsBack()) {
      return Optional.empty();
    }
    RangeSet<GfnRange> settled = RangeSet.<GfnRange>empty().with(world.setup().ram());
    for (TaskId id : vmm.tasks()) {
      Optional<GfnRange> running = running(vmm.findTask(id).orElseThrow(), world.setup().ram());
      if (running.isPresent()) {
        settled = settled.without(running.get());
      }
    }
    for (GfnRange range : settled.ranges(world.setup().ram())) {
      for (Run<GfnRange, View> run : vmm.views().runs(range)) {
        List<IndexRange> privates =
            Views.privates(world, new IndexRange(run.range().start(), run.range().end()));
        long expected = run.value() == View.PRIVATE ? run.range().pageCount() : 0;
        if (privates.stream().mapToLong(IndexRange::pageCount).sum() != expected) {
          return Optional.of(
              "the VMM takes all of "
                  + run.range()
                  + " for "
                  + run.value().word()
                  + ", KVM does not");
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<GfnRange> running(VmmTask task, GfnRange ram) {
    return switch (task) {
      case VmmTask.Conversion conversion -> Optional.of(conversion.range());
      case VmmTask.Call(long offset, long size, View _) -> {
        long start = Math.max(0, offset / Page.BYTES);
        long end = Math.min(ram.end(), (offset + size + Page.BYTES - 1) / Page.BYTES);
        yield start < end ? Optional.of(new GfnRange(start, end)) : Optional.empty();
      }
      case VmmTask.Simple _, VmmTask.Dma _ -> Optional.empty();
    };
  }

  private static boolean convertsBehindItsBack(World world) {
    return world.setup().scripts().stream()
        .flatMap(script -> script.lines().stream())
        .flatMap(line -> line.action().told().stream())
        .anyMatch(message -> message instanceof ScriptToHostIo.SetAttributes);
  }
}
