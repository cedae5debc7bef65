package dev.faultline.property;

import dev.faultline.protocol.LockState;
import dev.faultline.protocol.design.Act;
import dev.faultline.protocol.design.Instruction;
import dev.faultline.protocol.design.Lock;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.gmem.GmemState;
import dev.faultline.protocol.gmem.GmemTask;
import dev.faultline.protocol.gmem.Work;
import dev.faultline.protocol.hostio.HostIoState;
import dev.faultline.protocol.hostmemory.HostMemoryState;
import dev.faultline.protocol.iommu.IommuTask;
import dev.faultline.protocol.kvm.KvmTask;
import dev.faultline.protocol.kvm.KvmWork;
import dev.faultline.protocol.kvm.Zapping;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.IndexRange;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.View;
import dev.faultline.protocol.vmm.Origin;
import dev.faultline.protocol.vmm.VmmTask;
import dev.faultline.world.Await;
import dev.faultline.world.Holders;
import dev.faultline.world.HostUser;
import dev.faultline.world.Parties;
import dev.faultline.world.Script;
import dev.faultline.world.ScriptLine;
import dev.faultline.world.World;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What each of those who wait in a world waits for, read off the states of the parties. */
final class Waits {

  private static final Wait CAN_GO_ON = new Wait.ForNobody("can go on");

  private final World world;
  private final WaiterNames names;

  /**
   * @param subject whom the sentence is about
   */
  Waits(World world, PartyId subject) {
    this.world = world;
    this.names = new WaiterNames(world, subject);
  }

  WaiterNames names() {
    return names;
  }

  Wait of(Waiter waiter) {
    return switch (waiter) {
      case Waiter.OfScript(PartyId party) -> ofScript(party);
      case Waiter.OfTask(Endpoint task) -> ofTask(task);
    };
  }

  // Scripts.

  private Wait ofScript(PartyId party) {
    for (Script script : world.setup().scripts()) {
      if (script.party().equals(party)) {
        if (world.progress(party).running()) {
          return answerTo(asking(party));
        }
        return world
            .nextLine(script)
            .map(this::ofLine)
            .orElse(new Wait.ForNobody(world.isDead(party) ? "is dead" : "has nothing left to do"));
      }
    }
    return new Wait.ForNobody("has nothing left to do");
  }

  /** Whom the tasks answer that a party's operation waits for. */
  private Endpoint asking(PartyId party) {
    // Model: a host user's operation is its task 1.
    return new Endpoint(party, party.kind() == PartyKind.HOST_IO ? new TaskId(1) : TaskId.NONE);
  }

  private Wait ofLine(ScriptLine line) {
    for (Await await : line.awaits()) {
      if (!world.holds(await)) {
        return switch (await) {
          case Await.Ended(String name) -> endOf(name);
          case Await.Finished(PartyId party) ->
              new Wait.ForSomebody(
                  "the end of " + party + "'s script", List.of(new Waiter.OfScript(party)));
          case Await.Refusal(PartyId by) ->
              new Wait.ForNobody("waits for a refusal by " + by + ", which never comes");
        };
      }
    }
    return CAN_GO_ON;
  }

  private Wait endOf(String name) {
    for (Script script : world.setup().scripts()) {
      if (script.lines().stream().anyMatch(line -> line.name().equals(name))) {
        Waiter other = new Waiter.OfScript(script.party());
        String end = "the end of " + script.party() + "'s " + name;
        String at = names.of(other);
        return new Wait.ForSomebody(
            at.endsWith("'s " + name) ? end : end + ", behind " + at, List.of(other));
      }
    }
    return new Wait.ForNobody("waits for the end of " + name + ", which is no line");
  }

  // Tasks.

  private Wait ofTask(Endpoint task) {
    if (!world.advances(task.party(), task.task()).isEmpty()) {
      return CAN_GO_ON;
    }
    return switch (task.party().kind()) {
      case GMEM -> names.gmem(task).map(found -> ofGmem(task, found)).orElse(CAN_GO_ON);
      case KVM ->
          world.kvm().findTask(task.task()).map(found -> ofKvm(task, found)).orElse(CAN_GO_ON);
      case VMM ->
          world.vmm().findTask(task.task()).map(found -> ofVmm(task, found)).orElse(CAN_GO_ON);
      case IOMMU ->
          world.iommu().findTask(task.task()).map(found -> ofIommu(task, found)).orElse(CAN_GO_ON);
      case HOST_MEMORY, HOST_IO, GUEST, ANCHOR -> answerTo(task);
    };
  }

