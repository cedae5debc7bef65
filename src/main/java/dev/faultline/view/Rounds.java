package dev.faultline.view;

import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.scenario.Run;
import dev.faultline.world.Script;
import dev.faultline.world.ScriptLine;
import dev.faultline.world.ScriptState;
import dev.faultline.world.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Says of a run that has not ended who still moves, and for which line of a script. It looks ahead
 * on the pure core: where the world comes to be again what it is now, the run goes round.
 */
public final class Rounds {

  /** How many steps are looked ahead. */
  static final int AHEAD = 2_000;

  /** Messages that are named. */
  private static final int NAMED = 6;

  private final Run now;
  private final List<StepTaken> steps = new ArrayList<>();
  private boolean again;
  private boolean ends;

  private Rounds(Run now) {
    this.now = now;
  }

  /** A few sentences in lines of at most 72 columns, each indented by two. */
  public static String tell(Run now) {
    Rounds rounds = new Rounds(now);
    rounds.lookAhead();
    StringBuilder text = new StringBuilder();
    rounds.sentences().forEach(sentence -> text.append(Text.paragraph("  ", sentence)));
    return text.toString();
  }

  private void lookAhead() {
    Run run = now;
    while (steps.size() < AHEAD && !again && !ends) {
      Optional<Step> next = run.next();
      ends = next.isEmpty() || run.channelFull().isPresent();
      if (!ends) {
        Run.Taken taken = run.take(next.orElseThrow());
        steps.add(taken.entry());
        run = taken.after();
        again = run.world().equals(now.world());
      }
    }
  }

  private List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    sentences.add(verdict());
    List<String> lines = underWay();
    if (!lines.isEmpty()) {
      sentences.add("Under way: " + Text.list(lines) + ".");
    }
    if (again) {
      sentences.add("A round: " + messages() + ".");
    }
    return sentences;
  }

  private String verdict() {
    if (ends) {
      return "It would end "
          + steps.size()
          + (steps.size() == 1 ? " step later." : " steps later.");
    }
    SortedSet<PartyId> moving = new TreeSet<>();
    steps.forEach(entry -> moving.add(entry.party()));
    String who = Text.list(moving.stream().map(PartyId::name).toList());
    boolean one = moving.size() == 1;
    return again
        ? who
            + (one ? " goes round: " : " go round: ")
            + steps.size()
            + " steps later the world is again what it is now."
        : who
            + (one ? " still moves" : " still move")
            + ": no end is in sight of the next "
            + AHEAD
            + " steps.";
  }

  /** The lines of scripts that were started and have no answer. */
  private List<String> underWay() {
    List<String> lines = new ArrayList<>();
    for (Script script : now.scenario().setup().scripts()) {
      ScriptState state = now.world().scripts().get(script.party());
      if (state.running()) {
        lines.add(script.party() + "'s " + text(script.lines().get(state.at())));
      }
    }
    return lines;
  }

  private String text(ScriptLine line) {
    String what = line.action().told().map(Words::message).orElse(line.name());
    return line.line() > 0 ? what + " (" + now.scenario().file() + ":" + line.line() + ")" : what;
  }

  /** What is said in a round: what only carries others along, where nothing else is said. */
  private String messages() {
    List<String> all = said(true);
    List<String> words = all.isEmpty() ? said(false) : all;
    return words.isEmpty()
        ? "no message"
        : String.join("; ", words.subList(0, Math.min(NAMED, words.size())))
            + (words.size() > NAMED ? "; ..." : "");
  }

  private List<String> said(boolean withoutPlumbing) {
    List<String> words = new ArrayList<>();
    for (StepTaken entry : steps) {
      if (entry.taken() instanceof Step.Deliver deliver) {
        Message message = entry.message().orElseThrow();
        String text =
            deliver.channel().from().party()
                + " to "
                + entry.party()
                + ", "
                + Words.message(message);
        if (!(withoutPlumbing && Words.isPlumbing(message)) && !words.contains(text)) {
          words.add(text);
        }
      }
    }
    return words;
  }
}
