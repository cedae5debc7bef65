package dev.faultline.scenario;

import dev.faultline.protocol.message.Result;
import dev.faultline.world.Script;
import dev.faultline.world.ScriptLine;
import dev.faultline.world.ScriptState;
import java.util.ArrayList;
import java.util.List;

/**
 * How a run ended, as far as its scenario speaks of it. Runs that end alike have equal endings.
 *
 * @param answers what each line answered that has a name or expects an answer, in the order of the
 *     scripts: {@code take-back EAGAIN}, or {@code take-back EAGAIN,ok} if it was tried again
 * @param asExpected no expectation failed and no promise broke that was to hold
 * @param verdict "as expected", or what was not, in sentences
 */
public record Ending(List<String> answers, boolean asExpected, String verdict) {

  public Ending {
    answers = List.copyOf(answers);
  }

  /** The ending of a run in which nothing can move any more. */
  public static Ending of(Run run) {
    List<String> failures = run.failures();
    return new Ending(
        answers(run),
        failures.isEmpty(),
        failures.isEmpty() ? "as expected" : "NOT as expected: " + String.join("; ", failures));
  }

  /** The ending of a run that was stopped after so many steps. */
  static Ending stopped(Run run) {
    List<String> verdict = new ArrayList<>(run.brokenUnexpectedly());
    verdict.addFirst("stopped after " + run.agenda().step() + " steps, not ended");
    return new Ending(answers(run), false, String.join("; ", verdict));
  }

  /** In a line: answers and verdict. */
  public String text() {
    return answers.isEmpty() ? verdict : String.join(", ", answers) + ": " + verdict;
  }

  private static List<String> answers(Run run) {
    List<String> answers = new ArrayList<>();
    for (Script script : run.scenario().setup().scripts()) {
      ScriptState state = run.world().scripts().get(script.party());
      for (int index = 0; index < script.lines().size(); index++) {
        ScriptLine line = script.lines().get(index);
        if (isTold(run.scenario(), script, line)) {
          List<String> words = state.answers(index).stream().map(Ending::word).toList();
          answers.add(
              line.name() + " " + (words.isEmpty() ? "no answer" : String.join(",", words)));
        }
      }
    }
    return answers;
  }

  /** A line without a name is called after its party, or is one of the calls before all others. */
  private static boolean isTold(Scenario scenario, Script script, ScriptLine line) {
    String stem = line.name().replaceFirst("-[0-9]+$", "");
    boolean unnamed =
        !stem.equals(line.name())
            && (stem.equals(script.party().name()) || stem.equals(GuestMemory.START));
    return !unnamed || scenario.expected().containsKey(line.name());
  }

  /** The word by which a scenario expects it: which page a call names is not part of it. */
  private static String word(Result result) {
    return result instanceof Result.Failed failed ? failed.errno().name() : Expected.word(result);
  }
}
