package dev.faultline.protocol.anchor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.protocol.Decision;
import dev.faultline.protocol.Send;
import dev.faultline.protocol.Stimulus;
import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.memory.GfnRange;
import dev.faultline.protocol.memory.PfnRange;
import dev.faultline.protocol.message.Access;
import dev.faultline.protocol.message.AnchorToGmem;
import dev.faultline.protocol.message.AnchorToKvm;
import dev.faultline.protocol.message.Content;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.GmemToAnchor;
import dev.faultline.protocol.message.KvmToAnchor;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.protocol.message.ToAnchor;
import dev.faultline.scenario.Library;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.world.Parties;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a trust anchor answers in each state of a page, by the shipped tables. */
class AnchorDeciderTest {

  private static final GfnRange PAGE = new GfnRange(4, 5);
  private static final PfnRange FRAME = new PfnRange(4, 5);
  private static final Endpoint KVM = new Endpoint(Parties.KVM, new TaskId(1));
  private static final Endpoint GMEM = new Endpoint(Parties.GMEM, new TaskId(1));

  private final AnchorDecider anchor;
  private AnchorState state;

  AnchorDeciderTest() {
    anchor = decider("pkvm");
    state = anchor.initialState();
  }

  private static AnchorDecider decider(String name) {
    Problems problems = new Problems();
    Mode mode =
        ScenarioLoader.mode(
                new Library.OfFiles(Path.of("")), name, Position.ofFile("a test"), problems)
            .orElseThrow();
    return new AnchorDecider(
        new AnchorSetup(
            mode, List.of(new AnchorSetup.Inode(Parties.GMEM, PfnRange.ALL)), List.of()));
  }

  private List<Message> told(Endpoint from, ToAnchor message) {
    Decision<AnchorEvent> decision =
        (Decision<AnchorEvent>)
            anchor.decide(state, new Stimulus.Delivered<>(from, TaskId.NONE, message), _ -> false);
    for (AnchorEvent event : decision.events()) {
      state = anchor.evolve(state, event);
    }
    return decision.sends().stream().map(Send::message).toList();
  }

  /** What the caller is answered in the end, the inode taking whatever it is told. */
  private String answer(Endpoint from, ToAnchor message) {
    List<Message> sent = new ArrayList<>(told(from, message));
    while (sent.removeIf(it -> it instanceof AnchorToGmem.Guard)) {
      sent.addAll(told(GMEM, new GmemToAnchor.Guarded()));
    }
    assertThat(sent).hasSize(1);
    return switch (sent.getFirst()) {
      case AnchorToKvm.Refused refused -> refused.errno().name();
      case AnchorToGmem.Refused refused -> refused.errno().name();
      case AnchorToGmem.Retry retry -> retry.refused().map(Enum::name).orElse("again");
      case AnchorToKvm.NotPresent _ -> "fault";
      case AnchorToKvm.Fails fails -> fails.errno().name();
      default -> "ok";
    };
  }

  private String answer(String instruction) {
    return switch (instruction) {
      case "donate" -> answer(KVM, new KvmToAnchor.Instruct("donate", PAGE, List.of(FRAME)));
      case "reclaim" -> answer(GMEM, new GmemToAnchor.Instruct("reclaim", PAGE, List.of()));
      case "force-reclaim" ->
          answer(GMEM, new GmemToAnchor.KernelAccess(PAGE, FRAME, new Access.Load(), GMEM));
      case "load" -> answer(KVM, new KvmToAnchor.Translate(PAGE, new Access.Load()));
      default ->
          answer(
              KVM, new KvmToAnchor.Translate(PAGE, new Access.Instruct(instruction, Content.KEEP)));
    };
  }

  /** protocol.md 5.2; a guest hears invalid parameter whatever EL2 finds. */
  private static final List<String> PKVM =
      List.of(
          // state: donate, share, unshare, force-reclaim, reclaim, the guest's load
          ": ok fault EINVAL EAGAIN ok fault",
          "donate: ok ok EINVAL again ok ok",
          "donate share: ok EINVAL ok EAGAIN ok ok",
          "donate force-reclaim: EPERM EINVAL EINVAL EAGAIN ok EFAULT",
          "donate share unshare: ok ok EINVAL again ok ok",
          "donate reclaim: ok fault EINVAL EAGAIN ok fault");

  @Test
  void el2_answers_by_the_pair_of_owners() {
    List<String> found = new ArrayList<>();
    for (String row : PKVM) {
      String path = row.substring(0, row.indexOf(':'));
      StringBuilder answers = new StringBuilder(path + ":");
      for (String asked :
          List.of("donate", "share", "unshare", "force-reclaim", "reclaim", "load")) {
        state = anchor.initialState();
        for (String before : path.isEmpty() ? List.<String>of() : List.of(path.split(" "))) {
          answer(before);
        }
        answers.append(' ').append(answer(asked));
      }
      found.add(answers.toString());
    }
    assertThat(found).isEqualTo(PKVM);
  }

  @Test
  void a_call_is_answered_once_the_inode_has_taken_it_and_others_wait() {
    assertThat(told(KVM, new KvmToAnchor.Instruct("donate", PAGE, List.of(FRAME))))
        .containsExactly(new AnchorToGmem.Guard(List.of(FRAME), "owned", Content.KEEP));
    Access share = new Access.Instruct("share", Content.KEEP);
    assertThat(told(KVM, new KvmToAnchor.Translate(PAGE, share))).isEmpty();
    assertThat(state.queue()).hasSize(1);
    assertThat(told(GMEM, new GmemToAnchor.Guarded()))
        .containsExactly(
            new AnchorToKvm.Succeeded(),
            new AnchorToGmem.Guard(List.of(FRAME), "lent", Content.KEEP));
    assertThat(told(GMEM, new GmemToAnchor.Guarded()))
        .containsExactly(new AnchorToKvm.Translated(FRAME));
    assertThat(state.queue()).isEmpty();
    assertThat(state.pending()).isEmpty();
  }

  @Test
  void a_page_that_was_the_guests_alone_is_scrubbed_and_one_that_it_lent_is_not() {
    answer("donate");
    assertThat(told(GMEM, new GmemToAnchor.Instruct("reclaim", PAGE, List.of())))
        .containsExactly(new AnchorToGmem.Guard(List.of(FRAME), "absent", Content.ZERO));
    told(GMEM, new GmemToAnchor.Guarded());
    answer("donate");
    answer("share");
    assertThat(told(GMEM, new GmemToAnchor.Instruct("reclaim", PAGE, List.of())))
        .containsExactly(new AnchorToGmem.Done());
  }
}
