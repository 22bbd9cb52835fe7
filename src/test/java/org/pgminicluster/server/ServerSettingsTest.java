package org.pgminicluster.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgminicluster.MiniClusterException;

/** The system properties {@code minicluster.*}. */
class ServerSettingsTest {

    private final Properties properties = new Properties();

    @Test
    void without_any_property_there_is_a_default_for_each() {
        properties.setProperty("user.name", "me");
        properties.setProperty("user.home", "/home/me");
        properties.setProperty("java.io.tmpdir", "/tmp");

        assertThat(ServerSettings.from(properties))
                .isEqualTo(new ServerSettings(
                        ServerSettings.Kind.AUTO,
                        "13",
                        Path.of("target/minicluster").toAbsolutePath(),
                        Path.of("/home/me/.cache/pg-minicluster"),
                        TemporaryDirectory.choose(properties),
                        Optional.empty(),
                        1,
                        false));
    }

    /** An empty property is what a build passes on when nobody has said anything. */
    @Test
    void an_empty_property_is_none() {
        ServerSettings unset = ServerSettings.from(properties);
        for (String name :
                new String[] {"servers", "postgres", "directory", "cache", "tmp", "timeout.scale", "traced"}) {
            properties.setProperty("minicluster." + name, " ");
        }

        assertThat(ServerSettings.from(properties)).isEqualTo(unset);
    }

    @Test
    void every_property_is_read() {
        properties.setProperty("minicluster.servers", "process");
        properties.setProperty("minicluster.postgres", "registry.example/postgres:16");
        properties.setProperty("minicluster.directory", "/d/../logs");
        properties.setProperty("minicluster.cache", "/c");
        properties.setProperty("minicluster.tmp", "/t");
        properties.setProperty("minicluster.programs", "/p");
        properties.setProperty("minicluster.timeout.scale", "2.5");
        properties.setProperty("minicluster.traced", "true");

        assertThat(ServerSettings.from(properties))
                .isEqualTo(new ServerSettings(
                        ServerSettings.Kind.PROCESS,
                        "registry.example/postgres:16",
                        Path.of("/logs"),
                        Path.of("/c"),
                        Path.of("/t"),
                        Optional.of(Path.of("/p")),
                        2.5,
                        true));
    }

    @Test
    void servers_of_an_unknown_kind_are_refused() {
        properties.setProperty("minicluster.servers", "docker");

        assertThatThrownBy(() -> ServerSettings.from(properties))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected -Dminicluster.servers to be auto, container or process, but was \"docker\"");
    }

    @Test
    void a_switch_is_true_or_false() {
        properties.setProperty("minicluster.traced", "yes");

        assertThatThrownBy(() -> ServerSettings.from(properties))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected -Dminicluster.traced to be true or false, but was \"yes\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1001", "much", "NaN", "Infinity"})
    void a_scale_that_no_timeout_can_have_is_refused(String scale) {
        properties.setProperty("minicluster.timeout.scale", scale);

        assertThatThrownBy(() -> ServerSettings.from(properties))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected -Dminicluster.timeout.scale to be a number above 0 and at most 1000, but was \""
                        + scale + "\"");
    }

    @ParameterizedTest
    @CsvSource({"1, 30000", "0.1, 3000", "1.5, 45000", "0.0000001, 1"})
    void timeouts_are_scaled_but_never_to_none(String scale, long millis) {
        properties.setProperty("minicluster.timeout.scale", scale);

        assertThat(ServerSettings.from(properties).scaled(Duration.ofSeconds(30)))
                .isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void a_server_has_its_time_to_start_scaled_too() {
        properties.setProperty("minicluster.timeout.scale", "2");

        assertThat(ServerSettings.from(properties).startTimeout()).isEqualTo(Duration.ofSeconds(120));
    }

    @ParameterizedTest
    @CsvSource({
        "13, true",
        "9, true",
        "13.5, true",
        "13-alpine, true",
        "18beta1, true",
        "13x, false",
        "latest, false",
        "postgres:13, false",
        "99999999999, false"
    })
    void a_bare_version_is_told_from_an_image(String postgres, boolean version) {
        properties.setProperty("minicluster.postgres", postgres);

        assertThat(ServerSettings.from(properties).isVersion()).isEqualTo(version);
    }
}
