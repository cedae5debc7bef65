package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.testing.ForgedJournal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What each command says of a journal that somebody changed, with the checksums of its lines made
 * anew: bad input where a line cannot be ours, otherwise that it is decided otherwise now.
 */
class ForgedJournalsTest {

  private static final String STORY = "tdx/good-no-op-conversion";

  @TempDir Path folder;

  private record Answer(int exitCode, String out, String err) {}

  private static Answer faultline(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode = Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
    return new Answer(exitCode, out.toString(), err.toString());
  }

  private static ForgedJournal golden() throws Exception {
    return ForgedJournal.of(STORY);
  }

  /** Every command that reads a journal says the same of this one, and none changes it. */
  private void refused(ForgedJournal journal, int line, String told) throws Exception {
    Path file = journal.write(folder.resolve("journal.jsonl"));
    byte[] before = Files.readAllBytes(file);
    for (List<String> command :
        List.of(
            List.of("replay", file.toString()),
            List.of("show", file.toString()),
            List.of("why", file.toString(), "--page", "512"),
            List.of("run", "--quiet", "--resume", file.toString()))) {
      assertThat(faultline(command.toArray(String[]::new)))
          .as("%s", command)
          .isEqualTo(new Answer(2, "", file + ":" + line + ": " + told + "\n"));
    }
    assertThat(file).hasBinaryContent(before);
  }

  /** Replay and resume tell the same difference, and no byte is written. */
  private void diverges(ForgedJournal journal, String told) throws Exception {
    Path file = journal.write(folder.resolve("journal.jsonl"));
    byte[] before = Files.readAllBytes(file);
    assertThat(faultline("replay", file.toString())).isEqualTo(new Answer(4, told, ""));
    assertThat(faultline("run", "--resume", file.toString())).isEqualTo(new Answer(4, told, ""));
    assertThat(faultline("run", "--quiet", "--resume", file.toString()))
        .isEqualTo(new Answer(4, "", told));
    assertThat(file).hasBinaryContent(before);
    Files.delete(file);
  }

  @Test
  void a_golden_journal_is_identical_and_ends_again() throws Exception {
    Path file = golden().write(folder.resolve("journal.jsonl"));
    assertThat(faultline("replay", file.toString()).out).startsWith("identical: ");
    assertThat(faultline("run", "--quiet", "--resume", file.toString()))
        .isEqualTo(new Answer(0, "", ""));
  }

  // The first entry.

  @Test
  void a_source_that_does_not_fit_its_sha256_is_bad_input() throws Exception {
    String sha256 = golden().line(1).replaceFirst(".*?\"sha256\":\"([0-9a-f]+)\".*", "$1");
    String changed = "f".repeat(64);
    refused(
        golden().with(1, sha256, changed),
        1,
        "scenario \""
            + STORY
            + "\" was changed: its sha256 is "
            + sha256
            + ", not \""
            + "f".repeat(39)
            + "...");
  }

  @Test
  void a_source_whose_text_was_changed_is_bad_input() throws Exception {
    Path file =
        golden()
            .with(1, "retries-without-progress: 3", "retries-without-progress: 4")
            .write(folder.resolve("journal.jsonl"));
    Answer replayed = faultline("replay", file.toString());
    assertThat(replayed.exitCode).isEqualTo(2);
    assertThat(replayed.err)
        .startsWith(file + ":1: guest \"linux-tdx\" was changed: its sha256 is ");
  }

  @Test
  void an_unknown_schedule_is_bad_input() throws Exception {
    refused(
        golden().with(1, "\"schedule\":\"fifo\"", "\"schedule\":\"lifo\""),
        1,
        "unknown schedule \"lifo\"; expected fifo, random or recorded");
  }

  @Test
  void parties_that_are_not_those_of_the_scenario_differ() throws Exception {
    diverges(
        golden().with(1, "[\"guest\",\"vmm\",", "[\"vmm\",\"guest\","),
        """
        differs at the first entry
          party 1
            journal   vmm
            now       guest
          party 2
            journal   guest
            now       vmm
        """);
    diverges(
        golden().with(1, ",\"nic\"]", "]"),
        """
        differs at the first entry
          party 8
            journal   -
            now       nic
        """);
  }

  @Test
  void a_seed_is_the_scenarios_under_fifo() throws Exception {
    diverges(
        golden().with(1, "\"seed\":1", "\"seed\":2"),
        """
        differs at the first entry
          seed
            journal   2
            now       1
        """);
  }

  @Test
  void another_name_of_the_run_differs() throws Exception {
    diverges(
        golden().with(1, "\"scenario\":\"" + STORY, "\"scenario\":\"tdx/another"),
        """
        differs at the first entry
          scenario
            journal   tdx/another
            now       tdx/good-no-op-conversion
        """);
  }

  @Test
  void another_seed_of_a_random_run_differs_where_it_picks_another_step() throws Exception {
    Path random = folder.resolve("random");
    assertThat(
            faultline(
                "run",
                "--quiet",
                "--schedule",
                "random",
                "--seed",
                "4",
                "--journal",
                random.toString(),
                "tdx/good-blocked-by-vfio-then-retried"))
        .isEqualTo(new Answer(0, "", ""));
    Path file =
        ForgedJournal.read(random.resolve("journal.jsonl"))
            .with(1, "\"seed\":4", "\"seed\":5")
            .write(folder.resolve("journal.jsonl"));
    Answer replayed = faultline("replay", file.toString());
    assertThat(replayed.exitCode).isEqualTo(4);
    assertThat(replayed.out)
        .startsWith("differs at step ")
        .containsPattern("\n  the schedule takes another step\n    journal   .*\n    now       ");
    assertThat(faultline("run", "--resume", file.toString())).isEqualTo(replayed);
  }

