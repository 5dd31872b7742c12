package io.baseimage;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Arrays;

/** The arrows between the packages point down, and each heavy library has one importer. */
@AnalyzeClasses(packages = "io.baseimage", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {
  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("io.baseimage.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule imageUsesTheJdkAlone =
      classes()
          .that()
          .resideInAPackage("io.baseimage.image")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage("java..", "org.jspecify..", "io.baseimage.image");

  @ArchTest
  static final ArchRule variantVersionAndContextUseImageAlone =
      classes()
          .that()
          .resideInAnyPackage(
              "io.baseimage.variant",
              "io.baseimage.version",
              "io.baseimage.context",
              "io.baseimage.archive")
          .should(useOnly("image"));

  @ArchTest
  static final ArchRule templateUsesVariantAndImage =
      classes()
          .that()
          .resideInAPackage("io.baseimage.template")
          .should(useOnly("variant", "image"));

  @ArchTest
  static final ArchRule pipelineUsesThePurePackages =
      classes()
          .that()
          .resideInAPackage("io.baseimage.pipeline")
          .should(useOnly("image", "archive", "variant", "version", "context", "template"));

  @ArchTest
  static final ArchRule publishUsesPipelineAndThePurePackages =
      classes()
          .that()
          .resideInAPackage("io.baseimage.publish")
          .should(useOnly("image", "archive", "variant", "version", "pipeline"));

  @ArchTest
  static final ArchRule rebuildUsesPublishPipelineAndThePurePackages =
      classes()
          .that()
          .resideInAPackage("io.baseimage.rebuild")
          .should(useOnly("image", "variant", "version", "pipeline", "publish"));

  @ArchTest
  static final ArchRule upgradesUsesPipelineAndThePurePackages =
      classes()
          .that()
          .resideInAPackage("io.baseimage.upgrades")
          .should(useOnly("image", "pipeline"));

  @ArchTest
  static final ArchRule adaptersUsePipelineAndThePureAndNotEachOther =
      slices()
          .matching("io.baseimage.(engine|registry|contract|bootstrap|inventory|upgrades|report)..")
          .should()
          .notDependOnEachOther();

  @ArchTest
  static final ArchRule onlyCliUsesAdapters =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.baseimage.cli",
              "io.baseimage.engine",
              "io.baseimage.registry",
              "io.baseimage.contract",
              "io.baseimage.bootstrap",
              "io.baseimage.inventory",
              "io.baseimage.upgrades",
              "io.baseimage.report")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.baseimage.cli",
              "io.baseimage.engine",
              "io.baseimage.registry",
              "io.baseimage.contract",
              "io.baseimage.bootstrap",
              "io.baseimage.inventory",
              "io.baseimage.upgrades",
              "io.baseimage.report");

  // Testcontainers hands out docker-java's API types, so the suite sees these and nothing more.
  @ArchTest
  static final ArchRule dockerJavaHasOneImporter =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.baseimage.engine")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "com.github.dockerjava.core..",
              "com.github.dockerjava.transport..",
              "com.github.dockerjava.zerodep..");

  @ArchTest
  static final ArchRule testcontainersHasOneImporter =
      noClasses()
          .that()
          .resideOutsideOfPackages("io.baseimage.contract", "org.testcontainers..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.testcontainers..");

  // With the HTTP client that jib's types are made of.
  @ArchTest
  static final ArchRule jibHasOneImporter =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.baseimage.registry")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "com.google.cloud.tools..", "com.google.api.client..", "org.apache.http..");

  @ArchTest
  static final ArchRule cycloneDxHasOneImporter =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.baseimage.inventory")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.cyclonedx..", "com.github.packageurl..");

  @ArchTest
  static final ArchRule onlyCliTouchesSystem =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.baseimage.cli")
          .should()
          .callMethod(System.class, "exit", int.class)
          .orShould()
          .callMethod(System.class, "getenv")
          .orShould()
          .callMethod(System.class, "getenv", String.class)
          .orShould()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  private static ArchCondition<JavaClass> useOnly(String... allowed) {
    return new ArchCondition<>(
        "use only " + String.join(", ", allowed) + " of the project's packages") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        type.getDirectDependenciesFromSelf().stream()
            .filter(
                dependency -> {
                  String target = dependency.getTargetClass().getPackageName();
                  return target.startsWith("io.baseimage.")
                      && !target.equals(type.getPackageName())
                      && Arrays.stream(allowed)
                          .noneMatch(name -> target.equals("io.baseimage." + name));
                })
            .forEach(
                dependency ->
                    events.add(SimpleConditionEvent.violated(type, dependency.getDescription())));
      }
    };
  }
}
