package dev.faultline.scenario;

import dev.faultline.scenario.Pair.Standing;
import dev.faultline.scenario.yaml.Field;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.scenario.yaml.Shape;
import dev.faultline.scenario.yaml.Shapes;
import dev.faultline.scenario.yaml.YamlDocument;
import dev.faultline.scenario.yaml.YamlSource;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The table of conf/pairs.yaml: which mode goes with which revision.
 *
 * @param rows by the name of a revision, and then of a mode
 */
public record Pairs(Map<String, Map<String, Pair>> rows) {

  static final Pairs NONE = new Pairs(Map.of());

  public Pairs {
    rows = Collections.unmodifiableMap(new TreeMap<>(rows));
  }

  /** The table of a library; an empty one, with problems, if it cannot be read. */
  public static Pairs of(Library library, Problems problems) {
    return library.pairs(problems).map(source -> read(source, problems)).orElse(NONE);
  }

  /** The table of a text; an empty one, with problems, if anything about it is wrong. */
  static Pairs read(YamlSource source, Problems problems) {
    int before = problems.count();
    return YamlDocument.parse(source, problems)
        .flatMap(tree -> TABLE.decode(tree, problems))
        .filter(_ -> problems.count() == before)
        .orElse(NONE);
  }

  /**
   * What is said of a mode and a revision.
   *
   * @param lineage the revision's name, then those that it builds on
   */
  public Optional<Pair> find(List<String> lineage, String mode) {
    return lineage.stream().flatMap(name -> find(name, mode).stream()).findFirst();
  }

  private Optional<Pair> find(String revision, String mode) {
    return Optional.ofNullable(rows.getOrDefault(revision, Map.of()).get(mode));
  }

  /** The modes that are said to go with a revision, in order. */
  public List<String> modes(List<String> lineage) {
    return rows.values().stream()
        .flatMap(row -> row.keySet().stream())
        .distinct()
        .sorted()
        .filter(mode -> find(lineage, mode).filter(Pair::runs).isPresent())
        .toList();
  }

  // The table's YAML.

  private static final Map<Standing, Field<Optional<String>>> FIELDS = fields();

  private static Map<Standing, Field<Optional<String>>> fields() {
    Map<Standing, Field<Optional<String>>> fields = new TreeMap<>();
    for (Standing standing : Standing.values()) {
      String about = standing == Standing.REFUSED ? "why they cannot meet" : "where it is said";
      fields.put(standing, Field.optional(word(standing), Shapes.text(), about));
    }
    return fields;
  }

  private static String word(Standing standing) {
    return standing.name().toLowerCase(Locale.ROOT);
  }

  /** A standing alone; to refuse a pair needs a reason. */
  private static final Shape<Pair> BARE =
      CommonYaml.word("standing", Standing.values())
          .check(
              (standing, report) -> {
                if (standing == Standing.REFUSED) {
                  report.problem("a pair that is refused needs its reason: {refused: why}");
                  return Optional.empty();
                }
                return Optional.of(new Pair(standing, ""));
              });

  private static final Shape<Pair> PAIR =
      Shapes.scalarOr(
          BARE,
          Shapes.checkedObject(
              "pair",
              List.copyOf(FIELDS.values()),
              (v, report) -> {
                List<Pair> said =
                    FIELDS.entrySet().stream()
                        .flatMap(
                            field ->
                                v
                                    .get(field.getValue())
                                    .map(note -> new Pair(field.getKey(), note))
                                    .stream())
                        .toList();
                if (said.size() != 1) {
                  report.problem("a pair is one of merged, posted, argued, ours, refused");
                  return Optional.empty();
                }
                return Optional.of(said.getFirst());
              }));

  private static final Shape<Pairs> TABLE =
      Shapes.map(Shapes.fileName(), Shapes.map(Shapes.fileName(), PAIR).map(Pairs::byName))
          .map(rows -> new Pairs(byName(rows)));

  private static <T> Map<String, T> byName(Map<Located<String>, T> located) {
    Map<String, T> named = new TreeMap<>();
    located.forEach((name, value) -> named.put(name.value(), value));
    return named;
  }
}
