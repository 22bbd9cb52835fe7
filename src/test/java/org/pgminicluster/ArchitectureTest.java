package org.pgminicluster;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Keeps the arrows between the packages pointing one way, and a few habits that no compiler checks. */
class ArchitectureTest {

    private static final String ROOT = "org.pgminicluster";
    private static final int MOST_LINES = 500;

    private static final List<String> BELOW = List.of("topology", "script", "journal", "server");

    /** What is done with a running cluster, each knowing those before it. */
    private static final List<String> ROOMS =
            List.of("session", "state", "wait", "runtime", "fault", "standby", "backup", "trace", "attach", "cluster");

    private static final List<String> UP_TO_CLUSTER = below("");

    /** What each package may know of the others. The root package holds what all may know. */
    private static final Map<String, List<String>> ARROWS = Map.ofEntries(
            Map.entry("topology", List.of()),
            Map.entry("script", List.of("topology")),
            Map.entry("journal", List.of("script")),
            Map.entry("server", List.of("server.tls")),
            Map.entry("server.tls", List.of()),
            Map.entry("relay", List.of()),
            Map.entry("cli.wire", List.of("server")),
            Map.entry("server.container", List.of("server", "server.tls")),
            Map.entry("server.process", List.of("server", "server.tls")),
            Map.entry("server.attached", List.of("server", "server.process")),
            Map.entry("session", below("session")),
            Map.entry("state", below("state")),
            Map.entry("wait", below("wait")),
            Map.entry("runtime", below("runtime")),
            Map.entry("fault", below("fault", "relay")),
            Map.entry("standby", below("standby")),
            Map.entry("backup", without(below("backup"), "fault", "standby")),
            Map.entry("trace", without(below("trace"), "fault", "standby", "backup")),
            Map.entry("attach", without(below("attach"), "fault", "standby", "backup", "trace")),
            Map.entry(
                    "cluster",
                    below("cluster", "server.attached", "server.container", "server.process", "server.tls", "relay")),
            Map.entry("cli.byhand", above("server.container")),
            Map.entry("assertj", UP_TO_CLUSTER),
            Map.entry("junit", above("report")),
            Map.entry("testcontainers", UP_TO_CLUSTER),
            Map.entry("report", List.of("journal")),
            Map.entry("lab.lesson", UP_TO_CLUSTER),
            Map.entry("lab.problems", above("lab.lesson")),
            Map.entry("lab.practice", List.of("lab.lesson", "script")),
            Map.entry("lab.check", above("lab.lesson", "lab.practice")),
            Map.entry("lab", above("lab.lesson", "lab.problems")),
            Map.entry("history", above("relay")),
            Map.entry(
                    "cli",
                    above(
                            "report",
                            "lab",
                            "lab.lesson",
                            "lab.check",
                            "lab.practice",
                            "history",
                            "relay",
                            "cli.wire",
                            "cli.byhand",
                            "server.container")));

    /** What a room may know: those before it, or all of them if there is none of that name. */
    private static List<String> below(String room, String... more) {
        int end = ROOMS.contains(room) ? ROOMS.indexOf(room) : ROOMS.size();
        return Stream.of(BELOW, ROOMS.subList(0, end), List.of(more))
                .flatMap(List::stream)
                .toList();
    }

    private static List<String> without(List<String> rooms, String... others) {
        return rooms.stream().filter(room -> !List.of(others).contains(room)).toList();
    }

