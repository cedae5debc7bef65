package dev.faultline.scenario;

import dev.faultline.property.Properties;
import dev.faultline.protocol.design.ArgumentCheck;
import dev.faultline.protocol.design.ConvertCall;
import dev.faultline.protocol.design.Extension;
import dev.faultline.protocol.design.FirstState;
import dev.faultline.protocol.design.GmemFlag;
import dev.faultline.protocol.design.GmemFlags;
import dev.faultline.protocol.design.Operation;
import dev.faultline.protocol.design.Site;
import dev.faultline.protocol.design.StartCall;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.protocol.message.View;
import dev.faultline.scenario.LinesYaml.Line;
import dev.faultline.scenario.yaml.Field;
import dev.faultline.scenario.yaml.Located;
import dev.faultline.scenario.yaml.Position;
import dev.faultline.scenario.yaml.Shape;
import dev.faultline.scenario.yaml.Shapes;
import dev.faultline.scenario.yaml.Values;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The YAML of revisions: whole ones, and ones that say what is different from another ({@code
 * based-on}).
 */
final class RevisionYaml {

  private RevisionYaml() {}

  /**
   * A revision's file, before it is known what it builds on.
   *
   * @param at where it starts
   * @param operations the lists that it says anew
   * @param drop lines that are left out
   * @param move lines that stand elsewhere: {@code before unmap-host}
   * @param swap lines that change places
   * @param change acts with another argument
   */
  record File(
      Position at,
      String name,
      String source,
      Optional<Located<String>> basedOn,
      Optional<Site> attributes,
      Optional<ConvertCall> call,
      Optional<List<ArgumentCheck>> checks,
      Optional<Errno> blocked,
      First first,
      Map<String, First> firstByMode,
      Optional<List<String>> breaks,
      Optional<GmemFlags> gmemFlags,
      Optional<List<Extension>> extensions,
      Map<Operation, List<Line>> operations,
      Map<Located<Operation>, List<Located<String>>> drop,
      Map<Located<Operation>, Map<Located<String>, Located<String>>> move,
      Map<Located<Operation>, Map<Located<String>, Located<String>>> swap,
      Map<Located<Operation>, List<Line>> change) {}

  /** How a file stands at first, as far as it is said. */
  record First(
      Optional<Boolean> hostFaults, Optional<View> pages, Optional<List<StartCall>> start) {
    static final First UNSAID = new First(Optional.empty(), Optional.empty(), Optional.empty());

    /** All of it; what is not said is as in another. */
    FirstState over(FirstState other) {
      return new FirstState(
          hostFaults.orElse(other.hostFaults()),
          pages.or(other::pages),
          start.orElse(other.start()));
    }
  }

  private static final Field<String> SOURCE =
      Field.required("source", Shapes.text(), "series, version, message id");
  private static final Field<Optional<Located<String>>> BASED_ON =
      Field.optional(
          "based-on", Shapes.text().located(), "another revision; only differences follow");

  private static final Field<Optional<Site>> ATTRIBUTES =
      Field.optional("attributes", LinesYaml.SITE, "where the attributes lie: inode or vm");

