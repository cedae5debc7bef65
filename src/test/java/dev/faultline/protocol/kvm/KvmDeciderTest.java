package dev.faultline.protocol.kvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.protocol.Decision;
import dev.faultline.protocol.Send;
import dev.faultline.protocol.Stimulus;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.KvmToProcess;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.protocol.message.ProcessToKvm;
import dev.faultline.protocol.message.Result;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.View;
import dev.faultline.testing.Stories;
import dev.faultline.world.Parties;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KvmDeciderTest {

  private static final Endpoint VMM = Endpoint.of(PartyId.of(PartyKind.VMM, "vmm"));

  @TempDir Path folder;

  private KvmDecider kvm(String revision) {
    return (KvmDecider)
        Parties.of(
                new Stories(folder)
                    .scenario(
                        """
                        story: None.
                        mode: tdx
                        revision: %s
                        memory: {size: 4 KiB}
                        script:
                          vmm: [{punch-hole: 0..4 KiB}]
                        """
                            .formatted(revision))
                    .setup())
            .get(Parties.KVM);
  }

  private static Decision<KvmEvent> set(KvmDecider kvm, long address, long size, View view) {
    return (Decision<KvmEvent>)
        kvm.decide(
            kvm.initialState(),
            new Stimulus.Delivered<>(
                VMM, TaskId.NONE, new ProcessToKvm.SetMemoryAttributes(address, size, view)),
            _ -> false);
  }

  private static List<Message> answers(Decision<KvmEvent> decision) {
    return decision.sends().stream().<Message>map(Send::message).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 4096, PRIVATE, EINVAL",
    "0, 4096, SHARED, ",
    "0, 0, SHARED, EINVAL",
    "1, 4096, SHARED, EINVAL",
    "-4096, 8192, SHARED, EINVAL"
  })
  void a_VM_whose_attributes_are_the_files_knows_no_attribute(
      long address, long size, View view, Errno errno) {
    assertThat(answers(set(kvm("in-place-v8"), address, size, view)))
        .containsExactly(
            new KvmToProcess.AttributesSet(errno == null ? Result.ok() : Result.failed(errno)));
  }

  @Test
  void a_VMs_attributes_may_cover_frames_without_a_slot() {
    Decision<KvmEvent> decision = set(kvm("rfc-2024-09"), 1L << 62, 1L << 62, View.PRIVATE);
    assertThat(decision.events()).hasSize(1);
    assertThat(answers(set(kvm("rfc-2024-09"), -4096, 8192, View.PRIVATE)))
        .containsExactly(new KvmToProcess.AttributesSet(Result.failed(Errno.EINVAL)));
  }
}
