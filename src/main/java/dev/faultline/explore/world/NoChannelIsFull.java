package dev.faultline.explore.world;

import dev.faultline.explore.Promise;
import dev.faultline.explore.Sight;
import java.util.List;
import java.util.Optional;

/** No message finds its channel full. */
record NoChannelIsFull() implements Promise {

  static final String NAME = "NoChannelIsFull";

  @Override
  public List<String> properties() {
    return List.of(NAME);
  }

  @Override
  public Optional<Violation> violation(Sight sight) {
    String why = sight.get(WorldModel.FULL);
    return why.isEmpty() ? Optional.empty() : Optional.of(new Violation(NAME, why));
  }
}
