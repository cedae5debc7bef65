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
 * <p>After the straight way come the ways out: for each act that can refuse, its undo acts and the
 * release of the locks held at that point, innermost first.
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
        case Stage.Do step -> {
          acts.add(step.act());
          acts.addAll(step.undo());
        }
        case Stage.Hold hold -> collect(hold.stages(), acts);
      }
    }
  }

  /** Lays the straight way first, then a way out for each act. */
  private static final class Compiler {

    private final List<Instruction> instructions = new ArrayList<>();
    private final List<Pending> pending = new ArrayList<>();

    private record Pending(int position, Act act, List<Act> undo, List<Lock> held) {}

    List<Instruction> compile(List<Stage> stages) {
      straight(stages, List.of());
      instructions.add(new Return());
      for (Pending way : List.copyOf(pending)) {
        int out = instructions.size();
        instructions.set(way.position(), new Perform(way.act(), out));
        for (Act act : way.undo()) {
          // An undo act that refuses goes on with what follows it: the refusal stands already.
          instructions.add(new Perform(act, instructions.size() + 1));
        }
        for (Lock lock : way.held().reversed()) {
          instructions.add(new Release(lock));
        }
        instructions.add(new Return());
      }
      return instructions;
    }

    private void straight(List<Stage> stages, List<Lock> held) {
      for (Stage stage : stages) {
        switch (stage) {
          case Stage.Do step -> {
            pending.add(new Pending(instructions.size(), step.act(), step.undo(), held));
            instructions.add(new Perform(step.act(), 0));
          }
          case Stage.Hold hold -> {
            instructions.add(new Acquire(hold.lock(), hold.mode()));
            List<Lock> inner = new ArrayList<>(held);
            inner.add(hold.lock());
            straight(hold.stages(), inner);
            instructions.add(new Release(hold.lock()));
          }
        }
      }
    }
  }
}
