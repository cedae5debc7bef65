package dev.faultline.scenario;

import dev.faultline.journal.Source;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.scenario.yaml.YamlDocument;
import dev.faultline.scenario.yaml.YamlNode;
import dev.faultline.scenario.yaml.YamlSource;
import dev.faultline.scenario.yaml.YamlText;
import dev.faultline.world.WorldSetup;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * Makes a scenario smaller as long as it still breaks: less memory, fewer parties, lines and
 * answers. Each candidate is a whole file that was read like any other; what cannot be read is no
 * candidate.
 */
public final class Shrink {

  private final List<Source> sources;
  private final Function<Scenario, Optional<String>> breaks;
  private final BooleanSupplier stops;
  private final Set<String> tried = new HashSet<>();
  private int asked;

  private Shrink(
      List<Source> sources, Function<Scenario, Optional<String>> breaks, BooleanSupplier stops) {
    this.sources = sources;
    this.breaks = breaks;
    this.stops = stops;
  }

  /**
   * A scenario that was made smaller.
   *
   * @param text of its file, with a head that says what it was made from
   * @param breaks what still breaks
   * @param asked so many scenarios were tried
   */
  public record Shrunk(Scenario scenario, String text, String breaks, int asked) {}

  /** A file that breaks. */
  private record Smaller(YamlNode.Mapping tree, Scenario scenario, String breaks) {}

  /**
   * The smallest scenario to which small cuts lead, from cut to cut. If the scenario itself is too
   * big for what is asked to notice that it breaks, cuts are tried until one is small enough.
   *
   * @param scenario with the text that it was read from
   * @param overrides that were in force when it was loaded
   * @param breaks what breaks in a scenario, in words; asked of one after the other, so it has to
   *     bound its search itself
   * @param stops asked before each try
   * @return empty if nothing smaller breaks
   */
  public static Optional<Shrunk> smallest(
      Scenario scenario,
      ScenarioLoader.Overrides overrides,
      Function<Scenario, Optional<String>> breaks,
      BooleanSupplier stops) {
    Shrink shrink = new Shrink(scenario.sources(), breaks, stops);
    return shrink
        .smallest(scenario)
        .map(
            smallest ->
                new Shrunk(
                    smallest.scenario(),
                    head(scenario, smallest)
                        + new RecordedScenario(
                                smallest.scenario(),
                                overrides,
                                List.of(),
                                Optional.empty(),
                                Optional.empty(),
                                "")
                            .designed(),
                    smallest.breaks(),
                    shrink.asked));
  }

  private Optional<Smaller> smallest(Scenario scenario) {
    Problems problems = new Problems();
    YamlNode.Mapping tree =
        withoutSteps(
            YamlDocument.parse(new YamlSource(scenario.file(), text()), problems)
                .map(YamlNode.Mapping.class::cast)
                .orElseThrow(() -> new IllegalArgumentException(problems.render())));
    tried.add(YamlText.of(tree));
    Optional<Smaller> smallest = Optional.empty();
    Optional<Smaller> smaller = firstThatBreaks(tree);
    while (smaller.isPresent()) {
      smallest = smaller;
      smaller = firstThatBreaks(smaller.get().tree());
    }
    return smallest;
  }

  private String text() {
    return sources.stream()
        .filter(source -> source.kind() == Source.Kind.SCENARIO)
        .map(Source::text)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the scenario has no text"));
  }

  /** Recorded steps are those of the scenario as it was. */
  private static YamlNode.Mapping withoutSteps(YamlNode.Mapping root) {
    return new YamlNode.Mapping(
        root.at(),
        root.entries().stream()
            .filter(
                entry ->
                    !entry.key().text().equals("schedule")
                        || entry.value() instanceof YamlNode.Scalar)
            .toList());
  }

  /** Of all cuts, the first that breaks: less memory first, then the shortest text. */
  private Optional<Smaller> firstThatBreaks(YamlNode.Mapping tree) {
    List<YamlNode.Mapping> cuts = new ArrayList<>();
    PageCuts.of(tree).forEach(cut -> cuts.add(Loose.mended((YamlNode.Mapping) cut)));
    cuts.addAll(
        Cuts.of(tree).stream()
            .sorted(Comparator.comparingInt(cut -> YamlText.of(cut).length()))
            .toList());
    for (YamlNode.Mapping cut : cuts) {
      if (stops.getAsBoolean()) {
        return Optional.empty();
      }
      Optional<Smaller> smaller = tried(cut);
      if (smaller.isPresent()) {
        return smaller;
      }
    }
    return Optional.empty();
  }

  private Optional<Smaller> tried(YamlNode.Mapping cut) {
    String text = YamlText.of(cut);
    if (!tried.add(text)) {
      return Optional.empty();
    }
    Optional<Scenario> scenario = load(text);
    if (scenario.isEmpty()) {
      return Optional.empty();
    }
    asked++;
    return breaks.apply(scenario.get()).map(what -> new Smaller(cut, scenario.get(), what));
  }

  private Optional<Scenario> load(String text) {
    List<Source> changed = new ArrayList<>();
    for (Source source : sources) {
      boolean isIt = source.kind() == Source.Kind.SCENARIO;
      changed.add(isIt ? Source.of(source.kind(), source.name(), text) : source);
    }
    return ScenarioLoader.fromSources(changed, new Problems());
  }

  // The head of the file.

  private static String head(Scenario before, Smaller after) {
    WorldSetup was = before.setup();
    WorldSetup is = after.scenario().setup();
    return "# Made smaller from "
        + before.name()
        + ": "
        + change(was.pageCount(), is.pageCount(), "page")
        + ", "
        + change(parties(was), parties(is), "party")
        + ", "
        + change(lines(was), lines(is), "line")
        + ".\n"
        + "# Still breaks: "
        + after.breaks().strip().replace("\n", "\n# ")
        + "\n\n";
  }

  private static String change(long was, long is, String one) {
    String more = one.endsWith("y") ? one.substring(0, one.length() - 1) + "ies" : one + "s";
    return number(was) + (was == is ? "" : " to " + number(is)) + " " + (is == 1 ? one : more);
  }

  private static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Those that have a script: others are there in every world. */
  private static long parties(WorldSetup setup) {
    return setup.scripts().stream()
        .filter(script -> script.lines().stream().anyMatch(line -> line.line() > 0))
        .count();
  }

  private static long lines(WorldSetup setup) {
    return setup.scripts().stream()
        .flatMap(script -> script.lines().stream())
        .filter(line -> line.line() > 0)
        .count();
  }
}
