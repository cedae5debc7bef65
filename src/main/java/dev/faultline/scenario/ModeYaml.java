package dev.faultline.scenario;

import dev.faultline.protocol.design.Anchor;
import dev.faultline.protocol.design.Mode;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.memory.Page;
import dev.faultline.scenario.yaml.Field;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.scenario.yaml.Shape;
import dev.faultline.scenario.yaml.Shapes;
import dev.faultline.scenario.yaml.Values;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The YAML of modes. */
final class ModeYaml {

  private ModeYaml() {}

  // How the guest converts.

  private static final long MOST = Long.MAX_VALUE / Page.BYTES * Page.BYTES;

  private static final Shape<Long> SIZE =
      Shapes.alignedSize()
          .check(
              (bytes, report) -> {
                if (bytes == 0) {
                  report.problem("0 bytes; give at least 4 KiB");
                  return Optional.empty();
                }
                return Optional.of(bytes);
              });
  private static final Shape<List<Located<String>>> INSTRUCTIONS =
      Shapes.list(Shapes.identifier().located());
  private static final Field<Optional<List<Located<String>>>> TO_PRIVATE =
      Field.optional(
          "to-private",
          INSTRUCTIONS,
          "what the guest tells the anchor before the host hears of a request, in order");
  private static final Field<Optional<List<Located<String>>>> TO_SHARED =
      Field.optional("to-shared", INSTRUCTIONS, "the same for the other direction");
  private static final Field<Optional<Mode.Host>> HOST =
      Field.optional(
          "host",
          CommonYaml.word("part of the host", Mode.Host.values()),
          "asked: the VMM's answer counts; told: it only hears of it; never: there is no exit");
  private static final Field<Optional<Long>> REQUEST =
      Field.optional("request", SIZE, "the most that one request of the guest carries");
  private static final Field<Optional<Long>> EXIT =
      Field.optional("exit", SIZE, "the most that one exit to the VMM carries");
  private static final Field<Optional<Boolean>> REFUSED =
      Field.optional(
          "refused",
          CommonYaml.word("word", Refused.values()).map(word -> word == Refused.NAMES_ADDRESS),
          "what a refusal says: names-address where the piece begins, or fails-whole request");
  private static final Field<Optional<Located<String>>> ACCEPT =
      Field.optional(
          "accept",
          Shapes.identifier().located(),
          "what the guest has to tell the anchor about pages that became private; nothing if it is"
              + " not named");

  /** What a refusal of a piece says. */
  private enum Refused {
    NAMES_ADDRESS,
    FAILS_WHOLE
  }

  private static final Shape<Values> CONVERSION =
      Shapes.object(
          "conversion",
          List.of(TO_PRIVATE, TO_SHARED, HOST, REQUEST, EXIT, REFUSED, ACCEPT),
          v -> v);

  private static final Mode.Conversion USUAL =
      new Mode.Conversion(
          List.of(), List.of(), Mode.Host.ASKED, MOST, 2L << 20, true, Optional.empty());

  private static Mode.Conversion conversion(Values v, Mode.Conversion base) {
    return new Mode.Conversion(
        v.get(TO_PRIVATE).map(ModeYaml::plain).orElse(base.toPrivate()),
        v.get(TO_SHARED).map(ModeYaml::plain).orElse(base.toShared()),
        v.get(HOST).orElse(base.host()),
        v.get(REQUEST).orElse(base.requestBytes()),
        v.get(EXIT).orElse(base.exitBytes()),
        v.get(REFUSED).orElse(base.namesAddress()),
        v.get(ACCEPT).map(Located::value).or(base::accept));
  }

  private static List<String> plain(List<Located<String>> names) {
    return names.stream().map(Located::value).toList();
  }

