package org.pgminicluster.server.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineErrorTest {

    @Test
    void the_innermost_message_is_told_in_one_line() {
        Throwable failure = new IllegalStateException(
                "outer", new IOException("Status 404: {\"message\":\"no such \\\"image\\\"\"}\n"));

        assertThat(EngineError.messageOf(failure)).isEqualTo("no such \"image\"");
        assertThat(EngineError.messageOf(new IOException("one\n two\n"))).isEqualTo("one; two");
        assertThat(EngineError.messageOf(new IOException())).isEqualTo("java.io.IOException");
        assertThat(EngineError.messageOf(null)).isEqualTo("unknown");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "driver failed programming external connectivity on endpoint x: Bind for 127.0.0.1:5433 failed: port is"
                        + " already allocated",
                "Error starting userland proxy: listen tcp4 127.0.0.1:5433: bind: address already in use",
                "rootlessport listen tcp 127.0.0.1:5433: bind: Address already in use"
            })
    void a_port_that_is_taken_is_known_by_what_engines_say(String message) {
        assertThat(EngineError.isPortTaken(new IllegalStateException("start", new IOException(message))))
                .isTrue();
        assertThat(EngineError.isPortTaken(new IOException("no space left on device")))
                .isFalse();
    }
}
