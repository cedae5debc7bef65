package dev.faultline.scenario;

import dev.faultline.protocol.design.VmmProfile;
import dev.faultline.protocol.design.VmmProfile.VmmAct;
import dev.faultline.protocol.memory.Errno;
import dev.faultline.scenario.yaml.Field;
import dev.faultline.scenario.yaml.Shape;
import dev.faultline.scenario.yaml.Shapes;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The YAML of VMMs. */
final class VmmYaml {

  private VmmYaml() {}

  private static final Shape<List<VmmAct>> VMM_ACTS =
      Shapes.list(CommonYaml.word("step", VmmAct.values()));
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

  /** How a conversion ends that stays blocked. */
  private record Then(Optional<Errno> ret, boolean givesUp) {}

  private static Map<String, Then> thens() {
    Map<String, Then> words = new LinkedHashMap<>();
    words.put("EAGAIN", new Then(Optional.of(Errno.EAGAIN), true));
    words.put("EINVAL", new Then(Optional.of(Errno.EINVAL), true));
    words.put("stop", new Then(Optional.empty(), true));
    words.put("again", new Then(Optional.empty(), false));
    return words;
  }

  private static final Field<Then> THEN =
      Field.required(
          "then",
          Shapes.word("end of a blocked conversion", thens()),
          "hypercall.ret when retrying did not help, or stop; or again: it never gives up");
  private static final Field<VmmProfile.Blocked> BLOCKED =
      Field.required(
          "blocked",
          Shapes.object(
              "policy",
              List.of(FIX, RETRIES, WAIT, THEN),
              v ->
                  new VmmProfile.Blocked(
                      v.get(FIX),
                      v.get(RETRIES).intValue(),
                      v.get(WAIT),
                      v.get(THEN).ret(),
                      v.get(THEN).givesUp())),
          "what it does when the call says that pages are in use");
  private static final Field<VmmProfile.MemoryFault> MEMORY_FAULT =
      Field.required(
          "memory-fault",
          CommonYaml.word("answer to a memory fault", VmmProfile.MemoryFault.values()),
          "what it does with KVM_EXIT_MEMORY_FAULT: convert, stop or skip");

  // What a mutation changes.

  private static final Field<Optional<List<VmmAct>>> NEW_TO_PRIVATE =
      Field.optional("to-private", CONVERSION, "other steps of a conversion to private");
  private static final Field<Optional<List<VmmAct>>> NEW_TO_SHARED =
      Field.optional("to-shared", CONVERSION, "other steps of a conversion to shared");
  private static final Field<Optional<VmmProfile.Blocked>> NEW_BLOCKED =
      Field.optional("blocked", BLOCKED.shape(), "what it does instead when pages are in use");
  private static final Field<Optional<VmmProfile.MemoryFault>> NEW_MEMORY_FAULT =
      Field.optional("memory-fault", MEMORY_FAULT.shape(), "convert or stop");

  /** What a mutation changes of a scenario's VMM. */
  static final Shape<UnaryOperator<VmmProfile>> CHANGE =
      Shapes.object(
          "change of a VMM",
          List.of(NEW_TO_PRIVATE, NEW_TO_SHARED, NEW_BLOCKED, NEW_MEMORY_FAULT),
          v ->
              vmm ->
                  new VmmProfile(
                      vmm.name(),
                      vmm.source(),
                      v.get(NEW_TO_PRIVATE).orElse(vmm.toPrivate()),
                      v.get(NEW_TO_SHARED).orElse(vmm.toShared()),
                      v.get(NEW_BLOCKED).orElse(vmm.blocked()),
                      v.get(NEW_MEMORY_FAULT).orElse(vmm.memoryFault())));

  static final Shape<VmmProfile> VMM =
      Shapes.object(
          "vmm",
          List.of(CommonYaml.NAME, CommonYaml.SOURCE, CONVERT, BLOCKED, MEMORY_FAULT),
          v ->
              new VmmProfile(
                  v.get(CommonYaml.NAME),
                  v.get(CommonYaml.SOURCE),
                  v.get(CONVERT).toPrivate(),
                  v.get(CONVERT).toShared(),
                  v.get(BLOCKED),
                  v.get(MEMORY_FAULT)));
}
