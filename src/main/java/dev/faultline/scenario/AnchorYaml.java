package dev.faultline.scenario;

import dev.faultline.protocol.design.Anchor;
import dev.faultline.protocol.design.AnchorInstruction;
import dev.faultline.protocol.design.GuestAnswer;
import dev.faultline.protocol.design.HostAnswer;
import dev.faultline.protocol.design.HostUse;
import dev.faultline.protocol.design.Moment;
import dev.faultline.protocol.design.PageState;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.message.Content;
import dev.faultline.scenario.yaml.Field;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Nearest;
import dev.faultline.scenario.yaml.Problems;
import dev.faultline.scenario.yaml.Shape;
import dev.faultline.scenario.yaml.Shapes;
import dev.faultline.scenario.yaml.Values;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The YAML of a mode's trust anchor: states of a page, instructions, and when they are given. */
final class AnchorYaml {

  private AnchorYaml() {}

  // States.

  private static final Field<Optional<Errno>> DIES =
      Field.optional("dies", CommonYaml.ERRNO, "the VM is dead; what KVM_RUN returns from now on");
  private static final Field<Optional<Errno>> FAILS_WITH =
      Field.optional("fails", CommonYaml.ERRNO, "KVM_RUN fails with this errno");
  private static final Shape<GuestAnswer> GUEST =
      Shapes.scalarOr(
          Shapes.word(
              "answer to the guest",
              Map.of("passes", new GuestAnswer.Passes(), "faults", new GuestAnswer.Faults())),
          Shapes.checkedObject(
              "answer to the guest",
              List.of(DIES, FAILS_WITH),
              (v, report) -> {
                if (v.get(DIES).isPresent() == v.get(FAILS_WITH).isPresent()) {
                  report.problem("one of \"dies\" and \"fails\", not both");
                  return Optional.empty();
                }
                return Optional.of(
                    v.get(DIES)
                        .<GuestAnswer>map(GuestAnswer.Dies::new)
                        .orElseGet(() -> new GuestAnswer.Fails(v.get(FAILS_WITH).orElseThrow())));
              }));

  private static final Map<String, List<HostUse>> USES = uses();

  private static Map<String, List<HostUse>> uses() {
    Map<String, List<HostUse>> uses = new LinkedHashMap<>();
    uses.put("user", List.of(HostUse.USER_LOAD, HostUse.USER_STORE));
    uses.put("kernel", List.of(HostUse.KERNEL_LOAD, HostUse.KERNEL_STORE));
    uses.put("device", List.of(HostUse.DEVICE_LOAD, HostUse.DEVICE_STORE));
    uses.put("user-load", List.of(HostUse.USER_LOAD));
    uses.put("user-store", List.of(HostUse.USER_STORE));
    uses.put("kernel-load", List.of(HostUse.KERNEL_LOAD));
    uses.put("kernel-store", List.of(HostUse.KERNEL_STORE));
    uses.put("device-load", List.of(HostUse.DEVICE_LOAD));
    uses.put("device-store", List.of(HostUse.DEVICE_STORE));
    return uses;
  }

  private static Map<String, HostAnswer> answers() {
    Map<String, HostAnswer> answers = new LinkedHashMap<>();
    answers.put("passes", new HostAnswer.Passes());
    answers.put("garbage", new HostAnswer.Garbage());
    answers.put("SIGBUS", new HostAnswer.Sigbus());
    answers.put("SIGSEGV", new HostAnswer.Sigsegv());
    answers.put("reclaim", new HostAnswer.Reclaims());
    for (Errno errno : Errno.values()) {
      answers.put(errno.name(), new HostAnswer.Fails(errno));
    }
    return answers;
  }

  private static final Shape<Map<HostUse, HostAnswer>> HOST_USES =
      Shapes.nonEmptyMap(
              Shapes.word("use by the host", USES),
              Shapes.word("answer to the host", answers()).located(),
              "user: SIGBUS")
          .check(
              (written, report) -> {
                Map<HostUse, HostAnswer> host = new EnumMap<>(HostUse.class);
                boolean right = true;
                for (Map.Entry<Located<List<HostUse>>, Located<HostAnswer>> entry :
                    written.entrySet()) {
                  for (HostUse use : entry.getKey().value()) {
                    Optional<String> wrong = wrong(use, entry.getValue().value());
                    if (wrong.isPresent()) {
                      report.problem(entry.getValue().at(), wrong.get());
                      right = false;
                      break;
                    }
                    host.put(use, entry.getValue().value());
                  }
                }
                return right ? Optional.of(host) : Optional.empty();
              });

