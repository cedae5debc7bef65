package dev.faultline.scenario;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.explore.Sample;
import dev.faultline.explore.Verdict;
import dev.faultline.protocol.Chance;
import java.util.List;
import java.util.Optional;

/** A sample of walks as one JSON object, with the keys that an exploration has. */
public final class SampleJson {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private SampleJson() {}

  /**
   * The object, in one line.
   *
   * @param word the verdict's
   * @param open what could happen besides the usual
   * @param file where the steps that were found are written, if they are
   */
  public static String of(Sample sample, String word, List<Chance> open, Optional<String> file) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("verdict", word);
    switch (sample.verdict()) {
      case Verdict.Broken broken -> json.put("property", broken.property());
      case Verdict.Found found -> json.put("property", found.name());
      case Verdict.Stuck stuck -> {
        json.putNull("property");
        stuck.waiting().forEach(json.putArray("waiting")::add);
      }
      case Verdict.Holds _,
          Verdict.Bounded _,
          Verdict.Vacuous _,
          Verdict.Never _,
          Verdict.Sampled _ ->
          json.putNull("property");
    }
    sample
        .verdict()
        .way()
        .ifPresentOrElse(trace -> json.put("steps", trace.length()), () -> json.putNull("steps"));
    json.put("states", sample.states());
    json.put("exact", sample.exact());
    json.put("transitions", sample.steps());
    json.putNull("levels");
    json.put("seconds", Math.round(sample.seconds() * 1000) / 1000.0);
    json.putNull("bytesPerState");
    json.put("workers", 1);
    json.put("seed", sample.seed());
    json.put("strategy", sample.strategy().word());
    json.put("walks", sample.walks());
    ArrayNode chances = json.putArray("open");
    open.forEach(chance -> chances.add(chance.word()));
    sample
        .coverage()
        .ifPresent(counted -> json.set("coverage", MAPPER.valueToTree(counted.toJson())));
    file.ifPresent(path -> json.put("file", path));
    return json.toString();
  }
}
