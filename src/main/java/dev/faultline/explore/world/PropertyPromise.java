package dev.faultline.explore.world;

import dev.faultline.explore.Promise;
import dev.faultline.explore.Sight;
import dev.faultline.explore.Slot;
import dev.faultline.property.Property;
import java.util.List;
import java.util.Optional;

/** A property of worlds, asked of the world that a sight shows. */
record PropertyPromise(WorldModel model, Property property) implements Promise {

  @Override
  public List<String> properties() {
    return List.of(property.name());
  }

  @Override
  public Optional<Violation> violation(Sight sight) {
    Optional<Slot<Property.Memory>> memory = model.memory(property);
    return property
        .violation(
            memory.isPresent() ? sight.get(memory.get()) : Property.Memory.NOTHING,
            model.world(sight))
        .map(text -> new Violation(property.name(), text));
  }
}
