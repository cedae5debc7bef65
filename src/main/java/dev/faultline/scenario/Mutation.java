package dev.faultline.scenario;

import java.util.List;
import java.util.Optional;

/**
 * What is known of a mutation, besides the revision that it makes: one bug, as one change of a
 * design that is right.
 *
 * @param name as in {@code --mutation}
 * @param bug its number in a list of known bugs: B01
 * @param source where the bug can be read of: a mail, a commit, a derivation
 * @param guards what the changed lines are there for, a sentence
 * @param basedOn the revision that it changes
 * @param scenarios in which it is searched
 * @param violates the property that breaks; {@link #STUCK} where a call is never answered
 * @param steps of the shortest counterexample that is written down for it, in its own measure
 * @param model how the mutation is coarser than the bug it stands for; empty where it is not
 */
public record Mutation(
    String name,
    Optional<String> bug,
    String source,
    String guards,
    String basedOn,
    List<String> scenarios,
    Optional<String> violates,
    Optional<Long> steps,
    Optional<String> model) {

  /** What is violated where no way leads on to the end of every script. */
  public static final String STUCK = "stuck";

  public Mutation {
    scenarios = List.copyOf(scenarios);
  }
}