  private static final Field<ArgumentCheck.When> WHEN =
      Field.required(
          "when",
          CommonYaml.word("argument check", ArgumentCheck.When.values()),
          "what is wrong with the arguments");
  private static final Field<Optional<Errno>> ERRNO_OF =
      Field.optional("errno", CommonYaml.ERRNO, "what the call returns then");
  private static final Field<Boolean> SUCCEEDS =
      Field.withDefault(
          "succeeds", Shapes.bool(), false, "yes: the call succeeds then, and does nothing");
  private static final Field<Optional<List<ArgumentCheck>>> REFUSE =
      Field.optional(
          "refuse",
          Shapes.list(
              Shapes.checkedObject(
                  "refusal",
                  List.of(WHEN, ERRNO_OF, SUCCEEDS),
                  (v, report) -> {
                    if (v.get(ERRNO_OF).isPresent() == v.get(SUCCEEDS)) {
                      report.problem(
                          "a check of arguments needs \"errno\" or \"succeeds: yes\", one of the"
                              + " two");
                      return Optional.empty();
                    }
                    return Optional.of(new ArgumentCheck(v.get(WHEN), v.get(ERRNO_OF)));
                  })),
          "checks of the arguments; the first that applies decides");
  private static final Field<Optional<ConvertCall>> CALL =
      Field.optional(
          "call",
          Shapes.word("conversion call", List.of(ConvertCall.values()), ConvertCall::name),
          "the ioctl that converts");
  private static final Field<Optional<Errno>> BLOCKED =
      Field.optional("blocked", CommonYaml.ERRNO, "how the call says that pages are in use");
  private static final Field<Optional<List<Line>>> TO_PRIVATE =
      Field.optional("to-private", LinesYaml.LINES, "the acts, shared to private");
  private static final Field<Optional<List<Line>>> TO_SHARED =
      Field.optional("to-shared", LinesYaml.LINES, "the acts, private to shared");

  private static final Field<Optional<Values>> CONVERT =
      Field.optional(
          "convert",
          Shapes.object(
              "conversion", List.of(CALL, REFUSE, BLOCKED, TO_PRIVATE, TO_SHARED), v -> v),
          "the conversion call");
  private static final Field<Optional<Values>> AGREE =
      Field.optional(
          "agree",
          Shapes.object("agreement", List.of(TO_PRIVATE, TO_SHARED), v -> v),
          "what the inode does when KVM asks it to agree");

  private static final Field<View> SET =
      Field.required("set", CommonYaml.VIEW, "the view that is set");
  private static final Field<StartCall.Over> OVER =
      Field.required(
          "over",
          CommonYaml.word("choice of ranges", StartCall.Over.values()),
          "all, or the ranges that the scenario wants private or shared");
  private static final Field<Optional<List<StartCall>>> START =
      Field.optional(
          "start",
          Shapes.list(
              Shapes.object(
                  "call", List.of(SET, OVER), v -> new StartCall(v.get(SET), v.get(OVER)))),
          "calls that bring memory to the first view of a scenario");
  private static final Field<Optional<Boolean>> AT_FIRST =
      Field.optional(
          "host-faults-at-first",
          Shapes.word("word", Map.of("allowed", true, "forbidden", false)),
          "whether the file lets host faults through before any call");
  private static final Field<Optional<View>> PAGES_AT_FIRST =
      Field.optional(
          "pages-at-first",
          CommonYaml.VIEW,
          "what all pages are before any call: private where the attributes are the file's, unless"
              + " it is said");
  private static final Field<Map<String, First>> OF_MODE =
      Field.withDefault(
          "of-mode",
          Shapes.nonEmptyMap(
                  Shapes.fileName(),
                  Shapes.object(
                      "state at first",
                      List.of(AT_FIRST, PAGES_AT_FIRST, START),
                      v -> new First(v.get(AT_FIRST), v.get(PAGES_AT_FIRST), v.get(START))),
                  "sw-protected: {host-faults-at-first: allowed}")
              .map(RevisionYaml::byName),
          Map.of(),
          "what is otherwise at first where the VM is of the type of a mode, by the mode's name");

  private static Map<String, First> byName(Map<Located<String>, First> located) {
    Map<String, First> named = new TreeMap<>();
    located.forEach((name, first) -> named.put(name.value(), first));
    return named;
  }

  private static final Field<Optional<List<String>>> BREAKS =
      Field.optional(
          "breaks",
          Shapes.list(Shapes.word("property", Properties.names(), name -> name)),
          "properties that the series itself breaks in some story");

