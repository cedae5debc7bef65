package dev.faultline.world;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.journal.Samples;
import dev.faultline.protocol.Decider;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.PartyState;
import dev.faultline.protocol.Stimulus;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.ToAnchor;
import dev.faultline.protocol.message.ToGmem;
import dev.faultline.protocol.message.ToGuest;
import dev.faultline.protocol.message.ToHostIo;
import dev.faultline.protocol.message.ToHostMemory;
import dev.faultline.protocol.message.ToIommu;
import dev.faultline.protocol.message.ToKvm;
import dev.faultline.protocol.message.ToVmm;
import dev.faultline.scenario.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.testing.Stories;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a peer sends, and whenever, a party decides; it never throws. */
class AnyMessageTest {

  private static Class<? extends Message> told(PartyKind kind) {
    return switch (kind) {
      case GUEST -> ToGuest.class;
      case VMM -> ToVmm.class;
      case KVM -> ToKvm.class;
      case GMEM -> ToGmem.class;
      case ANCHOR -> ToAnchor.class;
      case IOMMU -> ToIommu.class;
      case HOST_MEMORY -> ToHostMemory.class;
      case HOST_IO -> ToHostIo.class;
    };
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tdx/good-blocked-by-vfio-then-retried",
        "tdx/good-o-direct-in-flight",
        "tdx/bad-fault-races-conversion-without-lock",
        "tdx/bad-refused-call-destroys-content",
        "sw-protected/good-closed-ring-holds-on",
        "sw-protected/good-guest-meets-conversion"
      })
  void every_message_at_every_point_of_a_story_is_decided(String story) {
    Scenario scenario = Stories.load(story, ScenarioLoader.Overrides.NONE);
    Run run = Run.start(scenario, new Schedule.Random(1));
    Set<String> thrown = new LinkedHashSet<>();
    Set<Object> seen = new LinkedHashSet<>();
    for (Optional<Step> next = run.next(); next.isPresent(); next = run.next()) {
      run = run.take(next.get()).after();
      for (var party : Parties.of(scenario.setup()).entrySet()) {
        PartyState state = run.world().state(party.getKey());
        if (seen.add(state)) {
          tellAll(party.getKey(), party.getValue(), state, thrown);
        }
      }
    }
    assertThat(thrown).isEmpty();
    assertThat(seen).hasSizeGreaterThan(40);
  }

  @SuppressWarnings("unchecked") // a party's own state, and messages of the type it is told
  private static void tellAll(
      PartyId party,
      Decider<?, ? extends Message, ? extends Event> decider,
      PartyState state,
      Set<String> thrown) {
    Decider<PartyState, Message, Event> any = (Decider<PartyState, Message, Event>) decider;
    List<Endpoint> senders = new ArrayList<>();
    for (PartyId peer :
        List.of(Parties.GMEM, Parties.KVM, Parties.VMM, PartyId.of(PartyKind.GUEST, "guest"))) {
      senders.add(Endpoint.of(peer));
    }
    for (Object message : new Samples().of(told(party.kind()))) {
      for (Endpoint from : senders) {
        for (TaskId to : List.of(TaskId.NONE, new TaskId(1), new TaskId(2), new TaskId(3))) {
          try {
            any.decide(state, new Stimulus.Delivered<>(from, to, (Message) message), _ -> false);
          } catch (RuntimeException failure) {
            thrown.add(
                party.kind()
                    + " "
                    + message.getClass().getSimpleName()
                    + ": "
                    + failure
                    + " at "
                    + failure.getStackTrace()[0]
                    + " "
                    + failure.getStackTrace()[1]);
          }
        }
      }
    }
  }
}
