package dev.faultline.protocol.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.protocol.Decision;
import dev.faultline.protocol.Stimulus;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.Page;
import dev.faultline.protocol.memory.RangeMap;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.KvmToGuest;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.ScriptToGuest;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.TdvmcallStatus;
import dev.faultline.protocol.message.ToGuest;
import dev.faultline.protocol.message.ToScript;
import dev.faultline.protocol.message.View;
import dev.faultline.testing.FakeDesigns;
import dev.faultline.testing.FakeScenarios;
import dev.faultline.world.Parties;
import java.util.List;
import org.junit.jupiter.api.Test;

/** tdx_map_gpa does not trust what R11 says. */
class GuestDeciderTest {

  private static final GfnRange WHOLE = new GfnRange(0, 16);

  private final GuestDecider guest =
      new GuestDecider(
          FakeScenarios.GUEST,
          Parties.KVM,
          FakeDesigns.guest(),
          FakeDesigns.tdx(),
          RangeMap.of(WHOLE, View.PRIVATE));
  private GuestState state = guest.initialState();

  private List<Message> told(ToGuest message) {
    Decision<GuestEvent> decision =
        (Decision<GuestEvent>)
            guest.decide(
                state,
                new Stimulus.Delivered<>(Endpoint.of(Parties.KVM), TaskId.NONE, message),
                _ -> false);
    for (GuestEvent event : decision.events()) {
      state = guest.evolve(state, event);
    }
    return decision.sends().stream().map(send -> send.message()).toList();
  }

  private static KvmToGuest retryAt(long page) {
    return new KvmToGuest.MapGpaReturned(TdvmcallStatus.RETRY, page * Page.BYTES);
  }

  @Test
  void a_retry_below_where_the_last_call_began_ends_the_conversion() {
    told(new ScriptToGuest.Convert(WHOLE, View.SHARED));
    told(retryAt(8));
    assertThat(told(retryAt(4))).containsExactly(new ToScript.Answered(Result.failed(Errno.EIO)));
  }
}
