package dev.faultline.view;

import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.protocol.Outcome;
import dev.faultline.protocol.Send;
import dev.faultline.protocol.gmem.GmemTask;
import dev.faultline.protocol.gmem.Work;
import dev.faultline.protocol.memory.PageIndex;
import dev.faultline.protocol.message.GmemToProcess;
import dev.faultline.protocol.message.Result;
import dev.faultline.world.Parties;
import dev.faultline.world.Step;
import dev.faultline.world.World;
import java.util.Optional;

/** What the inode's refusal of a conversion is about. */
final class Refusals {

  private Refusals() {}

  /** The page that a step names as the reason of a refusal, if it is one that names a page. */
  static Optional<PageIndex> named(StepTaken entry, World after) {
    for (Send send : entry.sends()) {
      if (send.message() instanceof GmemToProcess.Returned(Result.Failed failed, var _)) {
        return failed.at();
      }
    }
    return isRefusal(entry)
        ? task(entry, after)
            .flatMap(GmemTask::refusal)
            .filter(Result.Failed.class::isInstance)
            .map(Result.Failed.class::cast)
            .flatMap(Result.Failed::at)
        : Optional.empty();
  }

  /** The conversion that a step of the inode refuses, if it does. */
  static Optional<Work.Conversion> conversion(World before, StepTaken entry) {
    return isRefusal(entry)
        ? task(entry, before)
            .map(GmemTask::work)
            .filter(Work.Conversion.class::isInstance)
            .map(Work.Conversion.class::cast)
        : Optional.empty();
  }

  private static boolean isRefusal(StepTaken entry) {
    return entry.party().equals(Parties.GMEM) && entry.outcome() instanceof Outcome.Refused;
  }

  private static Optional<GmemTask> task(StepTaken entry, World world) {
    return entry.taken() instanceof Step.Advance(var _, var id, int _)
        ? world.gmem().findTask(id)
        : Optional.empty();
  }
}
