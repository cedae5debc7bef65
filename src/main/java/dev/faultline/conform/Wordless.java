package dev.faultline.conform;

import dev.faultline.protocol.design.ConvertCall;
import dev.faultline.protocol.design.GmemFlag;
import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.design.Revision;
import dev.faultline.protocol.hostio.HostIoSetup;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.ScriptToGuest;
import dev.faultline.protocol.message.ScriptToHostIo;
import dev.faultline.protocol.message.ScriptToVmm;
import dev.faultline.protocol.message.View;
import dev.faultline.world.HostUser;
import dev.faultline.world.Script;
import dev.faultline.world.ScriptAction;
import dev.faultline.world.ScriptLine;
import dev.faultline.world.WorldSetup;
import java.util.Optional;

/** What scenarios can say and traces have no word for. */
final class Wordless {

  private static final String ONE_CALL = "set-private and set-shared are one call each";

  private final WorldSetup setup;

  private Wordless(WorldSetup setup) {
    this.setup = setup;
  }

  /**
   * Looks at all of a scenario before anything of it is done.
   *
   * @throws Unwritable of the first that has no word
   */
  static void refuse(WorldSetup setup) throws Unwritable {
    Wordless wordless = new Wordless(setup);
    wordless.refuseMode();
    wordless.refuseRevision();
    if (!setup.open().isEmpty()) {
      throw Unwritable.at(
          "open", "what is left open has several outcomes; a trace has one answer a line");
    }
    if (!setup.beginning().pages().isEmpty()) {
      throw Unwritable.at(
          "memory",
          "present: a trace begins with an empty file; let a line store what is there first");
    }
    for (Script script : setup.scripts()) {
      for (ScriptLine line : script.lines()) {
        if (line.tries() > 1) {
          throw Unwritable.at(line.line(), "tries: a trace has a line for each call");
        }
        Optional<String> reason = wordless.reason(script.party(), line.action());
        if (reason.isPresent()) {
          throw Unwritable.at(line.line(), reason.get());
        }
      }
    }
  }

  private void refuseMode() throws Unwritable {
    Mode mode = setup.mode();
    if (mode.guestChoosesView() || !mode.anchor().when().isEmpty()) {
      throw Unwritable.at(
          "mode",
          "the pages of mode "
              + mode.name()
              + " are in a trust anchor's hands; the VMs of traces have none:"
              + " KVM_X86_SW_PROTECTED_VM, KVM_X86_DEFAULT_VM");
    }
  }

  private void refuseRevision() throws Unwritable {
    Revision revision = setup.revision();
    if (!setup.sharedElsewhere()
        && (revision.gmemFlags().bits(setup.mode()) & GmemFlag.MMAP.bit()) == 0) {
      throw Unwritable.at(
          "revision",
          "revision "
              + revision.name()
              + " has no flag that lets a program map the file; a trace could not load from it");
    }
  }

  private Optional<String> reason(PartyId party, ScriptAction action) {
    return switch (action) {
      case ScriptAction.Kill _ -> Optional.of("kill: no word of a trace ends a process");
      case ScriptAction.RunVcpu _ ->
          Optional.of("guest-load, guest-store: a vCPU of a trace has a script of its own");
      case ScriptAction.Wait() -> Optional.empty();
      case ScriptAction.Tell(Message message) ->
          switch (message) {
            case ScriptToGuest told -> guest(party, told);
            case ScriptToVmm told -> vmm(told);
            case ScriptToHostIo told -> hostIo(user(party), told);
            default -> throw new IllegalStateException("no script tells " + message);
          };
    };
  }

  private HostUser user(PartyId party) {
    return setup.users().stream().filter(user -> user.id().equals(party)).findFirst().orElseThrow();
  }

  private Optional<String> guest(PartyId vcpu, ScriptToGuest told) {
    if (!setup.vcpus().getFirst().equals(vcpu)) {
      return Optional.of(vcpu + " is a further vCPU; a trace has one");
    }
    return switch (told) {
      case ScriptToGuest.Convert(var _, View target) ->
          Optional.of(
              convert(target) + ": a guest of a trace asks nobody; of the VMM, " + ONE_CALL);
      case ScriptToGuest.AcceptMemory _ ->
          Optional.of("accept: a guest of a trace has nothing to accept");
      case ScriptToGuest.Touch touch ->
          touch
              .view()
              .map(view -> "view: a guest of a trace cannot say which view it wants; leave it out");
    };
  }

  private static String convert(View target) {
    return "convert-to-" + target.word();
  }

  private Optional<String> vmm(ScriptToVmm told) {
    return switch (told) {
      case ScriptToVmm.Convert(var _, View target) ->
          Optional.of(
              convert(target)
                  + ": the VMM's procedure is calls and retries of its own; "
                  + ONE_CALL);
      case ScriptToVmm.QueryMappable _ -> Optional.of("query-mappable: no kernel has this call");
      case ScriptToVmm.SetAttributes _, ScriptToVmm.SetAttributesWith _ -> attributes();
      case ScriptToVmm.SetFirstView _ -> call();
      case ScriptToVmm.Allocate _,
          ScriptToVmm.PunchHole _,
          ScriptToVmm.Touch _,
          ScriptToVmm.Unmap _ ->
          Optional.empty();
    };
  }

  private Optional<String> call() {
    return setup.revision().call() == ConvertCall.KVM_GMEM_CONVERT
        ? Optional.of("traces have no word for " + ConvertCall.KVM_GMEM_CONVERT)
        : Optional.empty();
  }

  private Optional<String> attributes() {
    if (call().isPresent()) {
      return call();
    }
    return setup.mode().privateMemory()
        ? Optional.empty()
        : Optional.of("a VM of mode " + setup.mode().name() + " has no attribute to set");
  }

  private Optional<String> hostIo(HostUser user, ScriptToHostIo told) {
    boolean ofProcess = user.kind() == HostIoSetup.Kind.PROCESS || user.process().isPresent();
    if (ofProcess && setup.sharedElsewhere()) {
      return Optional.of(
          user.id()
              + " is of another process; in a trace of "
              + setup.revision().name()
              + " shared memory is the program's own");
    }
    return switch (told) {
      case ScriptToHostIo.SetAttributes _ -> attributes();
      case ScriptToHostIo.MapDma _, ScriptToHostIo.UnmapDma _, ScriptToHostIo.Dma _ ->
          Optional.of(user.id() + " is a device; traces have none: an io-uring pins as well");
      case ScriptToHostIo.CloseRing _ ->
          Optional.of("close-ring: when its pins go is left open, so no one answer follows");
      case ScriptToHostIo.PinSlow _ ->
          Optional.of("pin-slow: traces pin by pin_user_pages_fast; a pin has a word");
      case ScriptToHostIo.Pin _ when holdsShort(user) ->
          Optional.of("pin: in a trace pages stay pinned for io-uring alone");
      case ScriptToHostIo.Transfer _ when user.kind() != HostIoSetup.Kind.O_DIRECT ->
          Optional.of("nothing of a trace goes through pages that stay pinned");
      case ScriptToHostIo.Touch _,
          ScriptToHostIo.Unmap _,
          ScriptToHostIo.PunchHole _,
          ScriptToHostIo.Pin _,
          ScriptToHostIo.Transfer _,
          ScriptToHostIo.Unpin _ ->
          Optional.empty();
    };
  }

  private static boolean holdsShort(HostUser user) {
    return user.kind() == HostIoSetup.Kind.THREAD || user.kind() == HostIoSetup.Kind.PROCESS;
  }
}
