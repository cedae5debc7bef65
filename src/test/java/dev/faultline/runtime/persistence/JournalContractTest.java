package dev.faultline.runtime.persistence;

import static dev.faultline.runtime.persistence.JournalProbe.ALL;
import static dev.faultline.runtime.persistence.JournalProbe.PID;
import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.ActorRef;
import akka.persistence.DeleteMessagesFailure;
import akka.persistence.JournalProtocol.DeleteMessagesTo;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Akka's contract for journal plugins: each requirement of its TCK (JournalSpec of 2.8), and what
 * ours does. Those about what an event may be are tested by {@link JournalEventsTest}.
 *
 * <table>
 * <caption>Requirements</caption>
 * <tr><th>JournalSpec: a journal must</th><th>ours</th></tr>
 * <tr><td>replay all messages</td><td>does; but the writer's UUID comes back empty</td></tr>
 * <tr><td>replay using a lower sequence number bound</td><td>does</td></tr>
 * <tr><td>replay using an upper sequence number bound</td><td>does</td></tr>
 * <tr><td>replay using a count limit</td><td>does</td></tr>
 * <tr><td>replay using a lower and upper bound</td><td>does</td></tr>
 * <tr><td>replay using a lower and upper bound and a count limit</td><td>does</td></tr>
 * <tr><td>replay a single message if the bounds are equal</td><td>does</td></tr>
 * <tr><td>replay a single message if the count limit is 1</td><td>does</td></tr>
 * <tr><td>not replay if the count limit is 0</td><td>does not</td></tr>
 * <tr><td>not replay if the lower bound is greater than the upper</td><td>does not</td></tr>
 * <tr><td>not replay if nothing was written yet</td><td>does not, highest number 0</td></tr>
 * <tr><td>not replay permanently deleted messages</td><td>deletion fails as unsupported, and all
 *     is replayed</td></tr>
 * <tr><td>not reset the highest number after deletion</td><td>the same</td></tr>
 * <tr><td>not reset the highest number after cleanup</td><td>the same</td></tr>
 * <tr><th>optionally</th><th></th></tr>
 * <tr><td>reject non-serializable events</td><td>does: the others of a batch are written</td></tr>
 * <tr><td>serialize events</td><td>does</td></tr>
 * <tr><td>return metadata</td><td>rejects an event that has some</td></tr>
 * <tr><td>write several events atomically (persistAll)</td><td>rejects as unsupported, as the
 *     contract asks of a journal that cannot</td></tr>
 * </table>
 */
@Timeout(60)
class JournalContractTest {

  @TempDir Path folder;
  private JournalProbe journal;

  @BeforeEach
  void write_five_events() {
    journal = new JournalProbe(folder.resolve("journal.jsonl"));
    journal.start("create", "never");
    journal.write(1, 5, PID);
  }

  @AfterEach
  void stop() {
    journal.stop();
  }

  @Test
  void all_messages_are_replayed() {
    journal.expectReplay(1, ALL, ALL, 1, 2, 3, 4, 5);
    journal.expectReplay(0, ALL, ALL, 1, 2, 3, 4, 5);
  }

  @Test
  void messages_are_replayed_from_a_lower_bound() {
    journal.expectReplay(3, ALL, ALL, 3, 4, 5);
  }

  @Test
  void nothing_is_replayed_from_a_lower_bound_beyond_the_highest_number() {
    journal.expectReplay(6, ALL, ALL);
  }

  @Test
  void messages_are_replayed_to_an_upper_bound() {
    journal.expectReplay(1, 3, ALL, 1, 2, 3);
  }

  @Test
  void messages_are_replayed_up_to_a_count_limit() {
    journal.expectReplay(1, ALL, 3, 1, 2, 3);
  }

  @Test
  void messages_are_replayed_between_bounds() {
    journal.expectReplay(2, 3, ALL, 2, 3);
  }

  @Test
  void messages_are_replayed_between_bounds_up_to_a_count_limit() {
    journal.expectReplay(2, 5, 2, 2, 3);
  }

  @Test
  void a_single_message_is_replayed_if_the_bounds_are_equal() {
    journal.expectReplay(2, 2, ALL, 2);
  }

  @Test
  void a_single_message_is_replayed_if_the_count_limit_is_one() {
    journal.expectReplay(2, 4, 1, 2);
  }

  @Test
  void nothing_is_replayed_if_the_count_limit_is_zero() {
    journal.expectReplay(2, 4, 0);
  }

  @Test
  void nothing_is_replayed_if_the_lower_bound_is_above_the_upper() {
    journal.expectReplay(3, 2, ALL);
  }

  @Test
  void nothing_is_replayed_of_who_has_written_nothing() {
    journal.askReplay("nobody", 0, ALL, ALL);
    journal.expectRecovered(0);
  }

  @Test
  void deletion_fails_as_unsupported_and_nothing_is_forgotten() {
    for (long to : new long[] {3, ALL}) {
      journal
          .plugin()
          .tell(new DeleteMessagesTo(PID, to, journal.probe().getRef()), ActorRef.noSender());
      DeleteMessagesFailure failure = journal.probe().expectMsgClass(DeleteMessagesFailure.class);
      assertThat(failure.toSequenceNr()).isEqualTo(to);
      assertThat(failure.cause())
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessage("a journal of a world is never deleted from");
      journal.expectReplay(0, ALL, ALL, 1, 2, 3, 4, 5);
    }
  }
}
