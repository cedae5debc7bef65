package dev.faultline.explore.world;

import dev.faultline.explore.Slot;
import dev.faultline.explore.Symmetry;
import dev.faultline.protocol.Family;
import dev.faultline.protocol.Part;
import dev.faultline.protocol.hostio.HostIoSetup;
import dev.faultline.protocol.message.PartyId;
import dev.faultline.world.Await;
import dev.faultline.world.HostUser;
import dev.faultline.world.Parties;
import dev.faultline.world.Script;
import dev.faultline.world.ScriptAction;
import dev.faultline.world.ScriptLine;
import dev.faultline.world.WorldSetup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Host users that a world does not tell apart: threads of the VMM, or processes of one thread, that
 * do the same and that nobody names.
 */
final class Likeness {

  private final WorldSetup setup;
  private final PartSlots slots;

  Likeness(WorldSetup setup, PartSlots slots) {
    this.setup = setup;
    this.slots = slots;
  }

  /** All ways to exchange them, but for the one that changes nothing. */
  List<Symmetry> symmetries() {
    List<List<HostUser>> groups = new ArrayList<>();
    for (HostUser user : setup.users()) {
      if (isNamedByNobody(user)) {
        Optional<List<HostUser>> like =
            groups.stream().filter(group -> areAlike(group.getFirst(), user)).findFirst();
        like.ifPresentOrElse(
            group -> group.add(user), () -> groups.add(new ArrayList<>(List.of(user))));
      }
    }
    List<SortedMap<PartyId, PartyId>> all = new ArrayList<>();
    all.add(new TreeMap<>());
    for (List<HostUser> group : groups) {
      List<SortedMap<PartyId, PartyId>> more = new ArrayList<>();
      for (SortedMap<PartyId, PartyId> each : all) {
        for (List<HostUser> order : orders(group)) {
          more.add(exchanged(each, group, order));
        }
      }
      all = more;
    }
    return all.stream()
        .filter(names -> !names.isEmpty())
        .<Symmetry>map(names -> new Exchange(new Renaming(names), slots))
        .toList();
  }

  private static SortedMap<PartyId, PartyId> exchanged(
      SortedMap<PartyId, PartyId> others, List<HostUser> group, List<HostUser> order) {
    TreeMap<PartyId, PartyId> names = new TreeMap<>(others);
    for (int index = 0; index < group.size(); index++) {
      PartyId from = group.get(index).id();
      PartyId to = order.get(index).id();
      if (!from.equals(to)) {
        names.put(from, to);
        names.put(Parties.memoryOf(from), Parties.memoryOf(to));
      }
    }
    return names;
  }

  private static <T> List<List<T>> orders(List<T> things) {
    if (things.isEmpty()) {
      return List.of(List.of());
    }
    List<List<T>> all = new ArrayList<>();
    for (T first : things) {
      List<T> rest = new ArrayList<>(things);
      rest.remove(first);
      for (List<T> order : orders(rest)) {
        List<T> longer = new ArrayList<>(List.of(first));
        longer.addAll(order);
        all.add(longer);
      }
    }
    return all;
  }

  private boolean areAlike(HostUser one, HostUser other) {
    return one.kind() == other.kind()
        && one.process().equals(other.process())
        && one.catchesSigbus() == other.catchesSigbus()
        && does(one).equals(does(other));
  }

  /** What a user's script does, without the names of its lines. */
  private List<ScriptLine> does(HostUser user) {
    return lines(user).stream()
        .map(line -> new ScriptLine("", line.awaits(), line.action(), 0, line.tries()))
        .toList();
  }

  private List<ScriptLine> lines(HostUser user) {
    return setup.scripts().stream()
        .filter(script -> script.party().equals(user.id()))
        .findFirst()
        .map(Script::lines)
        .orElse(List.of());
  }

  private boolean isNamedByNobody(HostUser user) {
    boolean kind =
        user.kind() == HostIoSetup.Kind.THREAD && user.process().isEmpty()
            || user.kind() == HostIoSetup.Kind.PROCESS
                && setup.users().stream()
                    .noneMatch(other -> other.process().equals(Optional.of(user.id())));
    List<String> names = lines(user).stream().map(ScriptLine::name).toList();
    boolean awaited =
        setup.scripts().stream()
            .flatMap(script -> script.lines().stream())
            .anyMatch(
                line ->
                    line.action().equals(new ScriptAction.Kill(user.id()))
                        || line.awaits().stream().anyMatch(await -> names(await, user, names)));
    boolean present =
        setup.beginning().pages().stream()
            .anyMatch(
                page ->
                    page.pinnedBy().contains(user.id())
                        || page.mappedBy().contains(Parties.memoryOf(user.id())));
    return kind && !awaited && !present;
  }

  private static boolean names(Await await, HostUser user, List<String> lines) {
    return switch (await) {
      case Await.Ended(String name) -> lines.contains(name);
      case Await.Finished(PartyId party) -> party.equals(user.id());
      case Await.Refusal(PartyId by) -> by.equals(user.id());
    };
  }

  /** Some host users under one another's names. */
  private record Exchange(Renaming renaming, PartSlots slots) implements Symmetry {

    @Override
    public Slot<?> slot(Slot<?> slot) {
      return slot.key() instanceof PartSlots.Place(Optional<PartyId> owner, Part<?> part)
          ? slots.of(owner.map(renaming::of), part(part.family(), part.key()))
          : slot;
    }

    @SuppressWarnings("unchecked") // a key under other names is a key of the same kind
    private <K> Part<?> part(Family<K, ?> family, Object key) {
      return family.of((K) renaming.of(key));
    }

    @Override
    public Object value(Slot<?> slot, Object value) {
      return renaming.of(value);
    }
  }
}
