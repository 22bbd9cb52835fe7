package org.pgminicluster.server.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgminicluster.server.ServerSettings;

class NamesTest {

    @Test
    void a_name_is_readable_and_nobody_else_has_it() {
        assertThat(Names.unique("read only: копия")).matches("pg-minicluster-read-only-------?-[0-9a-f]{8}");
        assertThat(Names.unique("x")).isNotEqualTo(Names.unique("x"));
        assertThat(Names.unique("x".repeat(200))).hasSize("pg-minicluster-".length() + 40 + 1 + 8);
    }

    @ParameterizedTest
    @CsvSource({
        "13, postgres:13",
        "16.4, postgres:16.4",
        "13-alpine, postgres:13-alpine",
        "18beta1, postgres:18beta1",
        "postgres:16-alpine, postgres:16-alpine",
        "registry.example.org:5000/team/pg@sha256:0, registry.example.org:5000/team/pg@sha256:0"
    })
    void a_version_is_the_official_image_of_that_tag(String asked, String image) {
        Properties properties = new Properties();
        properties.setProperty("minicluster.postgres", asked);

        assertThat(BaseImage.nameOf(ServerSettings.from(properties))).isEqualTo(image);
        assertThat(new ContainerServers(ServerSettings.from(properties)).describe())
                .isEqualTo(image);
    }

    @Test
    void a_template_is_of_one_image() {
        assertThat(TemplateImage.key("sha256:a", ""))
                .matches("[0-9a-f]{16}")
                .isEqualTo(TemplateImage.key("sha256:a", ""));
        assertThat(TemplateImage.key("sha256:a", "")).isNotEqualTo(TemplateImage.key("sha256:b", ""));
    }
}
