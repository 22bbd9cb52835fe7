package org.pgminicluster.server.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

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
        assertThat(CommandLine.of(Map.of("port", "1", "hba_file", "/mine", "shared_buffers", "16MB")))
                .startsWith("-c", "shared_buffers=16MB")
                .endsWith("-c", "listen_addresses=*", "-c", "port=5432", "-c", "hba_file=/pg-minicluster/pg_hba.conf")
                .hasSize(8);
    }

    @Test
    void shared_buffers_are_what_initdb_would_have_chosen() {
        assertThat(CommandLine.of(Map.of())).startsWith("-c", "shared_buffers=128MB");
    }

    @Test
    void hba_lets_those_in_who_are_inside_already() {
        assertThat(Layout.hba(List.of("host all all all reject")))
                .containsExactly("local all all trust", "local replication all trust", "host all all all reject");
    }
}
