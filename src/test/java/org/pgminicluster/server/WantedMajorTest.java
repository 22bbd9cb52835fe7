package org.pgminicluster.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WantedMajorTest {

    @ParameterizedTest
    @CsvSource({
        "13,                                        13",
        "9,                                         9",
        "17.2,                                      17",
        "16.4-bookworm,                             16",
        "13-alpine,                                 13",
        "postgres:13,                               13",
        "postgres:16-alpine,                        16",
        "postgres:18beta1,                          18",
        "postgres:13.23-bookworm@sha256:17aa,       13",
        "registry/x/postgres:17.2,                  17",
        "registry:5000/x/postgres:v15,              15",
        "pgvector/pgvector:pg16,                    16",
        "timescale/timescaledb:2.17.2-pg14,         14",
        "timescale/timescaledb:latest-pg17-oss,     17",
    })
    void is_the_number_itself_or_in_the_tag(String postgres, int major) {
        assertThat(WantedMajor.of(postgres)).hasValue(major);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres",
                "postgres:latest",
                "postgres:bookworm",
                "postgres@sha256:1313",
                "registry:5000/postgres",
                "x/postgres:2024.1",
                "postgres-16:nightly",
            })
    void is_unknown_if_the_tag_does_not_tell(String postgres) {
        assertThat(WantedMajor.of(postgres)).isEmpty();
    }
}
