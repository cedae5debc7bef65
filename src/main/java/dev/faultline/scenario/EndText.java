package dev.faultline.scenario;

import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.ScriptToGuest;
import dev.faultline.protocol.message.ScriptToHostIo;
import dev.faultline.protocol.message.ScriptToVmm;
import dev.faultline.world.Holders;
import dev.faultline.world.Parties;
import dev.faultline.world.ScriptAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The words in which ends are listed. A system call returns 0, an access and what returns nothing
 * are ok, a load says what it read; EAGAIN@3 names page 3; of a line that was tried again every
 * answer is there; {@code none}: there was no pin; {@code -}: there is no answer.
 */
final class EndText {

  /** More pages than these are told as ranges. */
  private static final int LETTERS = 64;

  private EndText() {}

  static String of(ScriptAction action, List<Result> answers) {
    return answers.isEmpty()
        ? "-"
        : answers.stream().map(result -> of(action, result)).collect(Collectors.joining(","));
  }

  private static String of(ScriptAction action, Result result) {
    return switch (result) {
      case Result.Ok() -> action.told().filter(EndText::isAccess).isPresent() ? "ok" : "0";
      case Result.Loaded(int value) -> Integer.toString(value);
      case Result.Failed(Errno errno, var _)
          when errno == Errno.EINVAL && action.told().filter(EndText::usesPin).isPresent() ->
          "none";
      case Result.Failed(Errno errno, var at) ->
          errno + at.map(page -> "@" + page.number()).orElse("");
      case Result.Sigbus() -> "SIGBUS";
      case Result.Sigsegv() -> "SIGSEGV";
      case Result.Died() -> "died";
      case Result.MemoryFault(var view) ->
          "MEMFAULT-" + view.word().substring(0, 1).toUpperCase(Locale.ROOT);
      case Result.Mmio _ -> "MMIO";
      case Result.VmDead _ -> "vm-dead";
    };
  }

  /** Whether it succeeds without returning anything. */
  private static boolean isAccess(Message message) {
    return message instanceof ScriptToGuest.Touch
        || message instanceof ScriptToVmm.Touch
        || message instanceof ScriptToHostIo.Touch
        || message instanceof ScriptToHostIo.Dma
        || usesPin(message);
  }

  private static boolean usesPin(Message message) {
    return message instanceof ScriptToHostIo.Transfer || message instanceof ScriptToHostIo.Unpin;
  }

  /** A letter a page, S or P; of large memory the private ranges. */
  static String views(List<IndexRange> privates, long pageCount) {
    if (pageCount > LETTERS) {
      return privates.isEmpty() ? "all S" : "P " + ranges(privates);
    }
    StringBuilder letters = new StringBuilder();
    for (long page = 0; page < pageCount; page++) {
      long index = page;
      letters.append(privates.stream().anyMatch(range -> range.contains(index)) ? 'P' : 'S');
    }
    return letters.toString();
  }

  private static String ranges(List<IndexRange> ranges) {
    return ranges.stream().map(IndexRange::toString).collect(Collectors.joining(", "));
  }

  static String holders(End end) {
    List<String> parts = new ArrayList<>();
    String mapped = end.mapped().stream().map(EndText::holder).collect(Collectors.joining(", "));
    String guest =
        end.guest().stream()
            .map(mapping -> mapping.pages() + " by guest (" + mapping.view().word() + ")")
            .collect(Collectors.joining(", "));
    String pinned = end.pinned().stream().map(EndText::holder).collect(Collectors.joining(", "));
    if (!mapped.isEmpty() || !guest.isEmpty()) {
      parts.add("mapped: " + mapped + (mapped.isEmpty() || guest.isEmpty() ? "" : ", ") + guest);
    }
    if (!pinned.isEmpty()) {
      parts.add("pinned: " + pinned);
    }
    return parts.isEmpty() ? "nothing mapped, nothing pinned" : String.join("; ", parts);
  }

  private static String holder(Holders.Holder holder) {
    String name = holder.who().name();
    boolean isProcess = holder.how() == Holders.How.MAPPED;
    String who =
        holder.who().equals(Parties.VMM_MEMORY)
            ? Parties.VMM.name()
            : isProcess ? name.replaceFirst("-memory$", "") : name;
    return holder.range() + " by " + who;
  }
}