  private static final Shape<List<GmemFlag>> FLAGS =
      Shapes.list(CommonYaml.word("flag of a gmem file", GmemFlag.values()));
  private static final Field<List<GmemFlag>> FLAGS_WITH =
      Field.withDefault(
          "with-private-memory", FLAGS, List.of(), "on a VM whose type has private memory");
  private static final Field<List<GmemFlag>> FLAGS_WITHOUT =
      Field.withDefault("without", FLAGS, List.of(), "on any other VM");
  private static final Field<Optional<GmemFlags>> GMEM_FLAGS =
      Field.optional(
          "gmem-flags",
          Shapes.object(
              "set of flags",
              List.of(FLAGS_WITH, FLAGS_WITHOUT),
              v -> new GmemFlags(v.get(FLAGS_WITH), v.get(FLAGS_WITHOUT))),
          "the flags that KVM_CREATE_GUEST_MEMFD knows");

  private static Field<Long> value(String name, String doc) {
    return Field.required(name, Shapes.integer(0, Integer.MAX_VALUE), doc);
  }

  private static final Field<Long> NUMBER = value("number", "KVM_CAP_*");
  private static final Field<Long> SYSTEM = value("system", "the answer on /dev/kvm");
  private static final Field<Long> CAP_WITH =
      value("with-private-memory", "the answer on a VM whose type has private memory");
  private static final Field<Long> CAP_WITHOUT = value("without", "the answer on any other VM");
  private static final Field<Optional<List<Extension>>> EXTENSIONS =
      Field.optional(
          "extensions",
          Shapes.list(
              Shapes.object(
                  "extension",
                  List.of(NUMBER, SYSTEM, CAP_WITH, CAP_WITHOUT),
                  v ->
                      new Extension(
                          v.get(NUMBER), v.get(SYSTEM), v.get(CAP_WITH), v.get(CAP_WITHOUT)))),
          "what KVM_CHECK_EXTENSION answers; 0 for any other number");

  private static Field<Optional<List<Line>>> operation(Operation operation) {
    return Field.optional(operation.word(), LinesYaml.LINES, "the acts of " + operation.word());
  }

  private static final Map<Operation, Field<Optional<List<Line>>>> OPERATIONS = operations();

  private static Map<Operation, Field<Optional<List<Line>>>> operations() {
    Map<Operation, Field<Optional<List<Line>>>> fields = new EnumMap<>(Operation.class);
    for (Operation operation : Operation.values()) {
      if (!operation.word().contains(".")) {
        fields.put(operation, operation(operation));
      }
    }
    return fields;
  }

  // Differences.

  private static final Shape<Operation> OPERATION =
      Shapes.word("operation", List.of(Operation.values()), Operation::word);
  private static final Field<Map<Located<Operation>, List<Located<String>>>> DROP =
      Field.withDefault(
          "drop",
          Shapes.nonEmptyMap(
              OPERATION, Shapes.nonEmpty(Shapes.text().located()), "host-fault: [zero-if-new]"),
          Map.of(),
          "acts and holds that are left out, by operation");
  private static final Field<Map<Located<Operation>, Map<Located<String>, Located<String>>>> MOVE =
      Field.withDefault(
          "move",
          Shapes.nonEmptyMap(
              OPERATION,
              Shapes.nonEmptyMap(
                  Shapes.text(), Shapes.text().located(), "unmap-host: after check-references"),
              "convert.to-private: {unmap-host: after check-references}"),
          Map.of(),
          "acts that stand elsewhere, by operation: {check-references: before unmap-host}");

  private static final Field<Map<Located<Operation>, Map<Located<String>, Located<String>>>> SWAP =
      Field.withDefault(
          "swap",
          Shapes.nonEmptyMap(
              OPERATION,
              Shapes.nonEmptyMap(
                  Shapes.text(),
                  Shapes.text().located(),
                  "store-attributes: invalidate-guest-begin"),
              "convert.to-private: {store-attributes: invalidate-guest-begin}"),
          Map.of(),
          "lines that change places, by operation: {store-attributes: invalidate-guest-begin}");
  private static final Field<Map<Located<Operation>, List<Line>>> CHANGE =
      Field.withDefault(
          "change",
          Shapes.nonEmptyMap(
              OPERATION, LinesYaml.LINES, "convert.to-private: [{invalidate-guest-begin: all}]"),
          Map.of(),
          "acts with another argument, by operation: [{invalidate-guest-begin: all}]");

