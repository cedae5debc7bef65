package dev.faultline.scenario.yaml;

import java.util.Optional;

/**
 * A word that says what to do, with an argument or bare: {@code unmap-host}, {@code dma-map: 2
 * MiB..4 MiB}.
 *
 * @param name the word
 * @param argument the shape of what follows it
 * @param bare what it means with nothing behind it; empty if it needs its argument
 * @param about one line for editors
 */
public record Verb<T>(String name, Shape<? extends T> argument, Optional<T> bare, String about) {

  /** A verb that needs its argument. */
  public static <T> Verb<T> with(String name, Shape<? extends T> argument, String about) {
    return new Verb<>(name, argument, Optional.empty(), about);
  }

  /** A verb that stands alone. */
  public static <T> Verb<T> alone(String name, T value, String about) {
    return new Verb<>(name, Shapes.nothing(value), Optional.of(value), about);
  }

  /**
   * What was said.
   *
   * @param value of the verb and its argument
   * @param beside the fields beside it
   * @param at where the verb stands
   */
  public record Said<T>(T value, Values beside, Position at) {}
}
