package org.pgminicluster.server.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.InternalServerErrorException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContainerPauseTest {

    private static final DockerException NOT_FROZEN =
            new InternalServerErrorException("OCI runtime pause failed: unable to freeze: unknown");

    private final List<String> done = new ArrayList<>();
    private boolean frozen;

    private final PauseNews news = new PauseNews(() -> frozen);

    /** The refusals in turn, then none. */
    private ContainerPause refusing(DockerException... refusals) {
        Deque<DockerException> left = new ArrayDeque<>(Arrays.asList(refusals));
        return new ContainerPause(
                new Backends(this::shell),
                news,
                () -> {
                    done.add("freeze");
                    if (!left.isEmpty()) {
                        throw left.remove();
                    }
                    frozen = true;
                },
                () -> {
                    done.add("thaw");
                    frozen = false;
                });
    }

    private String shell(String script, String... arguments) {
        done.add(arguments.length == 0 ? "stop" : "go on " + String.join(" ", arguments));
        return arguments.length == 0 ? "17\n18\n" : "";
    }

    @Test
    void what_runs_in_it_stands_still_first_and_goes_on_last() {
        ContainerPause pause = refusing();
        pause.begin();
        assertThat(news.isPausedHere()).isTrue();
        pause.end();

        assertThat(done).containsExactly("stop", "freeze", "thaw", "go on 17 18");
        assertThat(news.isPausedHere()).isFalse();
    }

    @Test
    void a_container_that_did_not_stand_still_in_time_is_frozen_again() {
        refusing(NOT_FROZEN, NOT_FROZEN).begin();

        assertThat(done).containsExactly("stop", "freeze", "freeze", "freeze");
        assertThat(news.isPausedHere()).isTrue();
    }

    @Test
    void a_pause_that_is_refused_leaves_everything_running() {
        DockerException gone = new ConflictException("is not running");

        assertThatThrownBy(() -> refusing(gone).begin()).isSameAs(gone);
        assertThat(done).containsExactly("stop", "freeze", "go on 17 18");
        assertThat(news.isPausedHere()).isFalse();
    }

    @Test
    void one_that_can_never_be_frozen_is_refused() {
        assertThatThrownBy(() ->
                        refusing(NOT_FROZEN, NOT_FROZEN, NOT_FROZEN, NOT_FROZEN).begin())
                .isSameAs(NOT_FROZEN);
        assertThat(done).endsWith("freeze", "go on 17 18");
    }
}
