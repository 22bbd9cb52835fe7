package org.pgminicluster.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.server.process.Fixture.spec;
import static org.pgminicluster.server.process.Fixture.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgminicluster.server.PgServer;
import org.pgminicluster.server.ServerGroup;
import org.pgminicluster.server.ServerSettings;

/** The template in a cache of its own: made once, whoever comes, and made again when it is damaged. */
@Order(3)
@NeedsProcesses
class TemplateIT {

    /** Shared, since unpacking the binaries takes longer than all that these tests do. */
    @TempDir
    private static Path shared;

    @TempDir
    private Path directory;

    @Test
    void two_jvms_that_begin_at_once_make_one_good_template() throws Exception {
        Path cache = directory.resolve("cache");
        try (OtherJvm first = OtherJvm.start(directory, cache);
                OtherJvm second = OtherJvm.start(directory, cache)) {
            assertThat(first.data()).isDirectory();
            assertThat(second.data()).isDirectory();
            assertThat(first.end()).isZero();
            assertThat(second.end()).isZero();
        }
        assertThat(names(cache.resolve("templates"))).hasSize(1).noneMatch(name -> name.contains("making"));
        assertThat(names(cache.resolve("binaries"))).hasSize(1).noneMatch(name -> name.contains("unpacking"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a file is missing", "a file is shorter", "a byte is different", "its word is missing"})
    void a_damaged_template_is_made_again(String damage) throws Exception {
        ServerSettings settings = Fixture.settings(directory, Map.of("minicluster.cache", shared.toString()));
        startAndAsk(settings);
        Path template = shared.resolve("templates")
                .resolve(names(shared.resolve("templates")).iterator().next());
        Path victim = template.resolve("data/base/1/1255");
        switch (damage) {
            case "a file is missing" -> Files.delete(victim);
            case "a file is shorter" -> Files.write(victim, new byte[] {1});
            case "a byte is different" -> {
                byte[] bytes = Files.readAllBytes(victim);
                bytes[100]++;
                Files.write(victim, bytes);
            }
            default -> Files.delete(template.resolve("content.properties"));
        }

        ProcessServers.emptyStocks();
        startAndAsk(settings);

        assertThat(Files.size(victim)).isGreaterThan(100_000);
        assertThat(names(shared.resolve("templates"))).hasSize(1);
    }

    private void startAndAsk(ServerSettings settings) throws Exception {
        try (ServerGroup group = new ProcessServers(settings).open("template", directory.resolve("log"))) {
            List<PgServer> servers = group.start(List.of(spec("a"), spec("b")));
            for (PgServer server : servers) {
                assertThat(sql(server, "SELECT count(*) > 2000 FROM pg_proc")).isEqualTo("t");
            }
        }
    }

    private static Set<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }
}
