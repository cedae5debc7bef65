package dev.faultline.scenario;

import dev.faultline.protocol.design.Act;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.design.Site;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.message.View;
import dev.faultline.scenario.ScriptYaml.Action;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Which errnos a revision can answer with; to expect another one is a problem. */
final class Answers {

  /** What the inode answers whatever the revision says. */
  private static final List<Errno> ALWAYS = List.of(Errno.EINVAL, Errno.EFAULT, Errno.ENOTTY);

  private final Revision revision;
  private final Problems problems;

  Answers(Revision revision, Problems problems) {
    this.revision = revision;
    this.problems = problems;
  }

  /** Checks an answer that a line of a script expects; only those of conversion calls are known. */
  void check(Action action, Located<Expected> wanted) {
    Optional<View> set = target(action);
    if (set.isEmpty()) {
      return;
    }
    View target = set.get();
    Operation operation =
        target == View.PRIVATE ? Operation.CONVERT_TO_PRIVATE : Operation.CONVERT_TO_SHARED;
    SortedSet<Errno> possible = of(operation);
    if (revision.call().site() == Site.KVM) {
      // kvm_vm_ioctl: another address space than the VM's, or a dead VM.
      possible.add(Errno.EIO);
    }
    for (Expected.Answer answer : wanted.value().oneOf()) {
      if (answer instanceof Expected.Answer.Refused(Errno errno)) {
        check(errno, wanted.at(), possible, operation.word());
      }
    }
  }

  /** What a conversion call sets; empty for any other action. */
  private static Optional<View> target(Action action) {
    if (action instanceof Action.SetAttributes(GfnRange _, View target)) {
      return Optional.of(target);
    }
    return action instanceof Action.SetBytes set ? Optional.of(set.target()) : Optional.empty();
  }

  /** Whether the inode can refuse with an errno. */
  boolean checkRefusal(Located<Errno> errno) {
    SortedSet<Errno> possible = of(Operation.CONVERT_TO_PRIVATE);
    possible.addAll(of(Operation.CONVERT_TO_SHARED));
    possible.addAll(ALWAYS);
    return check(errno.value(), errno.at(), possible, "inode");
  }

  private boolean check(Errno errno, Position at, Set<Errno> possible, String who) {
    if (possible.contains(errno)) {
      return true;
    }
    problems.add(
        at,
        errno
            + " is no answer of "
            + revision.name()
            + "'s "
            + who
            + "; it can say: "
            + String.join(", ", possible.stream().map(Errno::name).toList()));
    return false;
  }

  /** The errnos that a conversion call can return. */
  private SortedSet<Errno> of(Operation conversion) {
    SortedSet<Errno> errnos = new TreeSet<>();
    revision.checks().stream().flatMap(check -> check.errno().stream()).forEach(errnos::add);
    List<Act> acts = new ArrayList<>(revision.program(conversion).acts());
    revision.find(Operation.AGREE_TO_PRIVATE).ifPresent(program -> acts.addAll(program.acts()));
    for (Act act : acts) {
      if (act instanceof Act.Preallocate(Errno fails, boolean _)) {
        errnos.add(fails);
      } else if (act instanceof Act.CheckReferences check) {
        errnos.add(check.busy());
      } else if (act instanceof Act.CheckMappedOrPinned(Errno busy)) {
        errnos.add(busy);
      } else if (act instanceof Act.ConvertPageByPage(Errno busy)) {
        errnos.add(busy);
      } else if (act instanceof Act.ListDifferences(Errno fails)) {
        errnos.add(fails);
      } else if (act instanceof Act.StoreItems(Errno fails)) {
        errnos.add(fails);
      } else if (act instanceof Act.WaitForCallbacks(Errno cancelled)) {
        errnos.add(cancelled);
      }
    }
    return errnos;
  }
}