  // Steps, and the end.

  @Test
  void a_step_that_is_decided_otherwise_differs() throws Exception {
    diverges(
        golden().with(3, "\"waiting\":false", "\"waiting\":true"),
        faultline("replay", firstWaiting().toString()).out);
  }

  private Path firstWaiting() throws Exception {
    return golden()
        .with(3, "\"waiting\":false", "\"waiting\":true")
        .write(folder.resolve("waiting.jsonl"));
  }

  @Test
  void the_last_entry_shows_the_member_that_differs() throws Exception {
    long steps = golden().lines() - 2;
    diverges(
        golden().withLast("\"asExpected\":true", "\"asExpected\":false"),
        """
        differs at the end, all steps are the same
          as expected
            journal   false
            now       true
        """);
    diverges(
        golden().withLast("\"steps\":" + steps, "\"steps\":7"),
        """
        differs at the end, all steps are the same
          steps
            journal   7
            now       %d
        """
            .formatted(steps));
    diverges(
        golden().withLast("as expected", "as I like it"),
        """
        differs at the end, all steps are the same
          verdict
            journal   as I like it
            now       as expected
        """);
  }

  @Test
  void an_end_where_the_run_goes_on_differs() throws Exception {
    String end =
        "{\"pid\":\"world\",\"nr\":2,\"entry\":{\"type\":\"WorldEnded\",\"step\":10,\"steps\":9,"
            + "\"asExpected\":true,\"verdict\":\"as expected\"}}";
    diverges(
        golden().cutTo(10).and(end),
        """
        differs at the end, all steps are the same
          end
            journal   after step 9
            now       step 10 can be taken
        """);
  }

  // Lines that cannot be ours.

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        // What a line is keyed by.
        "'pid':'vmm'   | 'pid':'kvm'      | 'pid' is 'kvm'; the entry is of 'vmm'",
        "'nr':1        | 'nr':3           | 'nr' is 3; the entry is number 1 of 'vmm'",
        "'nr':1        | 'nr':'1'         | no entry of a world: expected a sequence number as"
            + " 'nr'",
        "'pid':'vmm'   | 'pad':'vmm'      | no entry of a world: expected 'pid' first",
        "'entry':      | 'entri':         | no entry of a world: expected 'entry' or 'payload'",
        // Twice, or nowhere.
        "'step':1      | 'step':1,'step':2 | no entry of a world: member 'step' is there twice",
        "'type':'Done' | 'type':'Done','type':'Done' | no entry of a world: member 'type' is there"
            + " twice",
        "'nr':1        | 'nr':1,'nr':2    | no entry of a world: member 'nr' is there twice",
        "'step':1,     | ~~               | no entry of a world: member 'entry.step' is missing",
        "'party':'vmm','message' | 'message' | no entry of a world: member 'entry.party' is"
            + " missing",
        "'type':'Done' | ~~               | no entry of a world: member 'entry.outcome.type' is"
            + " missing",
        "'step':1      | 'more':7,'step':1 | no entry of a world: member 'entry.more' is unknown",
        // Otherwise than expected.
        "'step':1      | 'step':'1'       | no entry of a world: member 'entry.step': expected a"
            + " whole number, found '1'",
        "'step':1      | 'step':1.5       | no entry of a world: member 'entry.step': expected a"
            + " whole number, found 1.5",
        "'step':1      | 'step':99999999999999999999 | no entry of a world: member 'entry.step':"
            + " expected a whole number, found 99999999999999999999",
        "'step':1      | 'step':null      | no entry of a world: member 'entry.step': expected a"
            + " whole number, found null",
        "'range':'512..1023' | 'range':'x' | no entry of a world: member 'entry.message.range':"
            + " expected a range such as 512..767, found 'x'",
        "'view':'SHARED' | 'view':'Shared' | no entry of a world: member 'entry.message.view':"
            + " expected PRIVATE or SHARED, found 'Shared'",
        "'type':'Done' | 'type':'dOne'    | no entry of a world: member 'entry.outcome.type':"
            + " expected Done, Refused, Signalled or Ignored, found 'dOne'",
        "'type':'ScriptToVmm.SetFirstView' | 'type':'java.lang.String' | no entry of a world:"
            + " member 'entry.message.type': expected the name of a Message, found"
            + " 'java.lang.String'",
        "'id':1        | 'id':-1          | no entry of a world: member 'entry.events[0].id':"
            + " expected a task number, found -1",
        "'events':[{   | 'events':7,'x':[{ | no entry of a world: member 'entry.events': expected a"
            + " list, found 7",
        "'outcome':{'type':'Done'} | 'outcome':[] | no entry of a world: member 'entry.outcome':"
            + " expected an object, found []",
        "'gaveBack':false | 'gaveBack':0  | no entry of a world: member"
            + " 'entry.events[0].task.gaveBack': expected true or false, found 0",
        "'properties':[] | 'properties':[null] | no entry of a world: member 'entry.properties[0]':"
            + " expected an object, found null",
        "'outcome':{   | 'outcome':{{     | no entry of a world: no JSON from column 863 on",
      })
  void a_line_that_cannot_be_ours_is_bad_input(String is, String becomes, String told)
      throws Exception {
    refused(golden().with(2, quotes(is), quotes(becomes)), 2, quotes(told));
  }

  private static String quotes(String text) {
    return text.replace('\'', '"');
  }
}