  private static final List<Field<?>> EDITS = List.of(DROP, MOVE, SWAP, CHANGE);

  private static List<Field<?>> fields() {
    List<Field<?>> fields =
        new ArrayList<>(
            List.of(
                CommonYaml.NAME,
                SOURCE,
                BASED_ON,
                ATTRIBUTES,
                CONVERT,
                AGREE,
                START,
                AT_FIRST,
                PAGES_AT_FIRST,
                OF_MODE,
                BREAKS,
                GMEM_FLAGS,
                EXTENSIONS));
    fields.addAll(EDITS);
    fields.addAll(OPERATIONS.values());
    return fields;
  }

  static final Shape<File> FILE = Shapes.object("revision", fields(), RevisionYaml::file);

  private static File file(Values values) {
    Optional<Values> convert = values.get(CONVERT);
    return new File(
        values.at(),
        values.get(CommonYaml.NAME),
        values.get(SOURCE),
        values.get(BASED_ON),
        values.get(ATTRIBUTES),
        convert.flatMap(v -> v.get(CALL)),
        convert.flatMap(v -> v.get(REFUSE)),
        convert.flatMap(v -> v.get(BLOCKED)),
        new First(values.get(AT_FIRST), values.get(PAGES_AT_FIRST), values.get(START)),
        values.get(OF_MODE),
        values.get(BREAKS),
        values.get(GMEM_FLAGS),
        values.get(EXTENSIONS),
        lists(convert, values.get(AGREE), values),
        values.get(DROP),
        values.get(MOVE),
        values.get(SWAP),
        values.get(CHANGE));
  }

  // What a mutation says of a revision: lists and differences.

  private static final Field<Optional<Values>> CONVERT_LISTS =
      Field.optional(
          "convert",
          Shapes.object("conversion", List.of(TO_PRIVATE, TO_SHARED), v -> v),
          "the acts of the conversion call");

  /** The fields of a mutation that change its revision. */
  static List<Field<?>> changes() {
    List<Field<?>> fields = new ArrayList<>(List.of(CONVERT_LISTS, AGREE));
    fields.addAll(EDITS);
    fields.addAll(OPERATIONS.values());
    return fields;
  }

  /** The revision that a mutation makes. */
  static File changed(Values values, String name, String source, Located<String> basedOn) {
    return new File(
        values.at(),
        name,
        source,
        Optional.of(basedOn),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        First.UNSAID,
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        lists(values.get(CONVERT_LISTS), values.get(AGREE), values),
        values.get(DROP),
        values.get(MOVE),
        values.get(SWAP),
        values.get(CHANGE));
  }

  private static Map<Operation, List<Line>> lists(
      Optional<Values> convert, Optional<Values> agree, Values values) {
    Map<Operation, List<Line>> lists = new EnumMap<>(Operation.class);
    put(lists, Operation.CONVERT_TO_PRIVATE, convert.flatMap(v -> v.get(TO_PRIVATE)));
    put(lists, Operation.CONVERT_TO_SHARED, convert.flatMap(v -> v.get(TO_SHARED)));
    put(lists, Operation.AGREE_TO_PRIVATE, agree.flatMap(v -> v.get(TO_PRIVATE)));
    put(lists, Operation.AGREE_TO_SHARED, agree.flatMap(v -> v.get(TO_SHARED)));
    OPERATIONS.forEach((operation, field) -> put(lists, operation, values.get(field)));
    return lists;
  }

  private static void put(
      Map<Operation, List<Line>> lists, Operation operation, Optional<List<Line>> lines) {
    lines.ifPresent(it -> lists.put(operation, it));
  }
}
