package dev.faultline.conform;

import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.gmem.GmemDecider;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The model of a kernel with one program and one vCPU: the deciders of all other runs, called one
 * operation at a time.
 */
public final class Bench implements Model {

  private final Revision revision;
  private final List<Mode> types;
  private final InodeRules rules;

  /** Empty before the first {@code new}. */
  private final Optional<Lab> lab;

  private Bench(Revision revision, List<Mode> types, InodeRules rules, Optional<Lab> lab) {
    this.revision = revision;
    this.types = List.copyOf(types);
    this.rules = rules;
    this.lab = lab;
  }

  /**
   * @param types the modes of KVM_X86_DEFAULT_VM and KVM_X86_SW_PROTECTED_VM
   */
  public static Bench of(Revision revision, List<Mode> types) {
    return of(revision, types, GmemDecider::new);
  }

  static Bench of(Revision revision, List<Mode> types, InodeRules rules) {
    return new Bench(revision, types, rules, Optional.empty());
  }

  private Bench after(Lab changed) {
    return new Bench(revision, types, rules, Optional.of(changed));
  }

  @Override
  public List<Allowed> put(TraceOperation operation) {
    if (operation instanceof TraceOperation.New(int type)) {
      return List.of(create(type));
    }
    if (operation instanceof TraceOperation.Cap(long number)) {
      return List.of(
          new Allowed(
              system(number), "the revision's extensions say so (KVM_CHECK_EXTENSION)", this));
    }
    if (lab.isEmpty()) {
      return List.of(new Allowed(Answers.failed("EBADF"), "there is no VM yet", this));
    }
    List<Allowed> allowed = new ArrayList<>();
    for (Lab before : sooner(lab.get())) {
      Answer answer = new Calls(before).answer(operation);
      String reason =
          before.reasons.isEmpty() ? "nothing refused it" : String.join("; ", before.reasons);
      before.reasons.clear();
      Allowed next = new Allowed(answer, reason, after(before));
      if (!allowed.contains(next)) {
        allowed.add(next);
      }
    }
    return allowed;
  }

  /** The pins of closed rings are still there, or have gone. */
  private static List<Lab> sooner(Lab lab) {
    if (lab.late.isEmpty()) {
      return List.of(lab.copy());
    }
    Lab gone = lab.copy();
    Users users = new Users(gone);
    gone.late.forEach(users::giveBack);
    gone.late.clear();
    return List.of(lab.copy(), gone);
  }

  private Allowed create(int type) {
    if (type < 0 || type >= types.size()) {
      return new Allowed(Answers.failed("EINVAL"), "no such type of VM", this);
    }
    Lab created = Lab.create(revision, types.get(type), rules);
    return new Allowed(Answers.OK, "a VM is made", after(created));
  }

  private Answer system(long number) {
    return Answer.of("OK", "ret", revision.extension(number).system());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bench bench && lab.equals(bench.lab);
  }

  @Override
  public int hashCode() {
    return lab.hashCode();
  }
}
