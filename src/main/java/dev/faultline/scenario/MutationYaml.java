package dev.faultline.scenario;

import dev.faultline.property.Properties;
import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.design.VmmProfile;
import dev.faultline.scenario.yaml.Field;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.scenario.yaml.Shape;
import dev.faultline.scenario.yaml.Shapes;
import dev.faultline.scenario.yaml.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The YAML of mutations: what is known of a bug, and what it changes of a revision. */
final class MutationYaml {

  private MutationYaml() {}

  /**
   * A mutation's file.
   *
   * @param revision what it changes of the revision
   * @param vmm what it changes of the scenario's VMM
   * @param mode what it changes of the scenario's mode
   */
  record File(
      Mutation mutation,
      Located<String> basedOn,
      RevisionYaml.File revision,
      UnaryOperator<VmmProfile> vmm,
      Function<Mode, Function<Problems, Mode>> mode) {}

  private static final Field<Optional<String>> BUG =
      Field.optional("bug", Shapes.text(), "its number in the list of known bugs: B01");
  private static final Field<String> GUARDS =
      Field.required("guards", Shapes.text(), "what the changed lines are there for, a sentence");
  private static final Field<Located<String>> BASED_ON =
      Field.required(
          "based-on", Shapes.text().located(), "the revision that it changes, or goes with");
  private static final Field<List<String>> SCENARIOS =
      Field.withDefault(
          "scenarios",
          Shapes.nonEmpty(Shapes.text()),
          List.of(),
          "the scenarios that it is searched in");
  private static final Field<Optional<String>> VIOLATES =
      Field.optional(
          "violates",
          Shapes.word("property", violations(), name -> name),
          "the property that breaks, or stuck");
  private static final Field<Optional<Long>> STEPS =
      Field.optional(
          "steps",
          Shapes.integer(1, 1000),
          "how many steps the counterexample has that is written down for it");
  private static final Field<Optional<String>> MODEL =
      Field.optional("model", Shapes.text(), "how it is coarser than the bug it stands for");

  private static final Field<Optional<UnaryOperator<VmmProfile>>> VMM =
      Field.optional("vmm", VmmYaml.CHANGE, "what it changes of the scenario's VMM");
  private static final Field<Optional<Function<Mode, Function<Problems, Mode>>>> MODE =
      Field.optional("mode", ModeYaml.CHANGE, "what it changes of the scenario's mode");

  private static List<String> violations() {
    List<String> words = new ArrayList<>(Properties.names());
    words.add(Mutation.STUCK);
    return words;
  }

  private static List<Field<?>> fields() {
    List<Field<?>> fields =
        new ArrayList<>(
            List.of(
                CommonYaml.NAME,
                BUG,
                CommonYaml.SOURCE,
                GUARDS,
                BASED_ON,
                SCENARIOS,
                VIOLATES,
                STEPS,
                MODEL,
                VMM,
                MODE));
    fields.addAll(RevisionYaml.changes());
    return fields;
  }

  static final Shape<File> FILE = Shapes.object("mutation", fields(), MutationYaml::file);

  private static File file(Values values) {
    String name = values.get(CommonYaml.NAME);
    String source = values.get(CommonYaml.SOURCE);
    Located<String> basedOn = values.get(BASED_ON);
    return new File(
        new Mutation(
            name,
            values.get(BUG),
            source,
            values.get(GUARDS),
            basedOn.value(),
            values.get(SCENARIOS),
            values.get(VIOLATES),
            values.get(STEPS),
            values.get(MODEL)),
        basedOn,
        RevisionYaml.changed(values, name, source, basedOn),
        values.get(VMM).orElse(UnaryOperator.identity()),
        values.get(MODE).orElse(mode -> _ -> mode));
  }
}
