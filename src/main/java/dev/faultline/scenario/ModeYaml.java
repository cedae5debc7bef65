package dev.faultline.scenario;

import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.scenario.yaml.Field;
import dev.faultline.scenario.yaml.Shape;
import dev.faultline.scenario.yaml.Shapes;
import dev.faultline.scenario.yaml.Values;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The YAML of modes. */
final class ModeYaml {

  private ModeYaml() {}

  private static final Shape<Mode.AnchorCall> ANCHOR_CALL =
      CommonYaml.word("call", Mode.AnchorCall.values());

  private record PrivatePages(
      boolean translated, List<Mode.AnchorCall> to, List<Mode.AnchorCall> from, Errno before) {}

  private static final Field<Boolean> TRANSLATED_BY =
      Field.withDefault(
          "translated-by",
          Shapes.word("translator", Map.of("anchor", true, "kvm", false)),
          false,
          "whose tables translate private accesses: anchor or kvm");
  private static final Field<List<Mode.AnchorCall>> TO_GUEST =
      Field.withDefault(
          "to-guest",
          Shapes.list(ANCHOR_CALL),
          List.of(),
          "calls to the trust anchor when a private page is mapped, in order");
  private static final Field<List<Mode.AnchorCall>> FROM_GUEST =
      Field.withDefault(
          "from-guest",
          Shapes.list(ANCHOR_CALL),
          List.of(),
          "calls to the trust anchor when a private page is unmapped, in order");
  private static final Field<Errno> BEFORE_ACCEPT =
      Field.withDefault(
          "before-accept",
          CommonYaml.ERRNO,
          Errno.EIO,
          "what KVM_RUN returns when the guest touches a page it has not accepted");
  private static final Shape<PrivatePages> PRIVATE_PAGES =
      Shapes.checkedObject(
          "description of private pages",
          List.of(TRANSLATED_BY, TO_GUEST, FROM_GUEST, BEFORE_ACCEPT),
          (v, report) -> {
            if (v.get(FROM_GUEST).contains(Mode.AnchorCall.AUGMENT)) {
              report.problem("augment gives a page to the guest; it cannot take one from it");
              return Optional.empty();
            }
            if (v.get(TRANSLATED_BY) && !v.get(TO_GUEST).contains(Mode.AnchorCall.AUGMENT)) {
              report.problem(
                  "pages that the anchor translates need \"augment\" in \"to-guest\"; without it"
                      + " the guest's fault would come again for ever");
              return Optional.empty();
            }
            return Optional.of(
                new PrivatePages(
                    v.get(TRANSLATED_BY),
                    v.get(TO_GUEST),
                    v.get(FROM_GUEST),
                    v.get(BEFORE_ACCEPT)));
          });
  private static final Field<PrivatePages> PRIVATE =
      Field.withDefault(
          "private-pages",
          PRIVATE_PAGES,
          new PrivatePages(false, List.of(), List.of(), Errno.EIO),
          "what hardware or firmware does to private pages");
  private static final Field<Boolean> GUEST_CHOOSES =
      Field.required(
          "guest-chooses-view",
          Shapes.bool(),
          "yes: the guest's address says which view it wants; no: KVM takes the attribute");
  private static final Field<Boolean> PRIVATE_MEMORY =
      Field.withDefault(
          "private-memory", Shapes.bool(), true, "whether the VM type has private memory");
  private static final Field<Long> ADDRESS_BITS =
      Field.withDefault(
          "guest-address-bits",
          Shapes.integer(32, 52),
          52L,
          "how wide a guest physical address is that a guest can ask to convert");
  private static final Field<Long> PIECE =
      Field.withDefault(
          "map-gpa-piece",
          Shapes.alignedSize()
              .check(
                  (bytes, report) -> {
                    if (bytes == 0) {
                      report.problem("a MapGPA piece of 0 bytes; give at least 4 KiB");
                      return Optional.empty();
                    }
                    return Optional.of(bytes);
                  }),
          2L << 20,
          "the most that one exit for a MapGPA carries");
  private static final Field<Boolean> TRUSTED_IO =
      Field.withDefault("trusted-io", Shapes.bool(), false, "devices may reach private pages");

  // What a mutation changes.

  private static final Field<Optional<PrivatePages>> NEW_PRIVATE =
      Field.optional("private-pages", PRIVATE_PAGES, "what is done to private pages instead");
  private static final Field<Optional<Boolean>> NEW_TRUSTED_IO =
      Field.optional("trusted-io", Shapes.bool(), "devices may reach private pages");

  /** What a mutation changes of a scenario's mode. */
  static final Shape<UnaryOperator<Mode>> CHANGE =
      Shapes.object(
          "change of a mode", List.of(NEW_PRIVATE, NEW_TRUSTED_IO), v -> mode -> changed(mode, v));

  private static Mode changed(Mode mode, Values v) {
    PrivatePages pages =
        v.get(NEW_PRIVATE)
            .orElse(
                new PrivatePages(
                    mode.anchorTranslates(),
                    mode.toGuest(),
                    mode.fromGuest(),
                    mode.beforeAccept()));
    return new Mode(
        mode.name(),
        mode.source(),
        mode.privateMemory(),
        mode.guestAddressBits(),
        mode.guestChoosesView(),
        pages.translated(),
        pages.to(),
        pages.from(),
        pages.before(),
        mode.mapGpaPieceBytes(),
        v.get(NEW_TRUSTED_IO).orElse(mode.trustedIo()));
  }

  static final Shape<Mode> MODE =
      Shapes.object(
          "mode",
          List.of(
              CommonYaml.NAME,
              CommonYaml.SOURCE,
              PRIVATE_MEMORY,
              ADDRESS_BITS,
              GUEST_CHOOSES,
              PRIVATE,
              PIECE,
              TRUSTED_IO),
          v -> {
            PrivatePages pages = v.get(PRIVATE);
            return new Mode(
                v.get(CommonYaml.NAME),
                v.get(CommonYaml.SOURCE),
                v.get(PRIVATE_MEMORY),
                v.get(ADDRESS_BITS).intValue(),
                v.get(GUEST_CHOOSES),
                pages.translated(),
                pages.to(),
                pages.from(),
                pages.before(),
                v.get(PIECE),
                v.get(TRUSTED_IO));
          });
}
