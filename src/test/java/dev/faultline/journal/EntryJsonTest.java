package dev.faultline.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.protocol.message.PartyKind;
import dev.faultline.scenario.Library;
import dev.faultline.scenario.Run;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.world.Schedule;
import dev.faultline.world.Step;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class EntryJsonTest {

  static List<String> scenarios() {
    return new Library.OfFiles(Path.of("")).names(Source.Kind.SCENARIO);
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void every_entry_of_a_run_reads_back_as_it_was_written(String name) throws Exception {
    Problems problems = new Problems();
    Scenario scenario =
        ScenarioLoader.load(
                new Library.OfFiles(Path.of("")), name, ScenarioLoader.Overrides.NONE, problems)
            .orElseThrow();
    Run run = Run.start(scenario, new Schedule.Fifo());
    JournalEntry started = run.started(1);
    assertThat(EntryJson.read(EntryJson.write(started))).isEqualTo(started);
    for (Optional<Step> next = run.next(); next.isPresent(); next = run.next()) {
      Run.Taken taken = run.take(next.get());
      String json = EntryJson.write(taken.entry());
      assertThat(EntryJson.read(json)).isEqualTo(taken.entry());
      assertThat(EntryJson.write(EntryJson.read(json))).isEqualTo(json);
      run = taken.after();
    }
    assertThat(EntryJson.read(EntryJson.write(run.ended()))).isEqualTo(run.ended());
  }

  @Test
  void every_record_that_an_entry_can_hold_reads_back_as_it_was_written() throws Exception {
    Samples samples = new Samples();
    for (Object sample : samples.of(JournalEntry.class)) {
      JournalEntry entry = (JournalEntry) sample;
      String json = EntryJson.write(entry);
      assertThat(json).doesNotContain("\n");
      JournalEntry read = EntryJson.read(json);
      assertThat(read).as(json).isEqualTo(entry);
      assertThat(EntryJson.write(read)).isEqualTo(json);
    }
    assertThat(samples.met()).containsAll(EntryJson.leaves());
  }

  private static final String ENDED =
      "{'type':'WorldEnded','step':8,'steps':7,'asExpected':true,'verdict':'as expected'}";
  private static final String TAKEN =
      "{'type':'StepTaken','step':1,'taken':{'type':'Advance','party':'gmem','task':2,"
          + "'alternative':0},'party':'gmem','events':[],'sends':[],"
          + "'outcome':{'type':'Done'},'properties':[]}";

  private static JournalEntry read(String json) throws Exception {
    return EntryJson.read(json.replace('\'', '"'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'verdict'            | 'more':1,'verdict'       | Unrecognized field \"more\"",
        "'steps':7,           | ~~                       | Cannot map `null`",
        "'steps':7            | 'steps':null             | Cannot map `null`",
        "'steps':7            | 'steps':7.5              | 7.5",
        "'steps':7            | 'steps':'7'              | String value (\"7\")",
        "'asExpected':true    | 'asExpected':1           | Integer value (1)",
        "'asExpected':true    | 'asExpected':'true'      | String value (\"true\")",
        "'as expected'        | 7                        | Integer value (7)",
        ",'verdict':'as expected' | ~~                   | verdict",
        "'verdict'            | 'steps':7,'verdict'      | Duplicate field 'steps'",
        "'type':'WorldEnded', | ~~                       | missing type id property 'type'",
        "WorldEnded           | java.lang.Runtime        | 'java.lang.Runtime'",
        "}                    | }}                       | Unexpected close marker",
        "}                    | } 1                      | Trailing token",
      })
  void an_ended_entry_with_one_mistake_is_refused(String is, String becomes, String told)
      throws Exception {
    assertThat(read(ENDED)).isEqualTo(new JournalEntry.WorldEnded(8, 7, true, "as expected"));
    refused(ENDED, is, becomes, told);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'task':2        | 'task':2.5                 | VALUE_NUMBER_FLOAT",
        "'task':2        | 'task':'2'                 | VALUE_STRING",
        "'task':2        | 'task':null                | task",
        "'task':2        | 'task':-1                  | task number -1 is negative",
        "'task':2        | 'task':4294967296          | overflow",
        "'party':'gmem', | ~~                         | party",
        "'party':'gmem'  | 'party':7                  | party",
        "'party':'gmem'  | 'party':''                 | a party needs a name",
        "'party':'gmem'  | 'party':{'a':1}            | party",
        "'events':[],    | ~~                         | events",
        "'events':[]     | 'events':[null]            | events",
        "{'type':'Done'} | {'type':'Deliver'}         | 'Deliver'",
        "'properties'    | 'id':'9','properties'      | 9",
        "'properties'    | 'id':'x.1','properties'    | x",
        "'properties'    | 'id':'09.1','properties'   | 09.1",
      })
  void a_step_with_one_mistake_is_refused(String is, String becomes, String told) throws Exception {
    assertThat(EntryJson.write(read(TAKEN))).isEqualTo(TAKEN.replace('\'', '"'));
    refused(TAKEN, is, becomes, told);
  }

  private static void refused(String json, String is, String becomes, String told) {
    String broken = json.replaceFirst(Pattern.quote(is), Matcher.quoteReplacement(becomes));
    assertThat(broken).isNotEqualTo(json);
    assertThatThrownBy(() -> read(broken))
        .isInstanceOf(JsonProcessingException.class)
        .hasMessageContaining(told);
  }

  @Test
  void a_party_whose_kind_its_name_does_not_tell_is_not_written() {
    for (PartyId party :
        List.of(
            PartyId.of(PartyKind.HOST_IO, "gmem"),
            PartyId.of(PartyKind.HOST_IO, "disk-memory"),
            PartyId.of(PartyKind.HOST_IO, "vcpu/1"),
            PartyId.of(PartyKind.HOST_IO, "a#1"),
            PartyId.of(PartyKind.HOST_MEMORY, "vmm"))) {
      JournalEntry entry =
          new JournalEntry.WorldStarted(1, "story", "fifo", 1, List.of(party), List.of());
      assertThatThrownBy(() -> EntryJson.write(entry))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("an entry that cannot be written");
    }
  }
}
