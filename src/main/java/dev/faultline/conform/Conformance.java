package dev.faultline.conform;

import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problems;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * Puts the operations of a trace to a model and compares every field of every answer.
 *
 * <p>Where the model allows several answers, each that the kernel gave too is gone on with, so that
 * what the kernel did not show yet is decided by what it shows later. Where none is the kernel's,
 * that is a disagreement; then the first that the model allows is gone on with.
 */
public final class Conformance {

  /** How often fallocate was interrupted before it answered: chance, and no part of the answer. */
  static final String EINTR = "eintr";

  /** So many states at once are no trace's doubt about a few pins any more. */
  static final int MAX_STATES = 4096;

  private Conformance() {}

  /**
   * How far a model and a kernel agree.
   *
   * @param file of the trace, as the user named it
   * @param model the name of the revision that the model is of
   * @param operations how many the trace has
   * @param agreements how many of them were answered alike
   * @param first the first that was not
   */
  public record Result(
      String file, String model, int operations, int agreements, Optional<Disagreement> first) {

    public boolean agrees() {
      return first.isEmpty();
    }
  }

  /**
   * An operation that kernel and model answer differently.
   *
   * @param operation its number, from 1; the line of the file as well
   * @param text as it stands in the trace
   * @param model all answers that the model allows, each once
   * @param reason the model's, of the first of its answers
   */
  public record Disagreement(
      int operation, String text, Answer kernel, List<Answer> model, String reason) {

    public Disagreement {
      model = List.copyOf(model);
    }
  }

  /**
   * Compares a trace with a model before its first operation.
   *
   * @param name of the revision that the model is of
   * @return empty, with a problem, if more states than {@value #MAX_STATES} stay possible at once
   */
  public static Optional<Result> compare(Trace trace, String name, Model model, Problems problems) {
    List<Model> states = List.of(model);
    Optional<Disagreement> first = Optional.empty();
    int number = 0;
    int agreements = 0;
    for (Trace.Entry entry : trace.entries()) {
      number++;
      List<Model.Allowed> allowed = new ArrayList<>();
      states.forEach(state -> allowed.addAll(state.put(entry.operation())));
      states = agreeing(allowed, entry);
      if (states.isEmpty()) {
        Disagreement here = disagreement(number, entry, allowed);
        first = first.or(() -> Optional.of(here));
        states = List.of(allowed.getFirst().after());
      } else {
        agreements++;
      }
      if (states.size() > MAX_STATES) {
        problems.add(
            new Position(trace.file(), number, 1),
            "the kernel's answers leave more than "
                + MAX_STATES
                + " states of the model possible"
                + " here; split the trace at an earlier \"new\"");
        return Optional.empty();
      }
    }
    return Optional.of(new Result(trace.file(), name, number, agreements, first));
  }

  private static List<Model> agreeing(List<Model.Allowed> allowed, Trace.Entry entry) {
    Answer kernel = comparable(entry.operation(), entry.answer());
    List<Model> after =
        allowed.stream()
            .filter(one -> comparable(entry.operation(), one.answer()).equals(kernel))
            .map(Model.Allowed::after)
            .toList();
    // Mostly there is one, and to hash the state of a kernel takes longer than to answer.
    return after.size() < 2 ? after : List.copyOf(new LinkedHashSet<>(after));
  }

  private static Answer comparable(TraceOperation operation, Answer answer) {
    return operation instanceof TraceOperation.Alloc ? answer.without(EINTR) : answer;
  }

  private static Disagreement disagreement(
      int number, Trace.Entry entry, List<Model.Allowed> allowed) {
    List<Answer> answers = allowed.stream().map(Model.Allowed::answer).distinct().toList();
    return new Disagreement(
        number, entry.text(), entry.answer(), answers, allowed.getFirst().reason());
  }
}
