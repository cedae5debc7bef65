package dev.faultline.protocol.design;

import dev.faultline.protocol.message.View;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a mode's hardware, firmware or hypervisor keeps of each page, and what can be done with it:
 * the TDX module's secure EPT, SNP's RMP, pKVM's EL2, the kernel's direct map.
 *
 * @param checks whose accesses go by it: of private mappings, of all, or of none
 * @param states what a page can be; {@link PageState#ABSENT} is among them
 * @param instructions what it can be told
 * @param when which instructions the kernel gives at a moment, in order
 * @param ignored moments at which the kernel does not look at the answer
 */
public record Anchor(
    Checks checks,
    SortedMap<String, PageState> states,
    SortedMap<String, AnchorInstruction> instructions,
    Map<Moment, List<String>> when,
    List<Moment> ignored) {

  /** Whose accesses go by the anchor's table. */
  public enum Checks {
    NONE,
    PRIVATE,
    ALL
  }

  /** The anchor of a mode that has none. */
  public static final Anchor NONE =
      new Anchor(
          Checks.NONE,
          Collections.emptySortedMap(),
          Collections.emptySortedMap(),
          Collections.emptyMap(),
          List.of());

  public Anchor {
    TreeMap<String, PageState> known = new TreeMap<>(states);
    known.put(PageState.ABSENT, PageState.HOSTS);
    states = Collections.unmodifiableSortedMap(known);
    instructions = Collections.unmodifiableSortedMap(new TreeMap<>(instructions));
    Map<Moment, List<String>> copy = new EnumMap<>(Moment.class);
    when.forEach((moment, words) -> copy.put(moment, List.copyOf(words)));
    when = Collections.unmodifiableMap(copy);
    ignored = List.copyOf(ignored);
  }

  public boolean checks(View view) {
    return checks == Checks.ALL || checks == Checks.PRIVATE && view == View.PRIVATE;
  }

  /**
   * A state by its name.
   *
   * @throws IllegalArgumentException if there is none: a mode's file names states that it has
   */
  public PageState state(String name) {
    PageState state = states.get(name);
    if (state == null) {
      throw new IllegalArgumentException("no page is " + name + " here");
    }
    return state;
  }

  public Optional<AnchorInstruction> find(String name) {
    return Optional.ofNullable(instructions.get(name));
  }

  /** The instructions of a moment, in order. */
  public List<AnchorInstruction> at(Moment moment) {
    return when.getOrDefault(moment, List.of()).stream()
        .flatMap(name -> find(name).stream())
        .toList();
  }

  /** Whether the kernel tells the anchor anything at a moment. */
  public boolean acts(Moment moment) {
    return !at(moment).isEmpty();
  }

  /** Whether the host finds a page otherwise after a move. */
  public boolean changesForHost(String from, String to) {
    return !state(from).isForHostAs(state(to));
  }
}
