package dev.faultline.explore.yardstick;

import dev.faultline.explore.Promise;
import dev.faultline.explore.Sight;
import dev.faultline.explore.yardstick.Yardstick.At;
import dev.faultline.explore.yardstick.Yardstick.Kvm;
import dev.faultline.explore.yardstick.Yardstick.Page;
import dev.faultline.explore.yardstick.Yardstick.Share;
import java.util.List;
import java.util.Optional;

/**
 * What has to be so of a page.
 *
 * @param page which
 * @param threads of the host
 */
record PagePromise(int page, int threads) implements Promise {

  @Override
  public List<String> properties() {
    return List.of("Inv1", "Inv2", "Inv3", "Inv4");
  }

  @Override
  public Optional<Violation> violation(Sight sight) {
    Page now = sight.get(Yardstick.page(page));
    boolean vfio = sight.get(Yardstick.vfio(page));
    int pinned = 0;
    int referenced = vfio ? 1 : 0;
    for (int thread = 0; thread < threads; thread++) {
      At at = sight.look(Yardstick.host(thread), host -> host.page() == page ? host.at() : At.IDLE);
      pinned += at == At.PINNED ? 1 : 0;
      referenced += at == At.PINNED || at == At.CHECK ? 1 : 0;
    }
    boolean isPrivate = now.share() == Share.PRIVATE;
    if (isPrivate && (now.mapped() || vfio || pinned > 0)) {
      return broken("Inv1", "is private, and mapped or pinned");
    }
    if (now.pins() != referenced) {
      return broken("Inv2", "has " + now.pins() + " pins and " + referenced + " holders");
    }
    if (now.faultable() && isPrivate) {
      return broken("Inv3", "is private, and host faults reach it");
    }
    if (sight.look(Yardstick.KVM, kvm -> kvm == Kvm.IDLE) && now.faultable() == isPrivate) {
      return broken("Inv4", "is shared, and host faults do not reach it");
    }
    return Optional.empty();
  }

  private Optional<Violation> broken(String property, String text) {
    return Optional.of(new Violation(property, "page " + page + " " + text));
  }
}