  private static Optional<String> wrong(HostUse use, HostAnswer answer) {
    boolean stores =
        use == HostUse.USER_STORE || use == HostUse.KERNEL_STORE || use == HostUse.DEVICE_STORE;
    boolean ofThread = use == HostUse.USER_LOAD || use == HostUse.USER_STORE;
    boolean ofKernel = use == HostUse.KERNEL_LOAD || use == HostUse.KERNEL_STORE;
    return switch (answer) {
      case HostAnswer.Passes _, HostAnswer.Fails _ -> Optional.empty();
      case HostAnswer.Garbage _ ->
          stores
              ? Optional.of("a store reads no garbage; say it of a load: user-load, kernel-load")
              : Optional.empty();
      case HostAnswer.Sigbus _, HostAnswer.Sigsegv _ ->
          ofThread ? Optional.empty() : Optional.of("only a thread, \"user\", gets a signal");
      case HostAnswer.Reclaims _ ->
          ofKernel ? Optional.empty() : Optional.of("only the kernel asks for a page back");
    };
  }

  private static final Field<String> SAYS_STATE =
      Field.required("says", Shapes.text(), "how it is told of a page: accepted");
  private static final Field<Boolean> OWNER =
      Field.withDefault(
          "owner",
          Shapes.word("owner", Map.of("guest", true, "host", false)),
          true,
          "whose page it is: the guest's, which is never handed to the page allocator, or the"
              + " host's");
  private static final Field<Boolean> LENT =
      Field.withDefault(
          "lent", Shapes.bool(), false, "the guest lets the host use its page: lent: yes");
  private static final Field<Boolean> SECRET =
      Field.withDefault(
          "secret", Shapes.bool(), false, "what the guest keeps in it must never reach the host");
  private static final Field<GuestAnswer> GUEST_GETS =
      Field.required(
          "guest",
          GUEST,
          "what the guest's load or store gets: passes, faults, {dies: EIO} or {fails: EFAULT}");
  private static final Field<Map<HostUse, HostAnswer>> HOST_GETS =
      Field.withDefault(
          "host",
          HOST_USES,
          Map.of(),
          "what an access of the host gets; what is not named passes: {user: SIGBUS}");

  private record State(
      String says,
      boolean ofGuest,
      boolean lent,
      boolean secret,
      GuestAnswer guest,
      Map<HostUse, HostAnswer> host) {

    PageState named(String name) {
      return new PageState(name, says, ofGuest, lent, secret, guest, host);
    }
  }

  private static final Shape<State> STATE =
      Shapes.object(
          "state of a page",
          List.of(SAYS_STATE, OWNER, LENT, SECRET, GUEST_GETS, HOST_GETS),
          v ->
              new State(
                  v.get(SAYS_STATE),
                  v.get(OWNER),
                  v.get(LENT),
                  v.get(SECRET),
                  v.get(GUEST_GETS),
                  v.get(HOST_GETS)));

  // Instructions.

  private static final Shape<Content> CONTENT_WORD = CommonYaml.word("content", Content.values());
  private static final Shape<Located<String>> NAME = Shapes.identifier().located();

  private static final Field<String> SAYS =
      Field.required("says", Shapes.text(), "its name in manual or kernel: TDH.MEM.PAGE.AUG");
  private static final Field<Map<Located<String>, Located<String>>> MOVES =
      Field.withDefault(
          "moves",
          Shapes.nonEmptyMap(Shapes.identifier(), NAME, "absent: pending"),
          Map.of(),
          "what becomes of a page, by its state: {absent: pending}");
  private static final Field<Map<Located<String>, Errno>> REFUSES =
      Field.withDefault(
          "refuses",
          Shapes.nonEmptyMap(Shapes.identifier(), CommonYaml.ERRNO, "accepted: EEXIST"),
          Map.of(),
          "the errno of a page, by its state: {accepted: EEXIST}");
  private static final Field<Boolean> OTHERWISE =
      Field.withDefault(
          "otherwise",
          Shapes.word("word", Map.of("stays", true, "refused", false)),
          false,
          "a page in any other state: stays, or is refused with EIO");
  private static final Field<Map<Located<String>, Content>> CONTENT =
      Field.withDefault(
          "content",
          Shapes.nonEmptyMap(Shapes.identifier(), CONTENT_WORD, "owned: zero"),
          Map.of(),
          "what happens to the bytes of a page that moves, by its state before: {owned: zero}; keep"
              + " if it is not named");

