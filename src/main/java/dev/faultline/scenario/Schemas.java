package dev.faultline.scenario;

import dev.faultline.journal.Source;
import dev.faultline.scenario.yaml.JsonSchema;

/** The JSON Schemas of our files, made of the shapes that read them. */
public final class Schemas {

  private Schemas() {}

  /** The JSON Schema (draft 2020-12) of one kind of file, as text that ends in a newline. */
  public static String of(Source.Kind kind) {
    return switch (kind) {
      case SCENARIO -> JsonSchema.render("A Faultline scenario", ScenarioYaml.FILE);
      case MODE -> JsonSchema.render("A Faultline mode", ModeYaml.MODE);
      case REVISION -> JsonSchema.render("A Faultline revision", RevisionYaml.FILE);
      case VMM -> JsonSchema.render("A Faultline VMM profile", VmmYaml.VMM);
      case MUTATION -> JsonSchema.render("A Faultline mutation", MutationYaml.FILE);
      case GUEST -> JsonSchema.render("A Faultline guest profile", GuestYaml.GUEST);
    };
  }
}
