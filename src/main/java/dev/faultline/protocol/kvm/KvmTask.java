package dev.faultline.protocol.kvm;

import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.Result;
import java.util.Optional;

/**
 * A CPU in KVM: a vCPU thread, an ioctl, or a call of the inode.
 *
 * @param caller whom it answers
 * @param work what it is about, with what it has in hand
 * @param at the instruction that is next, from 0
 * @param waiting it waits for an answer and cannot move
 * @param refusal how it will end, once it was refused; of a vCPU that is out of the guest, why
 */
public record KvmTask(
    Endpoint caller, KvmWork work, int at, boolean waiting, Optional<Result> refusal) {

  static KvmTask start(Endpoint caller, KvmWork work) {
    return new KvmTask(caller, work, 0, false, Optional.empty());
  }

  KvmTask at(int position) {
    return new KvmTask(caller, work, position, false, refusal);
  }

  KvmTask with(KvmWork changed) {
    return new KvmTask(caller, changed, at, waiting, refusal);
  }

  KvmTask wait(boolean value) {
    return new KvmTask(caller, work, at, value, refusal);
  }

  /** The vCPU enters the guest again, whatever it left with. */
  KvmTask entered() {
    return new KvmTask(caller, work, at, waiting, Optional.empty());
  }

  KvmTask refused(Result result) {
    return new KvmTask(caller, work, at, waiting, Optional.of(result));
  }
}
