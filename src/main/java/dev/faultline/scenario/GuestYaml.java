package dev.faultline.scenario;

import dev.faultline.protocol.design.GuestProfile;
import dev.faultline.protocol.memory.Page;
import dev.faultline.scenario.yaml.Field;
import dev.faultline.scenario.yaml.Shape;
import dev.faultline.scenario.yaml.Shapes;
import java.util.List;
import java.util.Map;

/** The YAML of guests. */
final class GuestYaml {

  private GuestYaml() {}

  private static final Field<Long> WITHOUT_PROGRESS =
      Field.required(
          "retries-without-progress",
          Shapes.integer(0, 1000),
          "how often MapGPA is repeated at an address that came back with RETRY");

  private static final Field<Boolean> REFUSED =
      Field.withDefault(
          "refused",
          Shapes.word("end of a refused conversion", Map.of("error", false, "terminate", true)),
          false,
          "what it makes of a conversion that failed: error for whoever wanted it, or terminate");
  private static final Field<Long> REQUEST =
      Field.withDefault(
          "request",
          Shapes.alignedSize(),
          Long.MAX_VALUE / Page.BYTES * Page.BYTES,
          "the most that it puts into one request; the mode may carry less");

  static final Shape<GuestProfile> GUEST =
      Shapes.object(
          "guest",
          List.of(CommonYaml.NAME, CommonYaml.SOURCE, WITHOUT_PROGRESS, REFUSED, REQUEST),
          v ->
              new GuestProfile(
                  v.get(CommonYaml.NAME),
                  v.get(CommonYaml.SOURCE),
                  v.get(WITHOUT_PROGRESS).intValue(),
                  v.get(REFUSED),
                  v.get(REQUEST)));
}
