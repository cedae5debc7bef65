package dev.faultline.property;

import dev.faultline.protocol.design.Act;
import dev.faultline.protocol.design.Instruction;
import dev.faultline.protocol.design.Program;
import dev.faultline.protocol.gmem.GmemTask;
import dev.faultline.protocol.gmem.Work;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.world.Parties;
import dev.faultline.world.Step;
import dev.faultline.world.Turn;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * I04 of the protocol: a call that unmaps the host does so before it counts references (v8, patch
 * 14). Otherwise a page that is only mapped refuses the call for ever.
 */
public final class ReferencesAreCountedAfterUnmapping implements Property {

  @Override
  public String promise() {
    return "a conversion that unmaps the host counts references after it";
  }

  /**
   * What turns have shown.
   *
   * @param unmapped conversions under way that have unmapped the host
   * @param violation of the last turn
   */
  private record Seen(List<TaskId> unmapped, Optional<String> violation) implements Memory {
    Seen {
      unmapped = List.copyOf(unmapped);
    }
  }

  @Override
  public Memory remember(World start) {
    return new Seen(List.of(), Optional.empty());
  }

  @Override
  public Memory remember(Memory memory, Turn turn, World before, World after) {
    Seen seen = (Seen) memory;
    List<TaskId> unmapped =
        new ArrayList<>(
            seen.unmapped().stream().filter(id -> after.gmem().findTask(id).isPresent()).toList());
    Optional<String> violation = Optional.empty();
    if (turn.step() instanceof Step.Advance advance && advance.party().equals(Parties.GMEM)) {
      Optional<GmemTask> task = before.gmem().findTask(advance.task());
      if (task.isPresent() && task.get().work() instanceof Work.Conversion conversion) {
        Program program = before.setup().revision().program(task.get().operation());
        if (isAt(program, task.get(), Act.UnmapHost.class)) {
          unmapped.add(advance.task());
        } else if (isAt(program, task.get(), Act.CheckReferences.class)
            && !seen.unmapped().contains(advance.task())
            && program.find(act -> act instanceof Act.UnmapHost).isPresent()) {
          violation = mapped(before, conversion);
        }
      }
    }
    return new Seen(unmapped, violation);
  }

  private static boolean isAt(Program program, GmemTask task, Class<? extends Act> act) {
    return program.at(task.at()) instanceof Instruction.Perform perform
        && act.isInstance(perform.act());
  }

  private static Optional<String> mapped(World world, Work.Conversion conversion) {
    List<PartyId> mappers = world.gmem().mappers(conversion.range());
    return mappers.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "references of "
                + conversion.range()
                + " are counted while "
                + mappers.getFirst()
                + " has pages of it mapped");
  }

  @Override
  public Optional<String> violation(Memory memory, World world) {
    return ((Seen) memory).violation();
  }
}
