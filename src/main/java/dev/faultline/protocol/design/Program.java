package dev.faultline.protocol.design;

import dev.faultline.protocol.design.Instruction.Acquire;
import dev.faultline.protocol.design.Instruction.Perform;
import dev.faultline.protocol.design.Instruction.Release;
import dev.faultline.protocol.design.Instruction.Return;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * An operation of the kernel as a list of acts, and compiled to instructions that a task walks.
 *
 * <p>After the straight way come the ways out: for each act, what it undoes if it refuses, and the
 * release of the locks held at that point, innermost first, each followed by what its hold undoes.
 *
 * @param stages the lines of the revision file
 * @param instructions what a task walks, from 0
 */
public record Program(List<Stage> stages, List<Instruction> instructions) {

  public Program {
    stages = List.copyOf(stages);
    instructions = List.copyOf(instructions);
  }

  public static Program of(List<Stage> stages) {
    return new Program(stages, new Compiler().compile(stages));
  }

  /** The same without one kind of act. */
  Program without(Class<? extends Act> act) {
    return of(without(stages, act));
  }

  private static List<Stage> without(List<Stage> stages, Class<? extends Act> act) {
    List<Stage> left = new ArrayList<>();
    for (Stage stage : stages) {
      List<Stage> undo = without(stage.undo(), act);
      switch (stage) {
        case Stage.Do step when act.isInstance(step.act()) -> {}
        case Stage.Do step -> left.add(new Stage.Do(step.act(), undo));
        case Stage.Hold hold ->
            left.add(new Stage.Hold(hold.lock(), hold.mode(), without(hold.stages(), act), undo));
      }
    }
    return left;
  }

  public Instruction at(int position) {
    return instructions.get(position);
  }

  /** The position of the first act on the straight way that is wanted. */
  public Optional<Integer> find(Predicate<Act> wanted) {
    for (int position = 0; position < instructions.size(); position++) {
      if (instructions.get(position) instanceof Perform perform && wanted.test(perform.act())) {
        return Optional.of(position);
      }
    }
    return Optional.empty();
  }

  /** All acts, in the order of the file, undo acts behind the act they belong to. */
  public List<Act> acts() {
    List<Act> acts = new ArrayList<>();
    collect(stages, acts);
    return acts;
  }

  private static void collect(List<Stage> stages, List<Act> acts) {
    for (Stage stage : stages) {
      switch (stage) {
        case Stage.Do step -> acts.add(step.act());
        case Stage.Hold hold -> collect(hold.stages(), acts);
      }
      collect(stage.undo(), acts);
    }
  }

  /** Lays the straight way first, then a way out for each act. */
  private static final class Compiler {

    private final List<Instruction> instructions = new ArrayList<>();
    private final List<Pending> pending = new ArrayList<>();

    /** An act whose way out is not laid yet; {@code around} are the holds around it. */
    private record Pending(int position, Act act, List<Stage> undo, List<Stage.Hold> around) {}

    List<Instruction> compile(List<Stage> stages) {
      lay(stages, List.of());
      instructions.add(new Return());
      while (!pending.isEmpty()) {
        Pending way = pending.removeFirst();
        int refused = instructions.size();
        lay(way.undo(), way.around());
        for (int depth = way.around().size() - 1; depth >= 0; depth--) {
          Stage.Hold hold = way.around().get(depth);
          instructions.add(new Release(hold.lock()));
          lay(hold.undo(), way.around().subList(0, depth));
        }
        instructions.add(new Return());
        int done = instructions.size();
        for (Stage.Hold hold : way.around().reversed()) {
          instructions.add(new Release(hold.lock()));
        }
        instructions.add(new Return());
        instructions.set(way.position(), new Perform(way.act(), refused, done));
      }
      return instructions;
    }

    private void lay(List<Stage> stages, List<Stage.Hold> around) {
      for (Stage stage : stages) {
        switch (stage) {
          case Stage.Do step -> {
            pending.add(new Pending(instructions.size(), step.act(), step.undo(), around));
            instructions.add(new Perform(step.act(), 0, 0));
          }
          case Stage.Hold hold -> {
            instructions.add(new Acquire(hold.lock(), hold.mode()));
            List<Stage.Hold> inner = new ArrayList<>(around);
            inner.add(hold);
            lay(hold.stages(), inner);
            instructions.add(new Release(hold.lock()));
          }
        }
      }
    }
  }
}
