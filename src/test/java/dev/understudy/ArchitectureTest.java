package dev.understudy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvent;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.NullMarked;

/** Holds the house together: which room there is, on which floor, and what it may see. */
@AnalyzeClasses(packages = "dev.understudy", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

  /** A room sees only the floors below it; rooms on one floor do not see each other. */
  private static final List<List<String>> FLOORS =
      List.of(
          List.of("money", "json", "text", "statistics"),
          List.of("chat"),
          List.of("protocol", "pricing", "exchange", "gain"),
          List.of("vendor", "routing", "access", "capacity"),
          List.of("evaluation", "rollout", "contract", "ledger", "limits"),
          List.of("settlement", "continuity"),
          List.of("gateway", "admin", "sandbox", "store", "telemetry", "journal"),
          List.of("app"));

  private static final String HOUSE = "dev.understudy.";

  @ArchTest
  static final ArchRule everyClassLivesInAKnownRoom =
      classes().should(condition("live in a room of the list", ArchitectureTest::homeless));

  @ArchTest
  static final ArchRule aRoomSeesOnlyTheFloorsBelowIt =
      classes().should(condition("see only the floors below", ArchitectureTest::looksUp));

  @ArchTest
  static final ArchRule everyPackageIsNullMarked =
      classes()
          .should(
              condition(
                  "have a package-info.java with @NullMarked",
                  (origin, events) -> {
                    if (!origin.getPackage().isAnnotatedWith(NullMarked.class)) {
                      events.add(violated(origin, origin.getPackageName() + " is not @NullMarked"));
                    }
                  }));

  /** What protocols share is in {@code protocol} itself and in {@code protocol.wire}. */
  @ArchTest
  static final ArchRule protocolsDoNotSeeEachOther =
      slices()
          .matching("dev.understudy.protocol.(*)..")
          .should()
          .notDependOnEachOther()
          .ignoreDependency(
              DescribedPredicate.alwaysTrue(),
              JavaClass.Predicates.resideInAPackage("dev.understudy.protocol.wire.."))
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule onlyTheStoreKnowsSql =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.understudy.store..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("java.sql..", "javax.sql..");

  /** Loaded lazily: who never shares limits never loads it. */
  @ArchTest
  static final ArchRule onlyTheSharingOfLimitsKnowsRedis =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.understudy.limits.redis..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.lettuce..");

  @ArchTest
  static final ArchRule onlyTheDoorsKnowAnHttpEngine =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.understudy.gateway..", "dev.understudy.admin..", "dev.understudy.sandbox..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.netty..", "com.sun.net.httpserver..", "java.net.http..");

  /** Rooms log through {@link System.Logger}; only the app says where the lines go. */
  @ArchTest
  static final ArchRule onlyTheAppKnowsTheLogSystem =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.understudy.app..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.util.logging..");

  /** Everything else about money is exact; whoever gives up digits says how many and which way. */
  @ArchTest
  static final ArchRule onlyOneClassRoundsMoney =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.understudy.money..", "dev.understudy.pricing..", "dev.understudy.ledger..")
          .and()
          .doNotHaveSimpleName("Rounding")
          .should()
          .callMethodWhere(
              DescribedPredicate.describe(
                  "rounds a number",
                  call ->
                      call.getTargetOwner().isEquivalentTo(BigDecimal.class)
                          && List.of("setScale", "divide", "round", "doubleValue", "floatValue")
                              .contains(call.getName())));

  private static void homeless(JavaClass origin, ConditionEvents events) {
    if (floor(origin) < 0) {
      events.add(violated(origin, origin.getName() + " is in no room of the list"));
    }
  }

  private static void looksUp(JavaClass origin, ConditionEvents events) {
    for (var dependency : origin.getDirectDependenciesFromSelf()) {
      var target = dependency.getTargetClass();
      if (target.getPackageName().startsWith(HOUSE)
          && !room(origin).equals(room(target))
          && floor(origin) <= floor(target)) {
        events.add(
            violated(
                origin,
                "%s on floor %d sees %s on floor %d: %s"
                    .formatted(
                        room(origin),
                        floor(origin),
                        room(target),
                        floor(target),
                        dependency.getDescription())));
      }
    }
  }

  private static String room(JavaClass type) {
    var name = type.getPackageName();
    return name.startsWith(HOUSE) ? name.substring(HOUSE.length()).split("\\.", 2)[0] : "";
  }

  private static int floor(JavaClass type) {
    for (var floor = 0; floor < FLOORS.size(); floor++) {
      if (FLOORS.get(floor).contains(room(type))) {
        return floor;
      }
    }
    return -1;
  }

  private static ConditionEvent violated(JavaClass origin, String message) {
    return SimpleConditionEvent.violated(origin, message);
  }

  private static ArchCondition<JavaClass> condition(String description, Check check) {
    return new ArchCondition<>(description) {
      @Override
      public void check(JavaClass origin, ConditionEvents events) {
        check.look(origin, events);
      }
    };
  }

  private interface Check {
    void look(JavaClass origin, ConditionEvents events);
  }
}