    private static List<String> above(String... more) {
        return Stream.concat(UP_TO_CLUSTER.stream(), Stream.of(more)).toList();
    }

    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);
    private static final JavaClasses ALL = new ClassFileImporter().importPackages(ROOT);

    static Stream<String> packagesOfTheLibrary() {
        return LIBRARY.getPackage(ROOT).getSubpackagesInTree().stream()
                .filter(ArchitectureTest::holdsClasses)
                .map(found -> found.getName().substring(ROOT.length() + 1))
                .sorted();
    }

    @ParameterizedTest
    @MethodSource("packagesOfTheLibrary")
    void a_package_knows_only_those_below_it(String name) {
        assertThat(ARROWS).as("what each package may know").containsKey(name);
        String itself = ROOT + "." + name;
        String[] below = Stream.concat(
                        Stream.of(ROOT, itself),
                        ARROWS.getOrDefault(name, List.of()).stream().map(it -> ROOT + "." + it))
                .toArray(String[]::new);

        classes()
                .that()
                .resideInAPackage(itself)
                .should()
                .onlyDependOnClassesThat(DescribedPredicate.not(resideInAPackage(ROOT + ".."))
                        .or(resideInAnyPackage(below))
                        .as("are not ours or are in " + String.join(", ", below)))
                .check(LIBRARY);
    }

    @Test
    void the_root_package_knows_no_other() {
        classes()
                .that()
                .resideInAPackage(ROOT)
                .should()
                .onlyDependOnClassesThat(
                        DescribedPredicate.not(resideInAPackage(ROOT + "..")).or(resideInAPackage(ROOT)))
                .check(LIBRARY);
    }

    @Test
    void there_are_no_cycles() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(LIBRARY);
    }

    /** Three that know each other can be understood together; more are a knot. */
    @Test
    void no_more_than_three_classes_know_each_other() {
        assertThat(ClassCycles.of(LIBRARY))
                .as("classes each of which needs all the others")
                .filteredOn(cycle -> cycle.size() > 3)
                .isEmpty();
    }

    @Test
    void only_the_container_servers_know_testcontainers() {
        onlyIn(Set.of("server.container", "testcontainers"), "org.testcontainers..", "com.github.dockerjava..");
    }

    @Test
    void only_the_extension_knows_junit() {
        onlyIn(Set.of("junit"), "org.junit..", "org.opentest4j..");
    }

    @Test
    void only_the_assertions_know_assertj() {
        onlyIn(Set.of("assertj"), "org.assertj..");
    }

    private static void onlyIn(Set<String> ours, String... theirs) {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        ours.stream().map(it -> ROOT + "." + it).toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(theirs)
                .check(LIBRARY);
    }

    @Test
    void only_what_people_run_prints_and_what_says_that_which_nobody_logs() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".lab", ROOT + ".cli")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".server.Notice")
                .should(ACCESS_STANDARD_STREAMS)
                .check(LIBRARY);
    }

    @Test
    void nobody_sleeps() {
        noClasses()
                .that()
                // A slow link is slow by time and by nothing else.
                .resideOutsideOfPackage(ROOT + ".relay")
                .should()
                .accessTargetWhere(DescribedPredicate.describe("it sleeps", ArchitectureTest::sleeps))
                .because("waits are for a state, never for a time")
                .check(ALL);
    }

    private static boolean sleeps(JavaAccess<?> access) {
        JavaClass owner = access.getTargetOwner();
        return access.getName().equals("sleep")
                && (owner.isEquivalentTo(Thread.class) || owner.isEquivalentTo(TimeUnit.class));
    }

    @Test
    void every_package_is_null_marked() {
        assertThat(ALL.getPackage(ROOT).getSubpackagesInTree().stream()
                        .filter(ArchitectureTest::holdsClasses)
                        .filter(found -> !found.isAnnotatedWith(NullMarked.class))
                        .map(JavaPackage::getName))
                .as("packages without a package-info.java that is @NullMarked")
                .isEmpty();
    }

    private static boolean holdsClasses(JavaPackage found) {
        return !found.getClasses().isEmpty();
    }

    @Test
    void every_file_is_short() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".java"))
                            .filter(file -> lines(file) > MOST_LINES)
                            .map(Path::toString))
                    .as("files of more than %s lines", MOST_LINES)
                    .isEmpty();
        }
    }

    private static long lines(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