  private record May(boolean busy, Optional<Errno> fail) {}

  private static final Field<Errno> FAIL =
      Field.required("fail", CommonYaml.ERRNO, "the errno it may fail with");
  private static final Field<May> MAY =
      Field.withDefault(
          "may",
          Shapes.scalarOr(
              Shapes.word("word", Map.of("be-busy", new May(true, Optional.empty()))),
              Shapes.object(
                  "failure", List.of(FAIL), v -> new May(false, Optional.of(v.get(FAIL))))),
          new May(false, Optional.empty()),
          "where a scenario leaves it open: be-busy (anchor-busy), or {fail: ENOMEM}"
              + " (allocation-fails; anchor-busy for any other errno)");
  private static final Field<Optional<Errno>> TOLD =
      Field.optional(
          "told", CommonYaml.ERRNO, "what the guest hears whatever the errno of the refusal is");
  private static final Field<Boolean> NEEDS =
      Field.withDefault(
          "needs",
          Shapes.word("need", Map.of("every-vcpu-out", true, "nothing", false)),
          false,
          "it waits until every vCPU has left the guest: every-vcpu-out");

  private record Instruction(
      String says,
      Map<Located<String>, Located<String>> moves,
      Map<Located<String>, Errno> refuses,
      boolean otherwise,
      Map<Located<String>, Content> content,
      May may,
      Optional<Errno> told,
      boolean vcpusOut) {

    AnchorInstruction named(String name) {
      SortedMap<String, String> to = new TreeMap<>();
      moves.forEach((from, state) -> to.put(from.value(), state.value()));
      return new AnchorInstruction(
          name,
          says,
          to,
          plain(refuses),
          otherwise || moves.isEmpty() && refuses.isEmpty(),
          plain(content),
          may.busy(),
          may.fail(),
          told,
          vcpusOut);
    }
  }

  private static <T> SortedMap<String, T> plain(Map<Located<String>, T> written) {
    SortedMap<String, T> map = new TreeMap<>();
    written.forEach((key, value) -> map.put(key.value(), value));
    return map;
  }

  private static final Shape<Instruction> INSTRUCTION =
      Shapes.object(
          "instruction",
          List.of(SAYS, MOVES, REFUSES, OTHERWISE, CONTENT, MAY, TOLD, NEEDS),
          v ->
              new Instruction(
                  v.get(SAYS),
                  v.get(MOVES),
                  v.get(REFUSES),
                  v.get(OTHERWISE),
                  v.get(CONTENT),
                  v.get(MAY),
                  v.get(TOLD),
                  v.get(NEEDS)));

  // The whole.

  private static final Field<Optional<Anchor.Checks>> CHECKS =
      Field.optional(
          "checks",
          CommonYaml.word("choice", Anchor.Checks.values()),
          "whose accesses go by its table: of private mappings, all, or none");
  private static final Field<Map<Located<String>, State>> STATES =
      Field.withDefault(
          "states",
          Shapes.nonEmptyMap(Shapes.identifier(), STATE, "pending: {says: given, guest: faults}"),
          Map.of(),
          "what a page can be; what the anchor does not know is absent");
  private static final Field<Map<Located<String>, Instruction>> INSTRUCTIONS =
      Field.withDefault(
          "instructions",
          Shapes.nonEmptyMap(
              Shapes.identifier(), INSTRUCTION, "block: {says: BLOCK, moves: {accepted: blocked}}"),
          Map.of(),
          "what it can be told");
  private static final Shape<Moment> MOMENT =
      Shapes.word("moment", List.of(Moment.values()), Moment::word);
  private static final Field<Map<Located<Moment>, List<Located<String>>>> WHEN =
      Field.withDefault(
          "when",
          Shapes.nonEmptyMap(
              MOMENT, Shapes.scalarOr(NAME.map(List::of), Shapes.list(NAME)), "map: augment"),
          Map.of(),
          "which instruction the kernel gives at a moment: {map: augment}; a list at unmap");
  private static final Field<Optional<List<Moment>>> IGNORED =
      Field.optional(
          "ignored",
          Shapes.list(MOMENT),
          "moments at which the kernel does not look at the answer");

