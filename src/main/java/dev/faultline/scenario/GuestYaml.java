package dev.faultline.scenario;

import dev.faultline.protocol.design.GuestProfile;
import dev.faultline.scenario.yaml.Field;
import dev.faultline.scenario.yaml.Shape;
import dev.faultline.scenario.yaml.Shapes;
import java.util.List;

/** The YAML of guests. */
final class GuestYaml {

  private GuestYaml() {}

  private static final Field<Long> WITHOUT_PROGRESS =
      Field.required(
          "retries-without-progress",
          Shapes.integer(0, 1000),
          "how often MapGPA is repeated at an address that came back with RETRY");

  static final Shape<GuestProfile> GUEST =
      Shapes.object(
          "guest",
          List.of(CommonYaml.NAME, CommonYaml.SOURCE, WITHOUT_PROGRESS),
          v ->
              new GuestProfile(
                  v.get(CommonYaml.NAME),
                  v.get(CommonYaml.SOURCE),
                  v.get(WITHOUT_PROGRESS).intValue()));
}
