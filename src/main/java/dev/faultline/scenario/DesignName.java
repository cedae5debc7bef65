package dev.faultline.scenario;

import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Shape;
import dev.faultline.scenario.yaml.Shapes;
import java.util.function.Function;

/** How a scenario says a design: by its name or path, or by writing it down in its own file. */
sealed interface DesignName {

  /** By a name or a path. */
  record Named(String name) implements DesignName {}

  /** Written down where the name would stand; with its own name. */
  record Own(String name) implements DesignName {}

  /**
   * The shape of a design's name.
   *
   * @param own the shape of the design itself
   */
  static <T> Shape<Located<DesignName>> shape(Shape<T> own, Function<? super T, String> name) {
    Shape<DesignName> named = Shapes.text().map(Named::new);
    return Shapes.scalarOr(named, own.<DesignName>map(it -> new Own(name.apply(it)))).located();
  }
}
