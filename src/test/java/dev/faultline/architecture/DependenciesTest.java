package dev.faultline.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** Who may see whom. Dependencies point one way, and the core sees only the JDK. */
@AnalyzeClasses(packages = "dev.faultline", importOptions = ImportOption.DoNotIncludeTests.class)
class DependenciesTest {

  private static final String[] CORE = {
    "dev.faultline.protocol..", "dev.faultline.world..", "dev.faultline.property.."
  };

  private static final String[] PARTIES = {
    "dev.faultline.protocol.guest..",
    "dev.faultline.protocol.vmm..",
    "dev.faultline.protocol.kvm..",
    "dev.faultline.protocol.gmem..",
    "dev.faultline.protocol.hostmemory..",
    "dev.faultline.protocol.iommu..",
    "dev.faultline.protocol.hostio..",
    "dev.faultline.protocol.anchor.."
  };

  /** The layers of the core and what is built on it, the lowest first. */
  private static final List<String> LAYERS =
      List.of(
          "memory",
          "message",
          "design",
          "protocol",
          "parties",
          "world",
          "property",
          "journal",
          "explore",
          "scenario",
          "runtime",
          "view",
          "conform",
          "cli");

  private static String[] above(String layer) {
    return LAYERS.subList(LAYERS.indexOf(layer) + 1, LAYERS.size()).toArray(String[]::new);
  }

  @ArchTest
  static final ArchRule the_core_sees_only_the_jdk =
      classes()
          .that()
          .resideInAnyPackage(CORE)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.jspecify..",
              "dev.faultline.protocol..",
              "dev.faultline.world..",
              "dev.faultline.property..");

  @ArchTest
  static final ArchRule the_core_has_no_clock_no_input_no_thread_and_no_chance =
      noClasses()
          .that()
          .resideInAnyPackage(CORE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.io..",
              "java.nio..",
              "java.net..",
              "java.time..",
              "java.util.concurrent..",
              "java.util.logging..")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.Random")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.lang.Thread")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(Math.class, "random");

  @ArchTest
  static final ArchRule the_core_iterates_in_a_defined_order =
      noClasses()
          .that()
          .resideInAnyPackage(CORE)
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.HashMap")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.HashSet")
          .orShould()
          .callMethodWhere(
              target(owner(name("java.util.Set"))).and(target(nameMatching("of|copyOf"))))
          .orShould()
          .callMethodWhere(
              target(owner(name("java.util.Map")))
                  .and(target(nameMatching("of|ofEntries|copyOf"))));

  @ArchTest
  static final ArchRule layers_point_one_way =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.faultline..")
          .layer("memory")
          .definedBy("dev.faultline.protocol.memory")
          .layer("message")
          .definedBy("dev.faultline.protocol.message")
          .layer("design")
          .definedBy("dev.faultline.protocol.design")
          .layer("protocol")
          .definedBy("dev.faultline.protocol")
          .layer("parties")
          .definedBy(PARTIES)
          .layer("world")
          .definedBy("dev.faultline.world")
          .layer("property")
          .definedBy("dev.faultline.property..")
          .layer("journal")
          .definedBy("dev.faultline.journal..")
          .layer("explore")
          .definedBy("dev.faultline.explore..")
          .layer("scenario")
          .definedBy("dev.faultline.scenario..")
          .layer("runtime")
          .definedBy("dev.faultline.runtime..")
          .layer("view")
          .definedBy("dev.faultline.view..")
          .layer("conform")
          .definedBy("dev.faultline.conform..")
          .layer("cli")
          .definedBy("dev.faultline.cli..")
          .whereLayer("memory")
          .mayNotAccessAnyLayer()
          .whereLayer("message")
          .mayOnlyAccessLayers("memory")
          .whereLayer("message")
          .mayOnlyBeAccessedByLayers(above("message"))
          .whereLayer("design")
          .mayOnlyAccessLayers("memory", "message")
          .whereLayer("design")
          .mayOnlyBeAccessedByLayers(above("design"))
          .whereLayer("protocol")
          .mayOnlyAccessLayers("memory", "message", "design")
          .whereLayer("protocol")
          .mayOnlyBeAccessedByLayers(above("protocol"))
          .whereLayer("parties")
          .mayOnlyAccessLayers("memory", "message", "design", "protocol")
          .whereLayer("parties")
          .mayOnlyBeAccessedByLayers(above("parties"))
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("conform")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("view")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("runtime")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("scenario")
          .mayOnlyBeAccessedByLayers("runtime", "view", "conform", "cli")
          .whereLayer("explore")
          .mayOnlyAccessLayers(
              "memory", "message", "design", "protocol", "parties", "world", "property")
          .whereLayer("explore")
          .mayOnlyBeAccessedByLayers("scenario", "view", "cli")
          .whereLayer("journal")
          .mayOnlyBeAccessedByLayers("scenario", "runtime", "view", "cli")
          .whereLayer("property")
          .mayOnlyBeAccessedByLayers(
              "journal", "explore", "scenario", "runtime", "view", "conform", "cli")
          .whereLayer("world")
          .mayOnlyBeAccessedByLayers(
              "property", "journal", "explore", "scenario", "runtime", "view", "conform", "cli");

  @ArchTest
  static final ArchRule conform_sees_the_core_and_how_mistakes_are_told =
      classes()
          .that()
          .resideInAPackage("dev.faultline.conform..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.jspecify..",
              "dev.faultline.protocol..",
              "dev.faultline.world..",
              "dev.faultline.property..",
              "dev.faultline.conform..",
              "dev.faultline.scenario.yaml..");

  @ArchTest
  static final ArchRule parties_see_only_messages_and_what_is_below =
      slices()
          .matching("dev.faultline.protocol.(guest|vmm|kvm|gmem|hostmemory|iommu|hostio|anchor)..")
          .should()
          .notDependOnEachOther();

  @ArchTest
  static final ArchRule the_protocol_knows_no_world =
      noClasses()
          .that()
          .resideInAPackage("dev.faultline.protocol..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.faultline.world..", "dev.faultline.property..");

  @ArchTest
  static final ArchRule there_are_no_cycles =
      slices().matching("dev.faultline.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule there_are_no_cycles_within_the_protocol =
      slices().matching("dev.faultline.protocol.(*)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule akka_is_only_in_the_runtime =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.faultline.runtime..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("akka..");

  @ArchTest
  static final ArchRule jackson_is_only_in_journal_and_scenario_codecs =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.faultline.journal..", "dev.faultline.scenario..", "dev.faultline.runtime..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.fasterxml..");

  @ArchTest
  static final ArchRule picocli_is_only_in_the_command_line =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.faultline.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("picocli..");
}
