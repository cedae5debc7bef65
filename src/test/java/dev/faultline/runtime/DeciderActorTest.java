package dev.faultline.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.Behaviors;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import com.typesafe.config.ConfigFactory;
import dev.faultline.journal.JournalEntry.StepTaken;
import dev.faultline.protocol.Outcome;
import dev.faultline.protocol.Stimulus;
import dev.faultline.protocol.message.Endpoint;
import dev.faultline.protocol.message.TaskId;
import dev.faultline.scenario.Run;
import dev.faultline.testing.FakeScenarios;
import dev.faultline.world.Parties;
import dev.faultline.world.Schedule;
import dev.faultline.world.Step;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A single party as an actor, told what a switchboard would tell it. */
class DeciderActorTest {

  private static final Run START = Run.start(FakeScenarios.blockedByVfio(), new Schedule.Fifo());

  private ActorTestKit actors;
  private PersistenceTestKit journal;
  private TestProbe<Switchboard.Command> switchboard;

  @BeforeEach
  void start() {
    ActorSystem<Void> system =
        ActorSystem.create(
            Behaviors.empty(),
            "decider-actor-test",
            AkkaRun.setup(
                PersistenceTestKitPlugin.getInstance()
                    .config()
                    .withFallback(ConfigFactory.load())));
    actors = ActorTestKit.create(system);
    journal = PersistenceTestKit.create(system);
    switchboard = actors.createTestProbe(Switchboard.Command.class);
  }

  @AfterEach
  void stop() {
    actors.shutdownTestKit();
  }

  /** The first step of the VMM's script: it is told its first views. */
  private static StepTaken firstStep() {
    return START.take(new Step.Tick(Parties.VMM)).entry();
  }

  private static DeciderActor.Command.Take take(StepTaken entry) {
    return new DeciderActor.Command.Take(
        Optional.of(
            new Stimulus.Delivered<>(
                Endpoint.of(Parties.VMM), TaskId.NONE, entry.message().orElseThrow())),
        List.of(),
        0,
        entry);
  }

  private ActorRef<DeciderActor.Command> vmm() {
    return actors.spawn(
        DeciderActor.create(
            "vmm",
            Parties.VMM,
            Parties.of(START.scenario().setup()).get(Parties.VMM),
            switchboard.getRef()));
  }

  private Switchboard.Command.Recovered recovered() {
    return switchboard.expectMessageClass(Switchboard.Command.Recovered.class);
  }

  private void assertState(ActorRef<DeciderActor.Command> vmm, Run run) {
    vmm.tell(new DeciderActor.Command.TellState(switchboard.getRef()));
    switchboard.expectMessage(
        new Switchboard.Command.StateTold(Parties.VMM, run.world().state(Parties.VMM)));
  }

  @Test
  void a_step_that_is_journaled_already_is_not_taken_again() {
    ActorRef<DeciderActor.Command> vmm = vmm();
    assertThat(recovered().entries()).isEmpty();
    StepTaken entry = firstStep();
    vmm.tell(take(entry));
    switchboard.expectMessage(new Switchboard.Command.Journaled(entry));
    vmm.tell(take(entry));
    assertState(vmm, START.take(Run.turn(entry)).after());
    assertThat(journal.persistedInStorage("vmm")).isEqualTo(List.of(entry));

    actors.stop(vmm, Duration.ofSeconds(10));
    ActorRef<DeciderActor.Command> again = vmm();
    Switchboard.Command.Recovered recovered = recovered();
    assertThat(recovered.entries()).containsExactly(entry);
    assertThat(recovered.wrong()).isEmpty();
    again.tell(take(entry));
    assertState(again, START.take(Run.turn(entry)).after());
    assertThat(journal.persistedInStorage("vmm")).isEqualTo(List.of(entry));
  }

  @Test
  void a_decision_that_is_not_the_worlds_is_not_journaled() {
    ActorRef<DeciderActor.Command> vmm = vmm();
    assertThat(recovered().entries()).isEmpty();
    StepTaken entry = firstStep();
    StepTaken other =
        new StepTaken(
            entry.step(),
            entry.taken(),
            entry.party(),
            entry.id(),
            entry.message(),
            entry.events(),
            entry.sends(),
            new Outcome.Ignored("a test says so"),
            entry.properties(),
            entry.at());
    vmm.tell(take(other));
    switchboard.expectTerminated(vmm);
    switchboard.expectNoMessage(Duration.ZERO);
    assertThat(journal.persistedInStorage("vmm")).isEmpty();
  }

  @Test
  void a_party_that_cannot_follow_its_entries_tells_them_and_the_first_that_is_wrong() {
    StepTaken entry = firstStep();
    journal.persistForRecovery("vmm", List.of(entry, START.started(1), START.ended()));
    ActorRef<DeciderActor.Command> vmm = vmm();
    Switchboard.Command.Recovered recovered = recovered();
    assertThat(recovered.entries()).containsExactly(entry);
    assertThat(recovered.wrong().orElseThrow())
        .hasMessage("entry 0 of the journal is the world's, and lies with vmm");
    assertState(vmm, START.take(Run.turn(entry)).after());
  }
}
