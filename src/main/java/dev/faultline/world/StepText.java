package dev.faultline.world;

import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.TaskId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Steps as a line of text that people read and edit.
 *
 * <pre>
 *   tick app
 *   deliver app -> gmem
 *   deliver kvm task 2 -> gmem, alternative 1
 *   advance gmem task 1
 *   kill app by vmm
 *   kill app
 * </pre>
 *
 * The task of a party that is none of its tasks is left out, and so is alternative 0. Who dies by
 * nobody's script dies because the scenario leaves it open.
 */
public final class StepText {

  /** What every text has the form of; whether it is a step depends on the parties. */
  public static final String PATTERN = "(deliver|advance|tick|kill) [a-z].*";

  private static final Pattern WORD = Pattern.compile("->|,|(?:(?!->)[^\\s,])+");
  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");

  private StepText() {}

  /** The text of a step. */
  public static String of(Step step) {
    return switch (step) {
      case Step.Deliver(Channel channel, int alternative) ->
          "deliver " + text(channel.from()) + " -> " + channel.to() + text(alternative);
      case Step.Advance(PartyId party, TaskId task, int alternative) ->
          "advance " + text(new Endpoint(party, task)) + text(alternative);
      case Step.Tick(PartyId party) -> "tick " + party;
      case Step.Kill(PartyId victim, Optional<PartyId> by) ->
          "kill " + victim + by.map(whose -> " by " + whose).orElse("");
    };
  }

  private static String text(Endpoint endpoint) {
    return endpoint.task().equals(TaskId.NONE)
        ? endpoint.party().name()
        : endpoint.party() + " task " + endpoint.task();
  }

  private static String text(int alternative) {
    return alternative == 0 ? "" : ", alternative " + alternative;
  }

  /** What a text was read as. */
  public sealed interface Reading {

    /** A step. */
    record Read(Step step) implements Reading {}

    /**
     * No step.
     *
     * @param offset of the first character that is wrong, from 0
     * @param text what was expected, and what was found
     * @param found the word that is wrong; empty where the text ends too early
     * @param known the words that could stand there, if they are few
     */
    record Wrong(int offset, String text, String found, List<String> known) implements Reading {
      public Wrong {
        known = List.copyOf(known);
      }
    }
  }

  /**
   * The step of a text.
   *
   * @param parties those of the world; their names differ
   */
  public static Reading read(String text, Collection<PartyId> parties) {
    try {
      return new Reading.Read(new Reader(text, parties).step());
    } catch (Refused refused) {
      return refused.wrong;
    }
  }

  /** Ends the reading of a text that is no step. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Reading.Wrong wrong;

    Refused(Reading.Wrong wrong) {
      super(wrong.text(), null, false, false);
      this.wrong = wrong;
    }
  }

  /** A word and where it begins. */
  private record Word(String text, int offset) {}

  /** Goes through the words of a text. */
  private static final class Reader {

    private final SortedMap<String, PartyId> parties = new TreeMap<>();
    private final List<Word> words = new ArrayList<>();
    private final int end;
    private int next;

    Reader(String text, Collection<PartyId> parties) {
      parties.forEach(party -> this.parties.put(party.name(), party));
      Matcher matcher = WORD.matcher(text);
      while (matcher.find()) {
        words.add(new Word(matcher.group(), matcher.start()));
      }
      this.end = text.length();
    }

    Step step() {
      Step step =
          switch (one("a step", List.of("deliver", "advance", "tick", "kill"))) {
            case "deliver" -> {
              Endpoint from = endpoint();
              one("\"->\" and who is told", List.of("->"));
              Channel channel = new Channel(from, party());
              yield new Step.Deliver(channel, alternative());
            }
            case "advance" -> {
              Endpoint who = endpoint();
              yield new Step.Advance(who.party(), who.task(), alternative());
            }
            case "tick" -> new Step.Tick(party());
            default -> {
              PartyId victim = party();
              if (peek().isEmpty()) {
                yield new Step.Kill(victim, Optional.empty());
              }
              one("\"by\" and whose script says so", List.of("by"));
              yield new Step.Kill(victim, Optional.of(party()));
            }
          };
      peek()
          .ifPresent(
              rest -> {
                throw wrong("expected the end of the step", List.of());
              });
      return step;
    }

    private Endpoint endpoint() {
      PartyId party = party();
      return take("task") ? new Endpoint(party, new TaskId(number("a task"))) : Endpoint.of(party);
    }

    private int alternative() {
      if (!take(",")) {
        return 0;
      }
      one("an alternative", List.of("alternative"));
      return number("an alternative");
    }

    private PartyId party() {
      Optional<PartyId> party = peek().map(word -> parties.get(word.text()));
      if (party.isEmpty()) {
        throw wrong("expected a party", List.copyOf(parties.keySet()));
      }
      next++;
      return party.get();
    }

    private int number(String of) {
      Optional<Word> word = peek().filter(it -> NUMBER.matcher(it.text()).matches());
      if (word.isEmpty()) {
        throw wrong("expected the number of " + of, List.of());
      }
      next++;
      return Integer.parseInt(word.get().text());
    }

    private String one(String what, List<String> known) {
      Optional<Word> word = peek().filter(it -> known.contains(it.text()));
      if (word.isEmpty()) {
        throw wrong("expected " + what, known);
      }
      next++;
      return word.get().text();
    }

    private boolean take(String text) {
      boolean there = peek().filter(word -> word.text().equals(text)).isPresent();
      next += there ? 1 : 0;
      return there;
    }

    private Optional<Word> peek() {
      return next < words.size() ? Optional.of(words.get(next)) : Optional.empty();
    }

    private Refused wrong(String expected, List<String> known) {
      String found = peek().map(word -> "\"" + word.text() + "\"").orElse("the end");
      return new Refused(
          new Reading.Wrong(
              peek().map(Word::offset).orElse(end),
              expected + ", found " + found,
              peek().map(Word::text).orElse(""),
              known));
    }
  }
}