  // The whole.

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
  private static final Field<Optional<Values>> CONVERTS =
      Field.optional("conversion", CONVERSION, "how the guest converts");
  private static final Field<Optional<Errno>> GET_USER_PAGES =
      Field.optional(
          "get-user-pages",
          CommonYaml.ERRNO,
          "the errno of get_user_pages on the file, whatever the page is; it works if none is"
              + " given");
  private static final Field<Optional<AnchorYaml.Written>> ANCHOR =
      Field.optional(
          "anchor", AnchorYaml.WRITTEN, "what hardware, firmware or hypervisor keeps of each page");
  private static final Field<Boolean> TRUSTED_IO =
      Field.withDefault("trusted-io", Shapes.bool(), false, "devices may reach private pages");

  static final Shape<Mode> MODE =
      Shapes.checkedObject(
          "mode",
          List.of(
              CommonYaml.NAME,
              CommonYaml.SOURCE,
              PRIVATE_MEMORY,
              ADDRESS_BITS,
              GUEST_CHOOSES,
              CONVERTS,
              GET_USER_PAGES,
              ANCHOR,
              TRUSTED_IO),
          (v, report) -> {
            Mode mode =
                new Mode(
                    v.get(CommonYaml.NAME),
                    v.get(CommonYaml.SOURCE),
                    v.get(PRIVATE_MEMORY),
                    v.get(ADDRESS_BITS).intValue(),
                    v.get(GUEST_CHOOSES),
                    v.get(CONVERTS).map(it -> conversion(it, USUAL)).orElse(USUAL),
                    v.get(GET_USER_PAGES),
                    v.get(ANCHOR).map(it -> it.over(Anchor.NONE)).orElse(Anchor.NONE),
                    v.get(TRUSTED_IO));
            return check(mode, v.get(CONVERTS), v.get(ANCHOR), report.problems())
                ? Optional.of(mode)
                : Optional.empty();
          });

  /** Whether what is written means something in the mode that it makes. */
  private static boolean check(
      Mode mode,
      Optional<Values> conversion,
      Optional<AnchorYaml.Written> anchor,
      Problems problems) {
    int before = problems.count();
    anchor.ifPresent(it -> it.check(mode.anchor(), problems));
    conversion.ifPresent(
        v -> {
          for (Field<Optional<List<Located<String>>>> field : List.of(TO_PRIVATE, TO_SHARED)) {
            v.get(field).orElse(List.of()).forEach(name -> instruction(name, mode, problems));
          }
          v.get(ACCEPT).ifPresent(name -> instruction(name, mode, problems));
        });
    return problems.count() == before;
  }

  private static void instruction(Located<String> name, Mode mode, Problems problems) {
    AnchorYaml.known("instruction", name, mode.anchor().instructions().keySet(), problems);
  }

  // What a mutation changes.

  private static final Field<Optional<Boolean>> NEW_TRUSTED_IO =
      Field.optional("trusted-io", Shapes.bool(), "devices may reach private pages");
  private static final Field<Optional<Values>> NEW_CONVERSION =
      Field.optional("conversion", CONVERSION, "how the guest converts instead, as far as it says");
  private static final Field<Optional<AnchorYaml.Written>> NEW_ANCHOR =
      Field.optional(
          "anchor", AnchorYaml.WRITTEN, "what the anchor does instead, as far as it says");

  /** What a mutation changes of a scenario's mode; what it says wrongly is a problem. */
  static final Shape<Function<Mode, Function<Problems, Mode>>> CHANGE =
      Shapes.object(
          "change of a mode",
          List.of(NEW_CONVERSION, NEW_ANCHOR, NEW_TRUSTED_IO),
          v -> mode -> problems -> changed(mode, v, problems));

  private static Mode changed(Mode mode, Values v, Problems problems) {
    Mode changed =
        new Mode(
            mode.name(),
            mode.source(),
            mode.privateMemory(),
            mode.guestAddressBits(),
            mode.guestChoosesView(),
            v.get(NEW_CONVERSION)
                .map(it -> conversion(it, mode.conversion()))
                .orElse(mode.conversion()),
            mode.getUserPages(),
            v.get(NEW_ANCHOR).map(it -> it.over(mode.anchor())).orElse(mode.anchor()),
            v.get(NEW_TRUSTED_IO).orElse(mode.trustedIo()));
    check(changed, v.get(NEW_CONVERSION), v.get(NEW_ANCHOR), problems);
    return changed;
  }
}
