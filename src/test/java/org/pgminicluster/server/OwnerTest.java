package org.pgminicluster.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose leftovers may be removed: only those of a JVM that ran here and is no more. */
class OwnerTest {

    private final Owner self = Owner.current();

    @Test
    void this_jvm_is_not_gone() {
        assertThat(self.isGone()).isFalse();
        assertThat(Owner.current()).isEqualTo(self);
        assertThat(self.pid()).isEqualTo(ProcessHandle.current().pid());
        assertThat(self.startedMillis()).isPositive();
    }

    @Test
    void what_was_written_down_is_read_back() {
        assertThat(Owner.fromMap(self.toMap())).contains(self);
    }

    @Test
    void a_process_that_has_ended_is_gone() throws Exception {
        Process process = new ProcessBuilder("true").start();
        process.waitFor();

        assertThat(new Owner(self.host(), process.pid(), 1).isGone()).isTrue();
    }

    @Test
    void a_pid_that_another_process_has_now_is_gone() {
        assertThat(new Owner(self.host(), self.pid(), self.startedMillis() - 1).isGone())
                .isTrue();
    }

    @Test
    void nobody_on_another_machine_is_called_gone() {
        assertThat(new Owner(self.host() + "x", self.pid(), 1).isGone()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"host", "pid", "started"})
    void half_of_what_was_written_down_is_no_owner(String missing) {
        Map<String, String> map = new HashMap<>(self.toMap());
        map.remove("org.pgminicluster.owner." + missing);

        assertThat(map).hasSize(2);
        assertThat(Owner.fromMap(map)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"pid", "started"})
    void what_is_no_number_is_no_owner(String broken) {
        Map<String, String> map = new HashMap<>(self.toMap());
        map.put("org.pgminicluster.owner." + broken, "x");

        assertThat(Owner.fromMap(map)).isEmpty();
    }
}
