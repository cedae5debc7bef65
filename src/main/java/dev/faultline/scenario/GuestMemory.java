package dev.faultline.scenario;

import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.design.StartCall;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.memory.RangeSet;
import dev.faultline.protocol.message.ScriptToVmm;
import dev.faultline.scenario.yaml.ByteSize;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.world.ScriptAction;
import dev.faultline.world.ScriptLine;
import java.util.ArrayList;
import java.util.List;

/** The guest's memory, and the view of it that a scenario wants at first. */
final class GuestMemory {

  /** What the calls are called that bring memory to its first view. */
  static final String START = "start";

  private final GfnRange ram;
  private final List<GfnRange> shared = new ArrayList<>();
  private final Problems problems;

  GuestMemory(ScenarioYaml.Memory memory, Problems problems) {
    this.ram = new GfnRange(0, memory.sizeBytes() / Page.BYTES);
    this.problems = problems;
    for (Located<GfnRange> range : memory.shared()) {
      if (has(range.value(), range.at())) {
        shared.add(range.value());
      }
    }
  }

  /** Whether the guest has all pages of a range; not to have them is a problem. */
  boolean has(GfnRange range, Position at) {
    if (ram.contains(range)) {
      return true;
    }
    problems.add(at, text(range) + " is beyond the guest's memory of " + bytes(ram.end()));
    return false;
  }

  private static String text(GfnRange range) {
    return bytes(range.start()) + ".." + bytes(range.end());
  }

  private static String bytes(long pageCount) {
    return ByteSize.text(pageCount * Page.BYTES);
  }

  long pageCount() {
    return ram.pageCount();
  }

  /** The pages that are shared at first; the others are private. */
  RangeSet<GfnRange> shared(Mode mode) {
    if (!mode.privateMemory()) {
      return RangeSet.of(ram);
    }
    RangeSet<GfnRange> pages = RangeSet.empty();
    for (GfnRange range : shared) {
      pages = pages.with(range);
    }
    return pages;
  }

  /** The calls that bring memory to its first view, as lines of the VMM's script. */
  List<ScriptLine> start(Revision revision, Mode mode) {
    List<ScriptLine> lines = new ArrayList<>();
    if (!mode.privateMemory()) {
      return lines;
    }
    for (StartCall call : revision.first(mode).start()) {
      for (GfnRange range : over(call)) {
        lines.add(
            new ScriptLine(
                START + "-" + (lines.size() + 1),
                List.of(),
                new ScriptAction.Tell(new ScriptToVmm.SetFirstView(range, call.target())),
                0));
      }
    }
    return lines;
  }

  /** The ranges of a call: those that are shared as they are written, one call for each. */
  private List<GfnRange> over(StartCall call) {
    return switch (call.over()) {
      case ALL -> List.of(ram);
      case SHARED -> shared;
      case PRIVATE -> {
        RangeSet<GfnRange> privates = RangeSet.of(ram);
        for (GfnRange range : shared) {
          privates = privates.without(range);
        }
        yield privates.ranges(ram);
      }
    };
  }
}
