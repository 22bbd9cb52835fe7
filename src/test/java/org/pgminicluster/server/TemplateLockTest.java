package org.pgminicluster.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.EnvironmentException;

/** The lock under which one makes a template while the others wait. */
@Timeout(30)
class TemplateLockTest {

    @TempDir
    Path cache;

    @Test
    void what_the_action_returns_is_returned() {
        assertThat(TemplateLock.hold(cache.resolve("new/one"), "t", () -> "made"))
                .isEqualTo("made");
    }

    @Test
    void threads_are_kept_apart() {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Integer> threads = IntStream.range(0, 8).boxed().collect(Collectors.toList());

        InParallel.map(threads, thread -> {
            for (int i = 0; i < 50; i++) {
                TemplateLock.hold(cache, "t", () -> {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    Thread.yield();
                    return inside.decrementAndGet();
                });
            }
            return thread;
        });

        assertThat(most).hasValue(1);
    }

    /** Another channel of this JVM stands for another JVM: the file itself is locked. */
    @Test
    void the_file_is_locked_for_other_jvms_and_free_afterwards() throws Exception {
        TemplateLock.hold(cache, "t", () -> {
            assertThatThrownBy(this::tryLock).isInstanceOf(OverlappingFileLockException.class);
            return 0;
        });

        assertThat(tryLock()).isTrue();
    }

    @Test
    void a_failure_releases_it() {
        assertThatThrownBy(() -> TemplateLock.hold(cache, "t", () -> {
                    throw new IllegalStateException("no template");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no template");

        assertThat(InParallel.map(List.of(1), i -> TemplateLock.hold(cache, "t", () -> i)))
                .containsExactly(1);
    }

    @Test
    void a_cache_that_cannot_be_written_is_said_with_what_to_do() throws Exception {
        Path inTheWay = Files.writeString(cache.resolve("file"), "").resolve("cache");

        assertThatThrownBy(() -> TemplateLock.hold(inTheWay, "t", () -> 0))
                .isInstanceOf(EnvironmentException.class)
                .hasMessageStartingWith("expected the cache directory " + inTheWay + " to be writable, but was not (")
                .hasMessageEndingWith("); choose another with -Dminicluster.cache=DIRECTORY");
    }

    private boolean tryLock() throws Exception {
        try (FileChannel channel = FileChannel.open(cache.resolve("t.lock"), StandardOpenOption.WRITE)) {
            return channel.tryLock() != null;
        }
    }
}
