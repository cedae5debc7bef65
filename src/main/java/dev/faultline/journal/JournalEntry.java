package dev.faultline.journal;

import dev.faultline.property.Monitor;
import dev.faultline.protocol.Event;
import dev.faultline.protocol.Outcome;
import dev.faultline.protocol.Send;
import dev.faultline.protocol.message.Message;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.world.MessageId;
import dev.faultline.world.Step;
import java.util.List;
import java.util.Optional;

/** A line of a journal. Entries 1..n are the steps of the run, in order and without a gap. */
public sealed interface JournalEntry {

  /** The version of the format; a reader refuses another. */
  int FORMAT = 1;

  /** The number of the entry: 0 for the first. */
  long step();

  /**
   * The first entry: all that the run was made from.
   *
   * @param format see {@link #FORMAT}
   * @param scenario its name, for instance tdx/good-no-op-conversion
   * @param schedule fifo, random, or recorded: the steps that the scenario says
   * @param seed of the schedule
   * @param parties in their order
   * @param sources the files, the scenario first; a design that builds on others comes with them
   */
  record WorldStarted(
      int format,
      String scenario,
      String schedule,
      long seed,
      List<PartyId> parties,
      List<Source> sources)
      implements JournalEntry {

    public WorldStarted {
      parties = List.copyOf(parties);
      sources = List.copyOf(sources);
    }

    @Override
    public long step() {
      return 0;
    }
  }

  /**
   * A step.
   *
   * @param step its number, from 1
   * @param taken the step itself
   * @param party who decided
   * @param id of the delivered message; its first number is the step that caused it
   * @param message what the party was told, by a peer or by its script
   * @param properties what this step did to the promises
   * @param at the scenario's line that started it, as file:line
   */
  record StepTaken(
      long step,
      Step taken,
      PartyId party,
      Optional<MessageId> id,
      Optional<Message> message,
      List<Event> events,
      List<Send> sends,
      Outcome outcome,
      List<Monitor.Change> properties,
      Optional<String> at)
      implements JournalEntry {

    public StepTaken {
      events = List.copyOf(events);
      sends = List.copyOf(sends);
      properties = List.copyOf(properties);
    }
  }

  /**
   * The last entry of a finished run.
   *
   * @param step one more than the last step
   * @param steps how many were taken
   * @param asExpected every expectation was met, and no promise broken but those that were to break
   * @param verdict in a line
   */
  record WorldEnded(long step, long steps, boolean asExpected, String verdict)
      implements JournalEntry {}
}
