package org.pgminicluster.server.container;

import static org.assertj.core.api.Assertions.assertThat;

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

class CommandLineTest {

    @Test
    void settings_become_arguments_in_their_order() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("wal_level", "logical");
        settings.put("log_line_prefix", "%m [%p] it's \"quoted\" ");

        assertThat(CommandLine.render(settings))
                .containsExactly("-c", "wal_level=logical", "-c", "log_line_prefix=%m [%p] it's \"quoted\" ");
    }

    @Test
    void what_this_package_relies_on_comes_last_and_once() {
        assertThat(CommandLine.of(
                        spec(Map.of("port", "1", "hba_file", "/mine", "shared_buffers", "16MB"), Optional.empty())))
                .startsWith("-c", "shared_buffers=16MB")
                .endsWith("-c", "listen_addresses=*", "-c", "port=5432", "-c", "hba_file=/pg-minicluster/pg_hba.conf")
                .hasSize(8);
    }

    @Test
    void shared_buffers_are_what_initdb_would_have_chosen() {
        assertThat(CommandLine.of(spec(Map.of(), Optional.empty()))).startsWith("-c", "shared_buffers=128MB");
    }

    @Test
    void a_server_with_tls_has_its_certificate_where_the_first_session_writes_it() {
        Tls tls = new Tls(Authority.of("test"), Path.of("root.crt"));

        assertThat(CommandLine.of(spec(Map.of("ssl", "off"), Optional.of(tls))))
                .endsWith(
                        "-c",
                        "ssl=on",
                        "-c",
                        "ssl_cert_file=/pg-minicluster/server.crt",
                        "-c",
                        "ssl_key_file=/pg-minicluster/server.key")
                .doesNotContain("ssl=off");
    }

    private static ServerSpec spec(Map<String, String> settings, Optional<Tls> tls) {
        return new ServerSpec(
                "vm1",
                "rep",
                new Credentials("postgres", "x"),
                settings,
                List.of(),
                List.of(),
                0,
                Optional.empty(),
                tls);
    }

    @Test
    void hba_lets_those_in_who_are_inside_already() {
        assertThat(Layout.hba(List.of("host all all all reject")))
                .containsExactly("local all all trust", "local replication all trust", "host all all all reject");
    }
}
