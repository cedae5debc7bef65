package dev.faultline.scenario;

import dev.faultline.protocol.design.GuestProfile;
import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.design.VmmProfile;
import dev.faultline.protocol.design.VmmProfile.VmmAct;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.scenario.yaml.Field;
import dev.faultline.scenario.yaml.Shape;
import dev.faultline.scenario.yaml.Shapes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The YAML of modes, VMMs and guests. */
final class SmallDesignsYaml {

  static final Shape<Errno> ERRNO = Shapes.word("errno", List.of(Errno.values()), Errno::name);

  private static final Field<String> NAME =
      Field.required("name", Shapes.identifier(), "the name on the command line");
  private static final Field<String> SOURCE =
      Field.required("source", Shapes.text(), "where it can be read: series, version, file");

  private SmallDesignsYaml() {}

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  // Modes.

  private static final Shape<Mode.AnchorCall> ANCHOR_CALL =
      Shapes.word("call", List.of(Mode.AnchorCall.values()), SmallDesignsYaml::word);

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
          ERRNO,
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

  static final Shape<Mode> MODE =
      Shapes.object(
          "mode",
          List.of(NAME, SOURCE, GUEST_CHOOSES, PRIVATE, PIECE, TRUSTED_IO),
          v -> {
            PrivatePages pages = v.get(PRIVATE);
            return new Mode(
                v.get(NAME),
                v.get(SOURCE),
                v.get(GUEST_CHOOSES),
                pages.translated(),
                pages.to(),
                pages.from(),
                pages.before(),
                v.get(PIECE),
                v.get(TRUSTED_IO));
          });

  // VMMs.

  private static final Shape<List<VmmAct>> VMM_ACTS =
      Shapes.list(Shapes.word("step", List.of(VmmAct.values()), SmallDesignsYaml::word));
  private static final Shape<List<VmmAct>> CONVERSION =
      VMM_ACTS.check(
          (acts, report) -> {
            if (acts.stream().filter(act -> act == VmmAct.SET_ATTRIBUTES).count() != 1) {
              report.problem("a conversion has the step \"set-attributes\" once");
              return Optional.empty();
            }
            return Optional.of(acts);
          });
  private static final Field<List<VmmAct>> TO_PRIVATE =
      Field.required("to-private", CONVERSION, "its steps, in order");
  private static final Field<List<VmmAct>> TO_SHARED =
      Field.required("to-shared", CONVERSION, "its steps, in order");

  private record Convert(List<VmmAct> toPrivate, List<VmmAct> toShared) {}

  private static final Field<Convert> CONVERT =
      Field.required(
          "convert",
          Shapes.object(
              "conversion",
              List.of(TO_PRIVATE, TO_SHARED),
              v -> new Convert(v.get(TO_PRIVATE), v.get(TO_SHARED))),
          "what the VMM does for a conversion");
  private static final Field<List<VmmAct>> FIX =
      Field.withDefault(
          "fix",
          VMM_ACTS.check(
              (acts, report) -> {
                if (acts.contains(VmmAct.SET_ATTRIBUTES) || acts.contains(VmmAct.RECORD)) {
                  report.problem("fixing does not set or record attributes; retrying does");
                  return Optional.empty();
                }
                return Optional.of(acts);
              }),
          List.of(),
          "steps before the call is made again");
  private static final Field<Long> RETRIES =
      Field.required("retries", Shapes.integer(0, 1000), "how often the call is made again");
  private static final Field<Boolean> WAIT =
      Field.withDefault(
          "wait-for-notification",
          Shapes.bool(),
          false,
          "wait for the kernel's word instead of a timer, where the revision gives it");

  private static Map<String, Optional<Errno>> thens() {
    Map<String, Optional<Errno>> words = new LinkedHashMap<>();
    words.put("EAGAIN", Optional.of(Errno.EAGAIN));
    words.put("EINVAL", Optional.of(Errno.EINVAL));
    words.put("stop", Optional.empty());
    return words;
  }

  private static final Field<Optional<Errno>> THEN =
      Field.required(
          "then",
          Shapes.word("end of a blocked conversion", thens()),
          "hypercall.ret when retrying did not help, or stop");
  private static final Field<VmmProfile.Blocked> BLOCKED =
      Field.required(
          "blocked",
          Shapes.object(
              "policy",
              List.of(FIX, RETRIES, WAIT, THEN),
              v ->
                  new VmmProfile.Blocked(
                      v.get(FIX), v.get(RETRIES).intValue(), v.get(WAIT), v.get(THEN))),
          "what it does when the call says that pages are in use");
  private static final Field<VmmProfile.MemoryFault> MEMORY_FAULT =
      Field.required(
          "memory-fault",
          Shapes.word(
              "answer to a memory fault",
              List.of(VmmProfile.MemoryFault.values()),
              SmallDesignsYaml::word),
          "what it does with KVM_EXIT_MEMORY_FAULT: convert or stop");

  static final Shape<VmmProfile> VMM =
      Shapes.object(
          "vmm",
          List.of(NAME, SOURCE, CONVERT, BLOCKED, MEMORY_FAULT),
          v ->
              new VmmProfile(
                  v.get(NAME),
                  v.get(SOURCE),
                  v.get(CONVERT).toPrivate(),
                  v.get(CONVERT).toShared(),
                  v.get(BLOCKED),
                  v.get(MEMORY_FAULT)));

  // Guests.

  private static final Field<Long> WITHOUT_PROGRESS =
      Field.required(
          "retries-without-progress",
          Shapes.integer(0, 1000),
          "how often MapGPA is repeated at an address that came back with RETRY");

  static final Shape<GuestProfile> GUEST =
      Shapes.object(
          "guest",
          List.of(NAME, SOURCE, WITHOUT_PROGRESS),
          v -> new GuestProfile(v.get(NAME), v.get(SOURCE), v.get(WITHOUT_PROGRESS).intValue()));
}
