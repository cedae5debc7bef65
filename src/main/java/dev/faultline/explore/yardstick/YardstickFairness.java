package dev.faultline.explore.yardstick;

import dev.faultline.explore.Actor;
import dev.faultline.explore.Eventually;
import dev.faultline.explore.Fairness;
import dev.faultline.explore.Fairness.Group;
import dev.faultline.explore.Fairness.Strength;
import dev.faultline.explore.yardstick.Yardstick.Guest;
import java.util.ArrayList;
import java.util.List;

/** What the yardstick promises in the end, and the two fairnesses under which it is asked. */
public enum YardstickFairness implements Fairness {
  /** Weak on G_Done, on the VMM, on KVM, on each host thread: the answer may never come. */
  FAIR,
  /** The same, and strong on V_Ioctl and on V_Fail: the answer comes. */
  FAIR_F;

  /** The guest's request is answered. */
  public static final Eventually ANSWERED =
      Eventually.after(
          "Answered",
          sight -> sight.look(Yardstick.GUEST, Guest::waits),
          sight -> sight.look(Yardstick.GUEST, guest -> !guest.waits()),
          _ -> List.of("guest waits for the answer to its request"));

  @Override
  public List<Group> groups(List<Actor> actors) {
    List<Group> groups = new ArrayList<>();
    groups.add(Group.of("G_Done", Strength.WEAK, actor -> actor instanceof GuestActor, "G_Done"));
    groups.add(Group.of("vmm", Strength.WEAK, actor -> actor instanceof VmmActor));
    groups.add(Group.of("kvm", Strength.WEAK, actor -> actor instanceof KvmActor));
    for (Actor actor : actors) {
      if (actor instanceof HostActor) {
        groups.add(Group.of(actor.party(), Strength.WEAK, actor::equals));
      }
    }
    if (this == FAIR_F) {
      for (String label : List.of("V_Ioctl", "V_Fail")) {
        groups.add(Group.of(label, Strength.STRONG, actor -> actor instanceof VmmActor, label));
      }
    }
    return groups;
  }
}
