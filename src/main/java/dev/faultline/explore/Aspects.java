package dev.faultline.explore;

import java.util.List;

/** What coverage counts of a model. */
public interface Aspects {

  /**
   * What a step shows.
   *
   * @param before the state in which it is taken
   * @param label what is done, as the model names it
   */
  List<Coverage.Aspect> of(Sight before, Object label);

  /** All that the model's design has, seen or not, in the order in which it is reported. */
  List<Coverage.Aspect> all();

  /** The steps of a model by their labels, without what stands in brackets. */
  static Aspects ofLabels() {
    return new Aspects() {
      @Override
      public List<Coverage.Aspect> of(Sight before, Object label) {
        String name = label.toString().replaceFirst("\\(.*", "");
        return List.of(new Coverage.Aspect(Coverage.Kind.STEP, name));
      }

      @Override
      public List<Coverage.Aspect> all() {
        return List.of();
      }
    };
  }
}
