package org.pgminicluster.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.pgminicluster.server.Credentials;
import org.pgminicluster.server.ServerSpec;
import org.pgminicluster.server.Tls;
import org.pgminicluster.server.tls.Authority;

class StartSettingsTest {

    private final ServerDirectory directory = new ServerDirectory(Path.of("vm1"));

    @Test
    void the_specs_settings_replace_ours_and_those_that_would_hide_the_server_are_replaced() {
        Map<String, String> wanted = new LinkedHashMap<>();
        wanted.put("wal_level", "logical");
        wanted.put("fsync", "on");
        wanted.put("listen_addresses", "*");

        Map<String, String> settings = StartSettings.of(spec(wanted), Map.of(), directory, 15432);

        assertThat(settings)
                .containsExactly(
                        entry("dynamic_shared_memory_type", "mmap"),
                        entry("wal_level", "logical"),
                        entry("fsync", "on"),
                        entry("listen_addresses", "127.0.0.1"),
                        entry("port", "15432"),
                        entry("unix_socket_directories", ""),
                        entry("hba_file", directory.hba().toString()),
                        entry("log_destination", "stderr"),
                        entry("logging_collector", "off"));
    }

    @Test
    void settings_that_came_later_replace_the_specs_but_none_that_would_hide_the_server() {
        Map<String, String> later = Map.of("max_logical_replication_workers", "0", "port", "1");

        assertThat(StartSettings.of(spec(Map.of("max_logical_replication_workers", "11")), later, directory, 15432))
                .contains(entry("max_logical_replication_workers", "0"), entry("port", "15432"));
    }

    @Test
    void a_server_with_tls_has_its_certificate_beside_its_data_whatever_came_later() {
        ServerSpec spec = new ServerSpec(
                "vm1",
                "rep",
                new Credentials("postgres", "x"),
                Map.of(),
                List.of(),
                List.of(),
                0,
                Optional.empty(),
                Optional.of(new Tls(Authority.of("test"), Path.of("root.crt"))));

        assertThat(StartSettings.of(spec, Map.of("ssl", "off"), directory, 15432))
                .contains(
                        entry("ssl", "on"),
                        entry("ssl_cert_file", Path.of("vm1", "server.crt").toString()),
                        entry("ssl_key_file", Path.of("vm1", "server.key").toString()));
    }

    @Test
    void become_one_argument_each_whatever_is_in_them() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("log_line_prefix", "%m [%p] '");
        settings.put("unix_socket_directories", "");

        assertThat(StartSettings.arguments(settings))
                .isEqualTo(List.of("-c", "log_line_prefix=%m [%p] '", "-c", "unix_socket_directories="));
    }

    private static ServerSpec spec(Map<String, String> settings) {
        return new ServerSpec("vm1", "rep", new Credentials("postgres", "x"), settings, List.of(), List.of(), 0);
    }
}
