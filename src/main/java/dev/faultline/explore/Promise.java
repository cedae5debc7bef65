package dev.faultline.explore;

import java.util.List;
import java.util.Optional;

/**
 * What has to be so in every state of a model; several properties that read the same may be one.
 */
public interface Promise {

  /**
   * That a state breaks a property.
   *
   * @param property its name
   * @param text who breaks it, and where
   */
  record Violation(String property, String text) {}

  /** What it promises, as names of properties. */
  List<String> properties();

  /** The first of its properties that a state breaks. */
  Optional<Violation> violation(Sight sight);
}
