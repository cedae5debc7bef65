package dev.faultline.property.expression;

import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.message.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How a line of a script ends, as expressions name it. */
sealed interface Ending {

  boolean is(Result result);

  /** It succeeded; a load may have read anything. */
  record Ok() implements Ending {
    @Override
    public boolean is(Result result) {
      return result instanceof Result.Ok || result instanceof Result.Loaded;
    }
  }

  /** It was refused: with any errno, or with one; naming any page or none, or one. */
  record Refused(Optional<Errno> errno, Optional<Long> page) implements Ending {
    @Override
    public boolean is(Result result) {
      return result instanceof Result.Failed(Errno found, var at)
          && (errno.isEmpty() || errno.get() == found)
          && (page.isEmpty() || at.isPresent() && at.get().number() == page.get());
    }
  }

  /** It has a word of its own. */
  enum Word implements Ending {
    SIGBUS("SIGBUS"),
    SIGSEGV("SIGSEGV"),
    DIED("died"),
    MEMORY_FAULT("memory-fault"),
    VM_DEAD("vm-dead"),
    MMIO("MMIO");

    private final String word;

    Word(String word) {
      this.word = word;
    }

    @Override
    public boolean is(Result result) {
      return switch (this) {
        case SIGBUS -> result instanceof Result.Sigbus;
        case SIGSEGV -> result instanceof Result.Sigsegv;
        case DIED -> result instanceof Result.Died;
        case MEMORY_FAULT -> result instanceof Result.MemoryFault;
        case VM_DEAD -> result instanceof Result.VmDead;
        case MMIO -> result instanceof Result.Mmio;
      };
    }
  }

  /** The ending of a word; values are numbers and have none. */
  static Optional<Ending> of(String word) {
    if (word.equals("ok")) {
      return Optional.of(new Ok());
    }
    for (Word known : Word.values()) {
      if (known.word.equals(word)) {
        return Optional.of(known);
      }
    }
    for (Errno errno : Errno.values()) {
      if (errno.name().equals(word)) {
        return Optional.of(new Refused(Optional.of(errno), Optional.empty()));
      }
    }
    return Optional.empty();
  }

  /** All words. */
  static List<String> words() {
    List<String> words = new ArrayList<>(List.of("ok"));
    for (Word word : Word.values()) {
      words.add(word.word);
    }
    for (Errno errno : Errno.values()) {
      words.add(errno.name());
    }
    return words;
  }
}
