package dev.faultline.protocol.design;

import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.message.Content;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Something that the trust anchor can be told to do with pages: a row of a mode's {@code
 * instructions}. It is done with all pages of a range or with none: the first page that refuses
 * refuses for all.
 *
 * @param name as in the mode's file
 * @param says how a ladder calls it: TDH.MEM.PAGE.AUG as "PAGE.AUG"
 * @param moves what becomes of a page, by its state
 * @param refuses the errno for a page, by its state
 * @param otherwise whether a page in any other state stays as it is; if not it is refused: EIO, or
 *     a fault if the guest gives the instruction and its access would fault there
 * @param content what happens to the bytes of a page that moves, by its state before
 * @param mayBeBusy it may find the entry busy, where a scenario leaves that open
 * @param mayFail it may fail with this errno, where a scenario leaves that open
 * @param told what the guest hears in place of the errno, if it hears another
 * @param vcpusOut it comes once every vCPU has left the guest
 */
public record AnchorInstruction(
    String name,
    String says,
    SortedMap<String, String> moves,
    SortedMap<String, Errno> refuses,
    boolean otherwise,
    SortedMap<String, Content> content,
    boolean mayBeBusy,
    Optional<Errno> mayFail,
    Optional<Errno> told,
    boolean vcpusOut) {

  public AnchorInstruction {
    moves = copy(moves);
    refuses = copy(refuses);
    content = copy(content);
  }

  private static <T> SortedMap<String, T> copy(Map<String, T> map) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }

  /** Whether it says what becomes of a page that the anchor does not know. */
  public boolean knowsAbsent() {
    return moves.containsKey(PageState.ABSENT)
        || refuses.containsKey(PageState.ABSENT)
        || otherwise;
  }

  /** What happens to the bytes of a page that moves. */
  public Content effect(String from) {
    Content effect = content.get(from);
    return effect == null ? Content.KEEP : effect;
  }

  /** What happens to bytes if it moves pages at all: of the states it knows the first that says. */
  public Content effect() {
    return content.values().stream()
        .filter(c -> c != Content.KEEP)
        .findFirst()
        .orElse(Content.KEEP);
  }
}
