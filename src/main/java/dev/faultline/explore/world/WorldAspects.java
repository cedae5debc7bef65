package dev.faultline.explore.world;

import dev.faultline.explore.Aspects;
import dev.faultline.explore.Coverage.Aspect;
import dev.faultline.explore.Coverage.Kind;
import dev.faultline.explore.Sight;
import dev.faultline.protocol.Chance;
import dev.faultline.protocol.Outcome;
import dev.faultline.protocol.design.Act;
import dev.faultline.protocol.design.ArgumentCheck;
import dev.faultline.protocol.design.Instruction;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.design.Program;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.design.Site;
import dev.faultline.protocol.gmem.GmemState;
import dev.faultline.protocol.kvm.KvmWork;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.ProcessToGmem;
import dev.faultline.protocol.message.ProcessToKvm;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.ToAnchor;
import dev.faultline.protocol.message.ToGmem;
import dev.faultline.protocol.message.ToGuest;
import dev.faultline.protocol.message.ToHostIo;
import dev.faultline.protocol.message.ToHostMemory;
import dev.faultline.protocol.message.ToIommu;
import dev.faultline.protocol.message.ToKvm;
import dev.faultline.protocol.message.ToVmm;
import dev.faultline.protocol.message.View;
import dev.faultline.world.Parties;
import dev.faultline.world.Step;
import dev.faultline.world.Turn;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What coverage counts of a world: messages by who is told, steps of tasks by operation and act,
 * refusals and signals by the act that they come from.
 *
 * @param start the world before its first step
 */
record WorldAspects(WorldModel model, World start) implements Aspects {

  @Override
  public List<Aspect> of(Sight before, Object label) {
    World world = model.world(before);
    return of(world, world.decide((Step) label));
  }

  List<Aspect> of(World world, Turn turn) {
    List<Aspect> aspects = new ArrayList<>();
    String what =
        switch (turn.step()) {
          case Step.Deliver _ -> word(turn.message().orElseThrow());
          case Step.Advance(PartyId party, TaskId task, int _) -> act(world, party, task);
          case Step.Tick _ -> turn.message().map(WorldAspects::word).orElse("wait");
          case Step.Kill(PartyId victim, Optional<PartyId> _) -> death(victim);
        };
    boolean isMessage = turn.message().isPresent();
    aspects.add(new Aspect(isMessage ? Kind.MESSAGE : Kind.STEP, turn.party() + " " + what));
    switch (turn.decision().outcome()) {
      case Outcome.Done() -> {}
      case Outcome.Refused(Errno errno, String _) ->
          aspects.add(new Aspect(Kind.REFUSAL, turn.party() + " " + errno + " at " + what));
      case Outcome.Signalled _ ->
          aspects.add(new Aspect(Kind.SIGNAL, turn.party() + " SIGBUS at " + what));
      case Outcome.Ignored _ -> aspects.add(new Aspect(Kind.IGNORED, turn.party() + " " + what));
    }
    return aspects;
  }

  private static String death(PartyId victim) {
    return "death of " + victim;
  }

  /** A message by its type, and the edge on which it goes. */
  private static String word(Message message) {
    return word(message.getClass());
  }

  private static String word(Class<?> message) {
    return message.getSimpleName() + " (" + message.getInterfaces()[0].getSimpleName() + ")";
  }

  /** What a task does next. */
  private String act(World world, PartyId party, TaskId id) {
    return switch (party.kind()) {
      case GMEM ->
          ((GmemState) world.state(party))
              .findTask(id)
              .map(task -> act(task.operation(), task.at()))
              .orElse("task");
      case KVM -> world.kvm().findTask(id).map(task -> act(task.work(), task.at())).orElse("task");
      case VMM -> "timer";
      case IOMMU, HOST_MEMORY, ANCHOR, GUEST -> "task";
      case HOST_IO -> "deferred release of a closed ring";
    };
  }

  private String act(KvmWork work, int at) {
    return switch (work) {
      case KvmWork.GuestAccess _ -> act(Operation.GUEST_FAULT, at);
      case KvmWork.AttributeChange change ->
          act(
              change.target() == View.PRIVATE
                  ? Operation.CONVERT_TO_PRIVATE
                  : Operation.CONVERT_TO_SHARED,
              at);
      case KvmWork.Invalidation _ -> "invalidation: begin";
      case KvmWork.InvalidationEnd _ -> "invalidation: end";
      case KvmWork.MapGpa _ -> "map-gpa";
    };
  }

  private String act(Operation operation, int at) {
    return operation.word() + ": " + word(start.setup().revision().program(operation).at(at));
  }