  private static final List<Field<?>> FIELDS = List.of(CHECKS, STATES, INSTRUCTIONS, WHEN, IGNORED);

  /** What a mode's file says of its anchor, or a mutation of that of a mode. */
  static final Shape<Written> WRITTEN = Shapes.object("trust anchor", FIELDS, Written::new);

  /** It, before names are looked up: a mutation names states of the mode that it changes. */
  record Written(Values values) {

    /** The anchor that it makes of another: what it says, in place of what that one says. */
    Anchor over(Anchor base) {
      TreeMap<String, PageState> states = new TreeMap<>(base.states());
      values.get(STATES).forEach((name, it) -> states.put(name.value(), it.named(name.value())));
      TreeMap<String, AnchorInstruction> instructions = new TreeMap<>(base.instructions());
      values
          .get(INSTRUCTIONS)
          .forEach((name, it) -> instructions.put(name.value(), it.named(name.value())));
      Map<Moment, List<String>> when = new EnumMap<>(Moment.class);
      when.putAll(base.when());
      values
          .get(WHEN)
          .forEach(
              (moment, names) ->
                  when.put(moment.value(), names.stream().map(Located::value).toList()));
      when.values().removeIf(List::isEmpty);
      return new Anchor(
          values.get(CHECKS).orElse(base.checks()),
          states,
          instructions,
          when,
          values.get(IGNORED).orElse(base.ignored()));
    }

    /** Says what is wrong with what is written here, in the anchor that it makes. */
    void check(Anchor made, Problems problems) {
      for (Instruction instruction : values.get(INSTRUCTIONS).values()) {
        instruction
            .moves()
            .forEach(
                (from, to) -> {
                  known("state", from, made.states().keySet(), problems);
                  known("state", to, made.states().keySet(), problems);
                });
        for (Located<String> from : instruction.refuses().keySet()) {
          known("state", from, made.states().keySet(), problems);
        }
        for (Located<String> from : instruction.content().keySet()) {
          known("state", from, made.states().keySet(), problems);
          boolean moves =
              instruction.moves().keySet().stream().anyMatch(it -> it.value().equals(from.value()));
          if (!moves) {
            problems.add(from.at(), "a page that is " + from.value() + " does not move");
          }
        }
      }
      values
          .get(WHEN)
          .forEach(
              (moment, names) -> {
                names.forEach(
                    name -> known("instruction", name, made.instructions().keySet(), problems));
                if (names.size() > 1 && moment.value() != Moment.UNMAP) {
                  problems.add(moment.at(), "only at \"unmap\" there is more than one instruction");
                }
              });
      checkWhole(made, problems);
    }

    private void checkWhole(Anchor made, Problems problems) {
      boolean maps = made.acts(Moment.MAP) || made.acts(Moment.GET_PRIVATE);
      if (made.checks() != Anchor.Checks.NONE && !maps) {
        problems.add(
            values.at(),
            "accesses that the anchor checks need an instruction at \"map\" or \"get-private\";"
                + " without it the guest's fault would come again for ever");
      }
      boolean reclaims =
          made.states().values().stream()
              .anyMatch(state -> state.host().containsValue(new HostAnswer.Reclaims()));
      if (reclaims && !made.acts(Moment.KERNEL_ACCESS)) {
        problems.add(
            values.at(),
            "a page that the kernel reclaims needs an instruction at \"kernel-access\"");
      }
    }
  }

  /** Says that a name is none of some. */
  static void known(
      String what, Located<String> name, Collection<String> known, Problems problems) {
    if (!known.contains(name.value())) {
      problems.add(
          name.at(),
          "unknown " + what + " \"" + name.value() + "\"" + Nearest.hint(name.value(), known));
    }
  }
}
