package dev.faultline.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructorCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Map;

/** An edge says in its name who sends on it: VmmToKvm. */
@AnalyzeClasses(packages = "dev.faultline", importOptions = ImportOption.DoNotIncludeTests.class)
class MessagesTest {

  private static final String PROTOCOL = "dev.faultline.protocol.";
  private static final String MESSAGES = PROTOCOL + "message";

  /** Packages by the first half of an edge's name; several where a role is meant. */
  private static final Map<String, List<String>> SENDERS =
      Map.ofEntries(
          Map.entry("Guest", List.of("guest")),
          Map.entry("Vmm", List.of("vmm")),
          Map.entry("Kvm", List.of("kvm")),
          Map.entry("Gmem", List.of("gmem")),
          Map.entry("HostMemory", List.of("hostmemory")),
          Map.entry("Iommu", List.of("iommu")),
          Map.entry("HostIo", List.of("hostio")),
          Map.entry("Anchor", List.of("anchor")),
          Map.entry("Device", List.of("hostio")),
          // Kernel code acts on behalf of a process: get_user_pages.
          Map.entry("Process", List.of("vmm", "hostio", "kvm", "iommu")),
          Map.entry("PageUser", List.of("hostio", "iommu", "kvm")),
          // Nothing in the core sends for a script.
          Map.entry("Script", List.of()));

  /** Those that speak in the name of another: sender, message. */
  private static final List<String> EXCEPTIONS =
      List.of(
          // A thread of a process that is not the VMM's tells its siblings.
          "hostio VmmToHostIo$ProcessDied",
          // A fault ends in the inode, which answers the process itself.
          "gmem HostMemoryToProcess$Touched",
          "gmem HostMemoryToProcess$Unmapped");

  @ArchTest
  static final ArchRule a_message_is_sent_by_the_party_that_its_edge_names =
      classes()
          .that()
          .resideInAPackage(MESSAGES)
          .and()
          .haveNameMatching(".*\\.[A-Z]\\w+To[A-Z]\\w+\\$\\w+")
          .should(
              new ArchCondition<>("be made by its sender only") {
                @Override
                public void check(JavaClass message, ConditionEvents events) {
                  String name = message.getName().substring(MESSAGES.length() + 1);
                  List<String> senders = SENDERS.get(name.substring(0, name.indexOf("To")));
                  for (JavaConstructorCall call : message.getConstructorCallsToSelf()) {
                    String maker = call.getOriginOwner().getPackageName();
                    if (!maker.startsWith(PROTOCOL) || maker.equals(MESSAGES)) {
                      continue;
                    }
                    String party = maker.substring(PROTOCOL.length());
                    boolean right =
                        senders.contains(party) || EXCEPTIONS.contains(party + " " + name);
                    events.add(new SimpleConditionEvent(call, right, call.getDescription()));
                  }
                }
              });
}