  private static String word(Instruction instruction) {
    return switch (instruction) {
      case Instruction.Acquire acquire ->
          "take "
              + acquire.lock().word()
              + " lock, "
              + acquire.mode().name().toLowerCase(Locale.ROOT);
      case Instruction.Perform perform -> perform.act().word();
      case Instruction.Release release -> "release " + release.lock().word() + " lock";
      case Instruction.Return() -> "return";
    };
  }

  // All that there is.

  @Override
  public List<Aspect> all() {
    SortedSet<Aspect> all = new TreeSet<>();
    for (PartyId party : start.parties()) {
      for (Class<?> message : messages(told(party))) {
        all.add(new Aspect(Kind.MESSAGE, party + " " + word(message)));
      }
    }
    for (PartyId victim : start.setup().mortals()) {
      all.add(new Aspect(Kind.STEP, victim + " " + death(victim)));
    }
    Revision revision = start.setup().revision();
    for (Map.Entry<Operation, Program> each : revision.operations().entrySet()) {
      PartyId party = each.getKey().site(revision.call()) == Site.KVM ? Parties.KVM : Parties.GMEM;
      all(party, each.getKey(), each.getValue(), all);
    }
    for (ArgumentCheck check : revision.checks()) {
      boolean ofKvm = revision.call().site() == Site.KVM;
      PartyId party = ofKvm ? Parties.KVM : Parties.GMEM;
      Class<?> call =
          switch (revision.call()) {
            case KVM_SET_MEMORY_ATTRIBUTES -> ProcessToKvm.SetMemoryAttributes.class;
            case KVM_SET_MEMORY_ATTRIBUTES2 -> ProcessToGmem.SetMemoryAttributes2.class;
            case KVM_GMEM_CONVERT -> ProcessToGmem.Convert.class;
          };
      check
          .errno()
          .ifPresent(
              errno ->
                  all.add(new Aspect(Kind.REFUSAL, party + " " + errno + " at " + word(call))));
    }
    return List.copyOf(all);
  }

  private void all(PartyId party, Operation operation, Program program, SortedSet<Aspect> all) {
    for (Instruction instruction : program.instructions()) {
      if (instruction instanceof Instruction.Release || instruction instanceof Instruction.Return) {
        continue;
      }
      String what = operation.word() + ": " + word(instruction);
      all.add(new Aspect(Kind.STEP, party + " " + what));
      if (instruction instanceof Instruction.Perform(Act act, int _, int _)) {
        refusal(act)
            .ifPresent(
                errno -> all.add(new Aspect(Kind.REFUSAL, party + " " + errno + " at " + what)));
        if (act instanceof Act.RefusePrivate || act instanceof Act.RefuseForbidden) {
          all.add(new Aspect(Kind.SIGNAL, party + " SIGBUS at " + what));
        }
      }
    }
  }

  private Optional<Errno> refusal(Act act) {
    if (act instanceof Act.CheckReferences check) {
      return Optional.of(check.busy());
    }
    if (act instanceof Act.CheckMappedOrPinned check) {
      return Optional.of(check.busy());
    }
    if (act instanceof Act.ConvertPageByPage(Errno busy)) {
      return Optional.of(busy);
    }
    if (act instanceof Act.WaitForCallbacks(Errno cancelled)) {
      return Optional.of(cancelled);
    }
    if (act instanceof Act.RefusePending) {
      return Optional.of(Errno.EFAULT);
    }
    return start.setup().open().contains(Chance.ALLOCATION_FAILS)
        ? shortOfMemory(act)
        : Optional.empty();
  }

  private static Optional<Errno> shortOfMemory(Act act) {
    if (act instanceof Act.Preallocate preallocate) {
      return Optional.of(preallocate.fails());
    }
    if (act instanceof Act.ListDifferences(Errno fails)) {
      return Optional.of(fails);
    }
    return act instanceof Act.StoreItems(Errno fails) ? Optional.of(fails) : Optional.empty();
  }

  /** What a party can be told. */
  private static Class<? extends Message> told(PartyId party) {
    return switch (party.kind()) {
      case GUEST -> ToGuest.class;
      case VMM -> ToVmm.class;
      case KVM -> ToKvm.class;
      case GMEM -> ToGmem.class;
      case ANCHOR -> ToAnchor.class;
      case HOST_MEMORY -> ToHostMemory.class;
      case IOMMU -> ToIommu.class;
      case HOST_IO -> ToHostIo.class;
    };
  }

  /** The records below a sealed interface, in the order of their declaration. */
  private static List<Class<?>> messages(Class<?> sealed) {
    if (!sealed.isSealed()) {
      return List.of(sealed);
    }
    List<Class<?>> messages = new ArrayList<>();
    for (Class<?> each : sealed.getPermittedSubclasses()) {
      messages.addAll(messages(each));
    }
    return messages;
  }
}
