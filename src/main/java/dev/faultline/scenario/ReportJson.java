package dev.faultline.scenario;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.explore.Report;
import dev.faultline.explore.Verdict;
import dev.faultline.protocol.Chance;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An exploration as one JSON object. */
public final class ReportJson {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private ReportJson() {}

  /**
   * The object, in one line.
   *
   * @param word the verdict's
   * @param open what could happen besides the usual
   * @param file where the steps that were found are written, if they are
   */
  public static String of(Report report, String word, List<Chance> open, Optional<String> file) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("verdict", word);
    json.putNull("property");
    json.putNull("steps");
    switch (report.verdict()) {
      case Verdict.Broken(String property, String text, var trace) ->
          json.put("property", property).put("steps", trace.length()).put("text", text);
      case Verdict.Stuck(var waiting, var trace) -> {
        json.put("steps", trace.length());
        waiting.forEach(json.putArray("waiting")::add);
      }
      case Verdict.Never(var lasso) -> {
        json.put("property", lasso.property()).put("steps", lasso.stem().length());
        json.put("loop", lasso.loop().length());
        lasso.waiting().forEach(json.putArray("waiting")::add);
      }
      case Verdict.Found(String name, String _, var trace) ->
          json.put("property", name).put("steps", trace.length());
      case Verdict.Bounded(int depth, long unexpanded, String why) ->
          json.put("depth", depth).put("unexpanded", unexpanded).put("bound", why);
      case Verdict.Sampled(long walks, long steps, long _, boolean _, String why) ->
          json.put("walks", walks).put("walked", steps).put("bound", why);
      case Verdict.Vacuous(var missing) -> missing.forEach(json.putArray("missing")::add);
      case Verdict.Holds() -> {}
    }
    json.put("states", report.states());
    json.put("transitions", report.transitions());
    json.put("levels", report.levels());
    json.put("ends", report.endStates());
    json.put("seconds", Math.round(report.seconds() * 1000) / 1000.0);
    json.put("bytesPerState", Math.round(report.bytesPerState() * 10) / 10.0);
    json.put("workers", report.workers());
    json.putNull("seed");
    json.put("decisions", report.decisions());
    json.put("bits", report.bits());
    ArrayNode chances = json.putArray("open");
    open.forEach(chance -> chances.add(chance.word()));
    ArrayNode properties = json.putArray("properties");
    report.properties().forEach(properties::add);
    witnesses(json.putObject("admitted"), report.admitted());
    witnesses(json.putObject("seen"), report.seen());
    ArrayNode outcomes = json.putArray("outcomes");
    for (Report.Ending ending : report.endings()) {
      ObjectNode outcome = outcomes.addObject();
      if (ending.what() instanceof End end) {
        outcome.put("text", end.text()).put("holders", end.holders());
      }
      outcome.put("states", ending.states()).put("steps", ending.trace().length());
    }
    report
        .coverage()
        .ifPresent(counted -> json.set("coverage", MAPPER.valueToTree(counted.toJson())));
    file.ifPresent(path -> json.put("file", path));
    return json.toString();
  }

  private static void witnesses(ObjectNode json, Map<String, Report.Witness> witnesses) {
    witnesses.forEach((name, witness) -> json.put(name, witness.trace().length()));
  }
}