  private Wait ofGmem(Endpoint task, GmemTask found) {
    GmemState state = (GmemState) world.state(task.party());
    if (found.waiting()) {
      List<Waiter> faults =
          tasks(
              task.party(),
              state.tasks(),
              id -> isFaultOf(state.findTask(id).orElseThrow(), task.task()));
      return faults.isEmpty() ? answerTo(task) : forThem("", faults);
    }
    Instruction next = world.setup().revision().program(found.operation()).at(found.at());
    if (next instanceof Instruction.Acquire(Lock lock, var _) && lock == Lock.INVALIDATE) {
      return held(task.party(), lock, holders(state.invalidateLock()), task);
    }
    if (next instanceof Instruction.Perform(Act act, int _, int _)
        && act instanceof Act.WaitForCallbacks) {
      return lastPut(task, state, found.work().range());
    }
    List<TaskId> folios =
        state.folios(found.work().range()).stream()
            .flatMap(run -> run.value().lockedBy().stream())
            .filter(id -> !id.equals(task.task()))
            .distinct()
            .toList();
    return held(task.party(), Lock.FOLIO, folios, task);
  }

  private static boolean isFaultOf(GmemTask task, TaskId waiting) {
    return task.work() instanceof Work.HostFault fault
            && fault.then() instanceof Work.Then.Resume(TaskId id)
            && id.equals(waiting)
        || task.work() instanceof Work.LastPut put && put.putter().equals(Optional.of(waiting));
  }

  /** A conversion waits for the last put of its pages. */
  private Wait lastPut(Endpoint task, GmemState state, IndexRange range) {
    List<Waiter> callbacks =
        tasks(
            task.party(),
            state.tasks(),
            id ->
                state.findTask(id).orElseThrow().work() instanceof Work.LastPut put
                    && put.range().overlaps(range));
    if (!callbacks.isEmpty()) {
      return forThem("", callbacks);
    }
    List<PartyId> holders =
        Holders.of(world, range).stream().map(holder -> process(holder.who())).distinct().toList();
    return holders.isEmpty()
        ? new Wait.ForNobody("waits for the last put of page " + range + ", which nobody will tell")
        : new Wait.ForSomebody(
            "the last put of page "
                + range
                + ", in use by "
                + holders.stream().map(PartyId::name).collect(Collectors.joining(" and ")),
            holders.stream().map(this::script).toList());
  }

  private Wait ofKvm(Endpoint task, KvmTask found) {
    if (!found.waiting()) {
      Lock lock = Lock.MMU;
      Optional<Operation> operation = operation(found.work());
      if (operation.isPresent()
          && world.setup().revision().program(operation.get()).at(found.at())
              instanceof Instruction.Acquire acquire) {
        lock = acquire.lock();
      }
      return held(task.party(), lock, holders(world.kvm().lock(lock)), task);
    }
    return switch (found.work()) {
      case KvmWork.MapGpa map -> ofVcpuOut(task, map.vcpu());
      case KvmWork.GuestAccess access ->
          access.phase() == KvmWork.Phase.EXITED ? ofVcpuOut(task, access.vcpu()) : answerTo(task);
      case KvmWork.AttributeChange change -> ofZap(task, change.zapping());
      case KvmWork.Invalidation invalidation -> ofZap(task, invalidation.zapping());
      case KvmWork.InvalidationEnd _ -> answerTo(task);
    };
  }

  /** The list that a CPU in KVM walks; an invalidation that another party calls has none. */
  private static Optional<Operation> operation(KvmWork work) {
    return switch (work) {
      case KvmWork.GuestAccess _ -> Optional.of(Operation.GUEST_FAULT);
      case KvmWork.AttributeChange change ->
          Optional.of(
              change.target() == View.PRIVATE
                  ? Operation.CONVERT_TO_PRIVATE
                  : Operation.CONVERT_TO_SHARED);
      case KvmWork.Invalidation _, KvmWork.InvalidationEnd _, KvmWork.MapGpa _ -> Optional.empty();
    };
  }

