package dev.faultline.conform;

import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.message.Result;

/** Answers that many operations give. */
final class Answers {

  static final Answer OK = Answer.of("OK", "ret", 0);

  /** BUS_ADRERR, of every SIGBUS here. */
  static final Answer SIGBUS = Answer.of("SIGBUS", "si_code", 2);

  private Answers() {}

  /** A system call that returns -1. */
  static Answer failed(String errno) {
    return Answer.of(errno, "ret", -1);
  }

  static Answer failed(Errno errno) {
    return failed(errno.name());
  }

  /** A system call that returns 0, or -1. */
  static Answer of(Result result) {
    return result instanceof Result.Failed failed ? failed(failed.errno()) : OK;
  }

  /** A system call that returns how much it did, or -1 if that is nothing. */
  static Answer count(long bytes, String errno) {
    return bytes == 0 ? failed(errno) : Answer.of("OK", "ret", bytes);
  }
}
