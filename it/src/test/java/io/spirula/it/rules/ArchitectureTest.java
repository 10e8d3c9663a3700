package io.spirula.it.rules;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may know whom, and what the pure cores may not touch. docs/ARCHITECTURE.md says why. */
class ArchitectureTest {
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.spirula");

    /** Protocol and state: no thread, clock, randomness or I/O of their own. */
    private static final DescribedPredicate<JavaClass> PURE = resideInAnyPackage(
                    "io.spirula.crush..",
                    "io.spirula.erasure..",
                    "io.spirula.common..",
                    "io.spirula.mon..",
                    "io.spirula.osd..",
                    "io.spirula.librados.objecter..")
            .and(not(resideInAnyPackage(
                    "io.spirula.common.msgr.netty..",
                    "io.spirula.common.config..",
                    "io.spirula.common.admin..",
                    "..daemon..")))
            // The two stores on a real disk have threads for it; their contract is what the simulator's store passes
            // too.
            .and(not(resideInAPackage("..store..")
                    .and(DescribedPredicate.describe(
                            "on RocksDB",
                            c -> c.getFullName().contains("Rocks")
                                    || c.getFullName().contains("BlockIo")))))
            .as("pure cores");

    @ParameterizedTest
    @CsvSource({
        "crush,   'common,librados,mon,osd,rgw,tools,it,erasure'",
        "erasure, 'common,librados,mon,osd,rgw,tools,it,crush'",
        "common,  'librados,mon,osd,rgw,tools,it,erasure'",
        "librados,'mon,osd,rgw,tools,it,erasure'",
        "mon,     'librados,osd,rgw,tools,it'",
        "osd,     'librados,mon,rgw,tools,it'",
        "rgw,     'mon,osd,tools,it,erasure'",
        "tools,   'it'",
    })
    void modulesKnowOnlyWhatLiesBelowThem(String module, String strangers) {
        String[] packages = java.util.Arrays.stream(strangers.split(","))
                .map(s -> "io.spirula." + s.strip() + "..")
                .toArray(String[]::new);
        check(noClasses()
                .that()
                .resideInAPackage("io.spirula." + module + "..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(packages));
    }

    @Test
    void crushAndErasureNeedNothingButTheJdk() {
        check(classes()
                .that()
                .resideInAnyPackage("io.spirula.crush..", "io.spirula.erasure..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("io.spirula.crush..", "io.spirula.erasure..", "java..", "jdk..", "org.jspecify.."));
    }

    @Test
    void onlyTheLauncherAndTheInProcessClusterWireDaemons() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("..daemon..", "io.spirula.tools..", "io.spirula.it..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..daemon.."));
    }

    @Test
    void onlyTheNettyDriverKnowsNetty() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("io.spirula.common.msgr.netty..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.netty.."));
    }

    @Test
    void onlyTheStoresKnowRocksDb() {
        check(noClasses()
                .that()
                .resideOutsideOfPackages("io.spirula.mon.store..", "io.spirula.osd.store..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.rocksdb.."));
    }

    @Test
    void pureCoresReadNoClock() { // use common.env.Clock
        check(noClasses().that(PURE).should().callMethod(System.class, "nanoTime"));
        check(noClasses().that(PURE).should().callMethod(System.class, "currentTimeMillis"));
        check(noClasses().that(PURE).should().callMethod(java.time.Instant.class, "now"));
    }

    @Test
    void pureCoresDrawNoRandomNumberOfTheirOwn() { // take a RandomGenerator
        check(noClasses().that(PURE).should().callConstructor(java.util.Random.class));
        check(noClasses().that(PURE).should().callConstructor(java.util.SplittableRandom.class));
        check(noClasses().that(PURE).should().callConstructor(java.security.SecureRandom.class));
        check(noClasses().that(PURE).should().callMethod(java.util.UUID.class, "randomUUID"));
        check(noClasses().that(PURE).should().callMethod(Math.class, "random"));
        check(noClasses()
                .that(PURE)
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom"));
    }

    @Test
    void pureCoresStartNoThread() { // post to a common.env.Reactor
        check(
                noClasses()
                        .that(PURE)
                        .should()
                        .dependOnClassesThat()
                        .haveNameMatching(
                                "java\\.lang\\.Thread|java\\.util\\.Timer|java\\.util\\.concurrent\\.(Executors|ForkJoinPool)"));
        check(noClasses().that(PURE).should().callMethod(java.util.concurrent.CompletableFuture.class, "supplyAsync"));
        check(noClasses().that(PURE).should().callMethod(java.util.concurrent.CompletableFuture.class, "runAsync"));
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(ALL);
    }
}