  /** A vCPU that has left the guest waits for the VMM to run it again. */
  private Wait ofVcpuOut(Endpoint task, PartyId vcpu) {
    List<Waiter> conversions =
        tasks(
            Parties.VMM,
            world.vmm().tasks(),
            id ->
                world.vmm().findTask(id).orElseThrow() instanceof VmmTask.Conversion conversion
                    && (conversion.origin().equals(new Origin.Hypercall(vcpu))
                        || conversion.origin().equals(new Origin.MemoryFault(vcpu))));
    if (!conversions.isEmpty()) {
      return forThem("", conversions);
    }
    return underWay(task)
        .orElse(
            new Wait.ForNobody(
                "waits for vmm to run it again, which "
                    + (world.vmm().dead() ? "is dead" : "does not")));
  }

  private Wait ofZap(Endpoint task, Optional<Zapping> zapping) {
    if (zapping.isPresent() && !zapping.get().asked()) {
      List<Waiter> accesses =
          tasks(
              task.party(),
              world.kvm().tasks(),
              id -> isInTheWay(world.kvm().findTask(id).orElseThrow(), zapping.get()));
      if (!accesses.isEmpty()) {
        return forThem("", accesses);
      }
    }
    return answerTo(task);
  }

  private static boolean isInTheWay(KvmTask task, Zapping zapping) {
    return task.work() instanceof KvmWork.GuestAccess access
        && access.phase() == KvmWork.Phase.UNDER_WAY
        && zapping.kinds().contains(access.view())
        && zapping.range().overlaps(access.piece());
  }

  private Wait ofVmm(Endpoint task, VmmTask found) {
    return found instanceof VmmTask.Conversion conversion
            && conversion.phase() == VmmTask.Phase.NOTIFICATION
        ? notification(task, conversion.range())
        : answerTo(task);
  }

  /** The VMM waits to be told that pages are in use no more. */
  private Wait notification(Endpoint task, GfnRange range) {
    // Model: a world has one slot, so index and guest frame agree.
    List<Holders.Holder> holders = Holders.of(world, new IndexRange(range.start(), range.end()));
    List<Waiter> parties =
        holders.stream().map(holder -> process(holder.who())).distinct().map(this::script).toList();
    if (parties.isEmpty()) {
      return underWay(task)
          .orElse(new Wait.ForNobody("waits for a word that pages are free, which never comes"));
    }
    Holders.Holder first = holders.getFirst();
    String how =
        switch (first.how()) {
          case DMA_MAPPED -> "mapped for DMA by ";
          case PINNED -> "pinned by ";
          case MAPPED -> "mapped by ";
        };
    return new Wait.ForSomebody(
        "page "
            + first.range().start()
            + ", "
            + how
            + holders.stream()
                .map(holder -> process(holder.who()).name())
                .distinct()
                .collect(Collectors.joining(" and ")),
        parties);
  }

  private Waiter script(PartyId party) {
    return new Waiter.OfScript(party);
  }

  /** The party that an address space belongs to. */
  private PartyId process(PartyId holder) {
    if (holder.equals(Parties.VMM_MEMORY)) {
      return Parties.VMM;
    }
    return world.setup().users().stream()
        .map(HostUser::id)
        .filter(user -> Parties.memoryOf(user).equals(holder))
        .findFirst()
        .orElse(holder);
  }

  private Wait ofIommu(Endpoint task, IommuTask found) {
    if (found instanceof IommuTask.Unmap unmap && !unmap.unpinning()) {
      List<Waiter> transfers =
          tasks(
              task.party(),
              world.iommu().tasks(),
              id ->
                  world.iommu().findTask(id).orElseThrow() instanceof IommuTask.Transfer transfer
                      && transfer.iova().overlaps(unmap.iova()));
      if (!transfers.isEmpty()) {
        return forThem("", transfers);
      }
    }
    return answerTo(task);
  }

  // Locks.

  private static List<TaskId> holders(LockState lock) {
    List<TaskId> holders = new ArrayList<>(lock.shared());
    lock.exclusive().ifPresent(holders::add);
    return holders;
  }

