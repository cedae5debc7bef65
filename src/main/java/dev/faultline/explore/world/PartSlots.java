package dev.faultline.explore.world;

import dev.faultline.explore.Slot;
import dev.faultline.protocol.Family;
import dev.faultline.protocol.Part;
import dev.faultline.protocol.message.PartyId;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Where the parts of a world stand in its model; each slot is made once. */
final class PartSlots {

  /** Where a part of a world stands: a part's name is only its party's. */
  record Place(Optional<PartyId> owner, Part<?> part) implements Slot.Grouped {
    @Override
    public Object group() {
      return new Group(owner, part.family());
    }

    @Override
    public String toString() {
      return owner.map(party -> party + " ").orElse("") + part;
    }
  }

  /** The parts of one kind that somebody has. */
  record Group(Optional<PartyId> owner, Family<?, ?> family) {}

  private final Map<Place, Slot<?>> made = new ConcurrentHashMap<>();

  /**
   * The slot of a part.
   *
   * @param owner whose it is; empty for what is between the parties
   */
  @SuppressWarnings("unchecked") // made from a Part<T>, which is part of its place
  <T> Slot<T> of(Optional<PartyId> owner, Part<T> part) {
    Place place = new Place(owner, part);
    Slot<?> known = made.get(place);
    return (Slot<T>) (known == null ? made.computeIfAbsent(place, _ -> slot(place, part)) : known);
  }

  private static <T> Slot<T> slot(Place place, Part<T> part) {
    // What is between the parties has little in common: each channel carries its own messages.
    String family =
        place
            .owner()
            .map(
                owner ->
                    owner.kind().toString().toLowerCase(Locale.ROOT) + " " + part.family().name())
            .orElseGet(part::toString);
    return new Slot<>(family, place, part.initial());
  }
}
