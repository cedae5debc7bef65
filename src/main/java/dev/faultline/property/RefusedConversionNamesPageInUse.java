package dev.faultline.property;

import dev.faultline.protocol.Send;
import dev.faultline.protocol.gmem.Folio;
import dev.faultline.protocol.gmem.GmemTask;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.memory.PageIndex;
import dev.faultline.protocol.memory.Run;
import dev.faultline.protocol.message.GmemToProcess;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.world.Parties;
import dev.faultline.world.Turn;
import dev.faultline.world.World;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * I12 of the protocol: error_offset, where it is reported, names a page of the call's range; of a
 * call that found pages in use one that is in use, and otherwise the first, as nothing is converted
 * (v8, patch 14).
 */
public final class RefusedConversionNamesPageInUse implements Property {

  @Override
  public String promise() {
    return "a refused conversion names a page that is in use, or the first of its range";
  }

  @Override
  public Memory remember(World start) {
    return LastTurn.FINE;
  }

  @Override
  public Memory remember(Memory memory, Turn turn, World before, World after) {
    return LastTurn.of(
        Conversions.of(turn, before)
            .filter(key -> key.party().equals(Parties.GMEM))
            .flatMap(key -> wrong(before, after, key.task(), turn)));
  }

  private static Optional<String> wrong(World before, World after, TaskId id, Turn turn) {
    GmemTask task = before.gmem().findTask(id).orElseThrow();
    if (task.refusal().isPresent()) {
      return Optional.empty();
    }
    Optional<Result> refusal =
        after.gmem().findTask(id).flatMap(GmemTask::refusal).or(() -> answered(turn));
    IndexRange range = task.work().range();
    return refusal.flatMap(
        result ->
            result instanceof Result.Failed(Errno errno, Optional<PageIndex> named)
                ? named
                    .filter(page -> !isRight(before, range, errno, page.number()))
                    .map(page -> errno + " of " + range + " names page " + page.number())
                : Optional.empty());
  }

  /** The answer of a call that ends in the turn in which it is refused. */
  private static Optional<Result> answered(Turn turn) {
    return turn.decision().sends().stream()
        .map(Send::message)
        .flatMap(
            message ->
                message instanceof GmemToProcess.Returned returned
                    ? Stream.of(returned.result())
                    : Stream.empty())
        .findFirst();
  }

  private static boolean isRight(World world, IndexRange range, Errno errno, long page) {
    if (page < range.start() || page >= range.end()) {
      return false;
    }
    return errno == world.setup().revision().blocked() && errno != Errno.ENOMEM
        ? isInUse(world, new IndexRange(page, page + 1))
        : page == range.start();
  }

  private static boolean isInUse(World world, IndexRange page) {
    List<Run<IndexRange, Folio>> folios = world.gmem().folios(page);
    return folios.stream().anyMatch(run -> run.value().extra() > 0)
        || !world.gmem().mappers(page).isEmpty();
  }

  @Override
  public Optional<String> violation(Memory memory, World world) {
    return LastTurn.violation(memory);
  }
}