  private Wait held(PartyId party, Lock lock, List<TaskId> by, Endpoint waiting) {
    String what = "the " + lock.word() + " lock";
    if (by.contains(waiting.task())) {
      return new Wait.ForSomebody(
          what + ", which it holds itself", List.of(new Waiter.OfTask(waiting)));
    }
    List<Waiter> holders = tasks(party, by, _ -> true);
    return holders.isEmpty() ? CAN_GO_ON : forThem(what + ", held by ", holders);
  }

  // Answers.

  private Wait forThem(String what, List<Waiter> whom) {
    return new Wait.ForSomebody(what + names.of(whom), whom);
  }

  private List<Waiter> tasks(PartyId party, List<TaskId> ids, Predicate<TaskId> which) {
    return ids.stream()
        .filter(which)
        .<Waiter>map(id -> new Waiter.OfTask(new Endpoint(party, id)))
        .toList();
  }

  /** Someone has asked, and waits for whoever works on it. */
  private Wait answerTo(Endpoint asking) {
    List<Waiter> working = new ArrayList<>();
    for (PartyId party : world.parties()) {
      working.addAll(workingFor(party, asking));
    }
    return working.isEmpty()
        ? underWay(asking).orElse(new Wait.ForNobody("waits for an answer, and nobody works on it"))
        : forThem("", working);
  }

  private List<Waiter> workingFor(PartyId party, Endpoint asking) {
    return switch (party.kind()) {
      case GMEM -> {
        GmemState state = (GmemState) world.state(party);
        yield tasks(
            party,
            state.tasks(),
            id -> {
              GmemTask task = state.findTask(id).orElseThrow();
              boolean isOfPin =
                  task.work() instanceof Work.HostFault fault
                      && fault.then() instanceof Work.Then.Resume;
              return task.caller().equals(asking)
                  && !isOfPin
                  && !(task.work() instanceof Work.LastPut);
            });
      }
      case KVM ->
          tasks(
              party,
              world.kvm().tasks(),
              id -> world.kvm().findTask(id).orElseThrow().caller().equals(asking));
      case IOMMU ->
          tasks(
              party,
              world.iommu().tasks(),
              id -> world.iommu().findTask(id).orElseThrow().caller().equals(asking));
      case HOST_MEMORY -> {
        HostMemoryState state = (HostMemoryState) world.state(party);
        yield tasks(
            party, state.tasks(), id -> state.findTask(id).orElseThrow().caller().equals(asking));
      }
      case VMM ->
          tasks(
              party,
              world.vmm().tasks(),
              id -> worksFor(party, world.vmm().findTask(id).orElseThrow(), asking));
      case HOST_IO -> {
        HostIoState state = world.hostIo(party);
        boolean isWanted = state.wanted().filter(wanted -> wanted.vmm().equals(asking)).isPresent();
        yield isWanted ? List.of(script(party)) : List.of();
      }
      case GUEST, ANCHOR -> List.of();
    };
  }

  private static boolean worksFor(PartyId vmm, VmmTask task, Endpoint asking) {
    return switch (task) {
      case VmmTask.Conversion conversion ->
          conversion.origin() instanceof Origin.Script && asking.equals(Endpoint.of(vmm));
      case VmmTask.Call _, VmmTask.Simple _ -> asking.equals(Endpoint.of(vmm));
      case VmmTask.Dma dma -> dma.device().equals(asking);
    };
  }

  /** What is under way: a message that somebody sent who waits, or that is for him, or another. */
  private Optional<Wait> underWay(Endpoint asking) {
    for (var channel : world.channels().entrySet()) {
      boolean isFor =
          channel.getKey().to().equals(asking.party())
              && channel.getValue().stream()
                  .anyMatch(envelope -> envelope.to().equals(asking.task()));
      if (isFor || channel.getKey().from().equals(asking)) {
        return Optional.of(
            new Wait.ForNobody(
                "waits for a message from "
                    + channel.getKey().from().party()
                    + " to "
                    + channel.getKey().to()
                    + " that is under way"));
      }
    }
    String others =
        world.channels().keySet().stream()
            .map(channel -> channel.from().party() + " to " + channel.to())
            .distinct()
            .collect(Collectors.joining(", "));
    return others.isEmpty()
        ? Optional.empty()
        : Optional.of(new Wait.ForNobody("waits for an answer; messages are under way: " + others));
  }
}
