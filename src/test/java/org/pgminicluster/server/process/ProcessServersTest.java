package org.pgminicluster.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.ServerSettings;

/** What is refused before anything runs. A path below a regular file is one that not even root can write. */
class ProcessServersTest {

    @TempDir
    private Path directory;

    private Path below;

    @BeforeEach
    void makeUnwritable() throws IOException {
        below = Files.createFile(directory.resolve("file")).resolve("below");
    }

    @Test
    void an_unwritable_log_directory_is_named() {
        ProcessServers servers = servers("13", directory.resolve("cache"), directory.resolve("tmp"));

        assertThatThrownBy(() -> servers.open("g", below))
                .isInstanceOf(EnvironmentException.class)
                .hasMessage("expected the log directory " + below + " to be writable, but was not"
                        + " (java.nio.file.FileSystemException: " + below
                        + ": Not a directory); choose another with -Dminicluster.directory=DIRECTORY");
    }

    @Test
    void an_unwritable_temporary_directory_is_named() {
        ProcessServers servers = servers("13", directory.resolve("cache"), below);

        assertThatThrownBy(() -> servers.open("g", directory.resolve("log")))
                .isInstanceOf(EnvironmentException.class)
                .hasMessage("expected the temporary directory " + below + " to be writable, but was not"
                        + " (java.nio.file.FileSystemException: " + below
                        + ": Not a directory); choose another with -Dminicluster.tmp=DIRECTORY");
    }

    @Test
    void an_unwritable_cache_is_named() {
        ProcessServers servers = servers("13", below, directory.resolve("tmp"));

        assertThatThrownBy(() -> servers.open("g", directory.resolve("log")))
                .isInstanceOf(EnvironmentException.class)
                .hasMessage("expected the cache directory " + below + " to be writable, but was not"
                        + " (java.nio.file.FileSystemException: " + below
                        + ": Not a directory); choose another with -Dminicluster.cache=DIRECTORY");
    }

    @Test
    void describes_the_wish_where_it_cannot_be_had() {
        ProcessServers servers = servers("99", below, directory.resolve("tmp"));

        assertThat(servers.describe()).isEqualTo("PostgreSQL 99");
        assertThat(servers.kind()).isEqualTo(ServerKind.PROCESS);
    }

    private static ProcessServers servers(String postgres, Path cache, Path temporary) {
        Properties properties = new Properties();
        properties.setProperty("minicluster.postgres", postgres);
        properties.setProperty("minicluster.cache", cache.toString());
        properties.setProperty("minicluster.tmp", temporary.toString());
        return new ProcessServers(ServerSettings.from(properties));
    }
}
