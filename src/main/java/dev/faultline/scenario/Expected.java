package dev.faultline.scenario;

import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.message.Result;
import java.util.List;

/**
 * How a line of a script may end.
 *
 * @param oneOf at least one; more than one where the schedule decides
 */
public record Expected(List<Answer> oneOf) {

  public Expected {
    oneOf = List.copyOf(oneOf);
  }

  /** Whether the line may end so. */
  public boolean admits(Result result) {
    return oneOf.stream().anyMatch(answer -> answer.matches(result));
  }

  /** "EAGAIN or ok". */
  public String text() {
    return String.join(" or ", oneOf.stream().map(Answer::word).toList());
  }

  /** An answer, in the words of scenarios. */
  public sealed interface Answer {

    /** It succeeded; a load may have read anything. */
    record Ok() implements Answer {}

    /** It read this value, 0..255. */
    record Value(int value) implements Answer {}

    /** It was refused with this errno. */
    record Refused(Errno errno) implements Answer {}

    /** The process died of SIGBUS. */
    record Sigbus() implements Answer {}

    /** The process died of SIGSEGV. */
    record Sigsegv() implements Answer {}

    /** The process died before it ended. */
    record Died() implements Answer {}

    /** KVM_RUN left with a memory fault and the VMM stopped the vCPU. */
    record MemoryFault() implements Answer {}

    /** The VM is dead. */
    record VmDead() implements Answer {}

    /** A guest's access met no memslot, and the VMM stopped the vCPU. */
    record Mmio() implements Answer {}

    /** The answer that only this result, or any other success, is. */
    static Answer of(Result result) {
      return switch (result) {
        case Result.Ok() -> new Ok();
        case Result.Loaded(int value) -> new Value(value);
        case Result.Failed(Errno errno, var _) -> new Refused(errno);
        case Result.Sigbus() -> new Sigbus();
        case Result.Sigsegv() -> new Sigsegv();
        case Result.Died() -> new Died();
        case Result.MemoryFault _ -> new MemoryFault();
        case Result.Mmio _ -> new Mmio();
        case Result.VmDead _ -> new VmDead();
      };
    }

    /** Whether a line that ended so was answered so. */
    default boolean matches(Result result) {
      return switch (this) {
        case Ok() -> result instanceof Result.Ok || result instanceof Result.Loaded;
        case Value(int value) -> result.equals(new Result.Loaded(value));
        case Refused(Errno errno) ->
            result instanceof Result.Failed failed && failed.errno() == errno;
        case Sigbus() -> result instanceof Result.Sigbus;
        case Sigsegv() -> result instanceof Result.Sigsegv;
        case Died() -> result instanceof Result.Died;
        case MemoryFault() -> result instanceof Result.MemoryFault;
        case VmDead() -> result instanceof Result.VmDead;
        case Mmio() -> result instanceof Result.Mmio;
      };
    }

    /** The word of scenarios. */
    default String word() {
      return switch (this) {
        case Ok() -> "ok";
        case Value(int value) -> Integer.toString(value);
        case Refused(Errno errno) -> errno.name();
        case Sigbus() -> "SIGBUS";
        case Sigsegv() -> "SIGSEGV";
        case Died() -> "died";
        case MemoryFault() -> "memory-fault";
        case VmDead() -> "vm-dead";
        case Mmio() -> "MMIO";
      };
    }
  }

  /** How a line ended, in the words of scenarios. */
  public static String word(Result result) {
    return switch (result) {
      case Result.Ok() -> "ok";
      case Result.Loaded(int value) -> Integer.toString(value);
      case Result.Failed(Errno errno, var at) ->
          errno.name() + at.map(page -> " at page " + page).orElse("");
      case Result.Sigbus() -> "SIGBUS";
      case Result.Sigsegv() -> "SIGSEGV";
      case Result.Died() -> "died";
      case Result.MemoryFault(var view) -> "memory-fault";
      case Result.Mmio _ -> "MMIO";
      case Result.VmDead(Errno errno) -> "vm-dead";
    };
  }
}
