package dev.faultline.scenario;

import dev.faultline.journal.Source;
import dev.faultline.property.Properties;
import dev.faultline.property.Property;
import dev.faultline.property.expression.Promise;
import dev.faultline.world.Schedule;
import dev.faultline.world.Step;
import dev.faultline.world.WorldSetup;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A scenario, with the designs that it names.
 *
 * @param name by which it was found: tdx/good-no-op-conversion
 * @param file its file's name as positions are printed: good-no-op-conversion.yaml
 * @param story what happens, in prose
 * @param setup the world
 * @param expected how lines of scripts end, by their names
 * @param expectations of the run as a whole
 * @param promises that the scenario states beside those of the protocol
 * @param schedule the schedule that the scenario asks for, unless the command line says another
 * @param seed likewise
 * @param recorded the steps of the recorded schedule; none where it asks for another one
 * @param sources the texts that all this was read from, the scenario first
 */
public record Scenario(
    String name,
    String file,
    String story,
    WorldSetup setup,
    SortedMap<String, Expected> expected,
    List<Expectation> expectations,
    List<Promise> promises,
    ScheduleKind schedule,
    long seed,
    List<RecordedStep> recorded,
    List<Source> sources) {

  public Scenario {
    expected = Collections.unmodifiableSortedMap(new TreeMap<>(expected));
    expectations = List.copyOf(expectations);
    promises = List.copyOf(promises);
    recorded = List.copyOf(recorded);
    sources = List.copyOf(sources);
  }

  /** A scenario without recorded steps. */
  public Scenario(
      String name,
      String file,
      String story,
      WorldSetup setup,
      SortedMap<String, Expected> expected,
      List<Expectation> expectations,
      List<Promise> promises,
      ScheduleKind schedule,
      long seed,
      List<Source> sources) {
    this(
        name,
        file,
        story,
        setup,
        expected,
        expectations,
        promises,
        schedule,
        seed,
        List.of(),
        sources);
  }

  /** What is checked in every state: the protocol's properties, then its own. */
  public List<Property> properties() {
    List<Property> properties = new ArrayList<>(Properties.ALL);
    promises.forEach(promise -> promise.property().ifPresent(properties::add));
    return properties;
  }

  /** The schedules that a run can be given. */
  public enum ScheduleKind {
    FIFO,
    RANDOM,
    /** The steps that the scenario says, and no others. */
    RECORDED
  }

  /**
   * A step that a scenario says.
   *
   * @param line where it stands in the scenario's file, from 1
   */
  public record RecordedStep(Step step, int line) {}

  /** The schedule that the scenario asks for. */
  public Schedule ownSchedule() {
    return schedule(schedule, seed);
  }

  /** A schedule of a kind; the seed says nothing but to the random one. */
  public Schedule schedule(ScheduleKind kind, long usedSeed) {
    return switch (kind) {
      case FIFO -> new Schedule.Fifo();
      case RANDOM -> new Schedule.Random(usedSeed);
      case RECORDED -> new Schedule.Recorded(recorded.stream().map(RecordedStep::step).toList());
    };
  }
}
