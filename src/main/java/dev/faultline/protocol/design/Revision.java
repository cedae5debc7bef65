package dev.faultline.protocol.design;

import dev.faultline.protocol.memory.Errno;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A design of the kernel's side of conversion, as a series of patches has it.
 *
 * @param name as in {@code --revision}
 * @param source the series, its version and date
 * @param attributes whose attributes say what is private
 * @param call the ioctl that converts
 * @param checks of its arguments, in order
 * @param blocked the errno by which the call says that pages are in use
 * @param first how a file stands at first
 * @param firstByMode the same for modes whose type of VM makes a difference, by the mode's name
 * @param breaks properties that the series itself breaks in some story; said here so that nobody
 *     takes them for mistakes of the model
 * @param gmemFlags the flags of KVM_CREATE_GUEST_MEMFD
 * @param extensions what KVM_CHECK_EXTENSION knows; 0 for any other
 * @param operations what each operation does
 */
public record Revision(
    String name,
    String source,
    Site attributes,
    ConvertCall call,
    List<ArgumentCheck> checks,
    Errno blocked,
    FirstState first,
    Map<String, FirstState> firstByMode,
    List<String> breaks,
    GmemFlags gmemFlags,
    List<Extension> extensions,
    Map<Operation, Program> operations) {

  public Revision {
    checks = List.copyOf(checks);
    firstByMode = Collections.unmodifiableMap(new TreeMap<>(firstByMode));
    breaks = List.copyOf(breaks);
    extensions = List.copyOf(extensions);
    operations = Collections.unmodifiableMap(new EnumMap<>(operations));
  }

  /** The same, where a property that the design is known to break is to hold. */
  public Revision keeping(String property) {
    return new Revision(
        name,
        source,
        attributes,
        call,
        checks,
        blocked,
        first,
        firstByMode,
        breaks.stream().filter(broken -> !broken.equals(property)).toList(),
        gmemFlags,
        extensions,
        operations);
  }

  /** How a file stands at first that is bound to a VM of a mode. */
  public FirstState first(Mode mode) {
    return firstByMode.getOrDefault(mode.name(), first);
  }

  /** The same in a mode: without the calls of its platform that do nothing there. */
  public Revision under(Mode mode) {
    Map<Operation, Program> left = new EnumMap<>(Operation.class);
    operations.forEach(
        (operation, program) ->
            left.put(
                operation,
                operation.moments().stream().anyMatch(mode.anchor()::acts)
                    ? program
                    : program.without(Act.TellAnchor.class)));
    return new Revision(
        name,
        source,
        attributes,
        call,
        checks,
        blocked,
        first,
        firstByMode,
        breaks,
        gmemFlags,
        extensions,
        left);
  }

  /** What the operation does; a revision that does not have it cannot be asked for it. */
  public Program program(Operation operation) {
    Program program = operations.get(operation);
    if (program == null) {
      throw new IllegalArgumentException("revision " + name + " has no " + operation.word());
    }
    return program;
  }

  public Optional<Program> find(Operation operation) {
    return Optional.ofNullable(operations.get(operation));
  }

  /** The first check that decides about the arguments of the conversion call. */
  public Optional<ArgumentCheck> decidingCheck(ArgumentCheck.Arguments arguments) {
    return checks.stream().filter(check -> check.when().holds(arguments)).findFirst();
  }

  /** What is known of an extension; of any other it is that it is not there. */
  public Extension extension(long number) {
    return extensions.stream()
        .filter(extension -> extension.number() == number)
        .findFirst()
        .orElse(new Extension(number, 0, 0, 0));
  }

  /** Whether a guest's shared pages are found through the user address of their memslot. */
  public boolean sharedThroughMapping() {
    return program(Operation.GUEST_FAULT)
        .find(act -> act instanceof Act.GetPage(SharedPages shared) && shared != SharedPages.INODE)
        .isPresent();
  }
}
