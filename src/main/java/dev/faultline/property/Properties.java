package dev.faultline.property;

import java.util.ArrayList;
import java.util.List;

/** All properties that are checked after every step, in the order in which they are reported. */
public final class Properties {

  /** Those that look at each state or each turn. */
  public static final List<Property> ALL =
      List.of(
          new PrivatePageIsNeverHostMapped(),
          new PrivatePageHasNoConfirmedPin(),
          new DmaNeverReachesPrivatePage(),
          new GuestMappingMatchesAttribute(),
          new ReferencesAreCountedAfterUnmapping(),
          new RefusedConversionChangesNothing(),
          new VmmMapMatchesKvm(),
          new HostReachesSharedPage(),
          new PrivatePageKeepsItsContent(),
          new RefusedConversionNamesPageInUse(),
          new SucceededConversionIsWhole(),
          new ToldPageIsInTheFile(),
          new HostSeesWhatAnchorKeeps(),
          new GuestsPageIsKept(),
          new FreedPageIsTheHosts(),
          new HostNeverWritesGuestsPage(),
          new SecretNeverReachesHost());

  /** The name of the promise that is checked at the end of a run. */
  public static final String EVENTUALLY = "EveryRequestIsAnswered";

  private Properties() {}

  /** The names of all promises, the one at the end of a run last. */
  public static List<String> names() {
    List<String> names = new ArrayList<>();
    ALL.forEach(property -> names.add(property.name()));
    names.add(EVENTUALLY);
    return List.copyOf(names);
  }
}
