package dev.faultline.protocol.gmem;

import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.Shows;
import java.util.Optional;

/**
 * An operation under way in the inode: one CPU in kernel code.
 *
 * @param operation which list of acts it walks
 * @param at the instruction that is next, from 0
 * @param caller whom it answers
 * @param work what it is about, with what it has in hand
 * @param waiting it waits for an answer and cannot move
 * @param refusal how it will end, once it was refused
 * @param shows what the folio that refused it shows
 */
public record GmemTask(
    Operation operation,
    int at,
    Endpoint caller,
    Work work,
    boolean waiting,
    Optional<Result> refusal,
    Optional<Shows> shows) {

  static GmemTask start(Operation operation, Endpoint caller, Work work) {
    return new GmemTask(operation, 0, caller, work, false, Optional.empty(), Optional.empty());
  }

  GmemTask at(int position) {
    return new GmemTask(operation, position, caller, work, false, refusal, shows);
  }

  GmemTask with(Work changed) {
    return new GmemTask(operation, at, caller, changed, waiting, refusal, shows);
  }

  GmemTask wait(boolean value) {
    return new GmemTask(operation, at, caller, work, value, refusal, shows);
  }

  GmemTask refused(Result result, Optional<Shows> blocking) {
    return new GmemTask(operation, at, caller, work, waiting, Optional.of(result), blocking);
  }
}
