package dev.faultline.property.expression;

import dev.faultline.property.Property;
import dev.faultline.world.World;
import java.util.Optional;

/** A scenario's always or never, as a property like those of the protocol. */
record Stated(Promise stated) implements Property {

  @Override
  public String name() {
    return stated.name();
  }

  @Override
  public String promise() {
    return isNamed() ? stated.text() : "as the scenario promises";
  }

  private boolean isNamed() {
    return !stated.name().equals(stated.text());
  }

  @Override
  public Optional<String> violation(Memory memory, World world) {
    if (!Promise.hasBegun(world)) {
      return Optional.empty();
    }
    boolean is = stated.expression().holds(world);
    return is == (stated instanceof Promise.Never)
        ? Optional.of(text(world, is))
        : Optional.empty();
  }

  private String text(World world, boolean is) {
    return (isNamed() ? "\"" + stated.expression() + "\"" : "it")
        + (is ? " is so" : " is not so")
        + stated.expression().witness(world, is).map(pages -> " of page " + pages).orElse("");
  }
}
