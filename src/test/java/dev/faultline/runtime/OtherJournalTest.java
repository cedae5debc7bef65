package dev.faultline.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.faultline.scenario.Library;
import dev.faultline.scenario.Scenario;
import dev.faultline.scenario.ScenarioLoader;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.world.Schedule;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Any other journal plugin can be set in application.conf: here akka-persistence-jdbc on H2, with a
 * run that is cut in the middle, resumed, and exported as the file our own plugin writes.
 */
class OtherJournalTest {

  @TempDir Path folder;

  private String url() {
    return "jdbc:h2:file:"
        + folder.resolve("journal").toAbsolutePath()
        + ";DATABASE_TO_UPPER=false";
  }

  private Config config() {
    return AkkaRun.inWorld("story")
        .withFallback(
            ConfigFactory.parseString(
                """
                akka.persistence.journal.plugin = jdbc-journal
                jdbc-journal.slick = ${slick}
                slick {
                  profile = "slick.jdbc.H2Profile$"
                  db { url = "%s", user = sa, password = "", driver = org.h2.Driver, numThreads = 2,
                       maxConnections = 2, minConnections = 1 }
                }
                """
                    .formatted(url())))
        .withFallback(ConfigFactory.load())
        .resolve();
  }

  private void sql(String script) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url(), "sa", "");
        Statement statement = connection.createStatement()) {
      statement.execute(script);
    }
  }

  private long count() throws SQLException {
    try (Connection connection = DriverManager.getConnection(url(), "sa", "");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("select count(*) from \"event_journal\"")) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static Scenario scenario() {
    Problems problems = new Problems();
    return ScenarioLoader.load(
            new Library.OfFiles(Path.of("")),
            "tdx/good-io-uring-fixed-buffer",
            ScenarioLoader.Overrides.NONE,
            problems)
        .orElseThrow();
  }

  @Test
  void a_run_in_a_database_is_cut_resumed_and_exported() throws Exception {
    try (InputStream schema = getClass().getResourceAsStream("/schema/h2/h2-create-schema.sql")) {
      sql(new String(schema.readAllBytes(), StandardCharsets.UTF_8));
    }
    Scenario scenario = scenario();
    Schedule schedule = new Schedule.Fifo();
    assertThat(AkkaRun.run(scenario, schedule, 1, config())).isInstanceOf(RunResult.Ended.class);
    long whole = count();
    assertThat(whole).isGreaterThan(100);

    // As if the laboratory had been killed after half of the entries.
    sql("delete from \"event_journal\" where \"ordering\" > " + whole / 2);
    assertThat(count()).isEqualTo(whole / 2);
    RunResult resumed = AkkaRun.run(scenario, schedule, 1, config());
    assertThat(resumed)
        .isInstanceOfSatisfying(
            RunResult.Ended.class, ended -> assertThat(ended.recovered()).isEqualTo(whole / 2 - 1));
    assertThat(count()).isEqualTo(whole);

    Path exported = folder.resolve("story.jsonl");
    assertThat(JournalExport.export(config(), "story", exported))
        .isEqualTo(new JournalExport.Result.Written(whole));
    Path ours = folder.resolve("ours.jsonl");
    AkkaRun.run(scenario, schedule, 1, new AkkaRun.JournalAt(ours, false, "never"));
    assertThat(Files.readString(exported)).isEqualTo(Files.readString(ours));

    assertThat(JournalExport.export(config(), "another", folder.resolve("x.jsonl")))
        .isEqualTo(new JournalExport.Result.NoSuchRun());
  }

  @Test
  void a_run_in_a_database_that_was_tampered_with_is_neither_resumed_nor_exported()
      throws Exception {
    try (InputStream schema = getClass().getResourceAsStream("/schema/h2/h2-create-schema.sql")) {
      sql(new String(schema.readAllBytes(), StandardCharsets.UTF_8));
    }
    Schedule schedule = new Schedule.Fifo();
    assertThat(AkkaRun.run(scenario(), schedule, 1, config())).isInstanceOf(RunResult.Ended.class);
    // Entries 0..29 are the first thirty; the next one is taken out of its party's.
    sql(
        "delete from \"event_journal\" where \"ordering\" ="
            + " (select min(\"ordering\") + 30 from \"event_journal\")");
    assertThat(AkkaRun.run(scenario(), schedule, 1, config()))
        .isEqualTo(new RunResult.Failed("entry 31 of the journal stands where entry 30 belongs"));
    Path exported = folder.resolve("story.jsonl");
    assertThat(JournalExport.export(config(), "story", exported))
        .isEqualTo(
            new JournalExport.Result.Failed(
                "entry 31 of the journal stands where entry 30 belongs"));
    assertThat(exported).doesNotExist();
  }

  @Test
  void a_plugin_without_settings_is_told() {
    Config config =
        ConfigFactory.parseString("akka.persistence.journal.plugin = no.such.plugin")
            .withFallback(ConfigFactory.load());
    assertThat(JournalExport.export(config, "story", folder.resolve("story.jsonl")))
        .isEqualTo(
            new JournalExport.Result.Failed(
                "akka.persistence.journal.plugin is no.such.plugin, and there are no settings of"
                    + " that name"));
  }

  @Test
  @Timeout(25)
  void a_plugin_that_cannot_be_made_is_told() {
    Config config =
        ConfigFactory.parseString(
                "akka.persistence.journal.plugin = none\nnone { class = no.such.Plugin }")
            .withFallback(ConfigFactory.load());
    String told = "java.lang.ClassNotFoundException: no.such.Plugin";
    assertThat(JournalExport.export(config, "story", folder.resolve("story.jsonl")))
        .isEqualTo(new JournalExport.Result.Failed(told));
    assertThat(AkkaRun.run(scenario(), new Schedule.Fifo(), 1, config))
        .isEqualTo(new RunResult.Failed(told));
  }
}
