package org.pgminicluster.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server's log: what was said after a mark, and its end. */
class ServerLogTest {

    @TempDir
    Path directory;

    private Path file;
    private ServerLog log;

    @BeforeEach
    void open() {
        file = directory.resolve("vm1.log");
        log = new ServerLog(file);
    }

    @Test
    void a_log_that_is_not_there_yet_is_empty() throws IOException {
        ServerLog.Mark mark = log.mark();

        assertThat(log.since(mark)).isEmpty();
        assertThat(log.tail()).isEmpty();
        assertThat(log.tailText()).isEqualTo("    (the log is empty)");

        say("first\n");
        assertThat(log.since(mark)).isEqualTo("first\n");
    }

    @Test
    void what_was_said_before_a_mark_is_not_after_it() throws IOException {
        say("ünï before\n");
        ServerLog.Mark mark = log.mark();
        assertThat(log.since(mark)).isEmpty();

        say("größer\n");
        say("after\n");

        assertThat(log.since(mark)).isEqualTo("größer\nafter\n");
        assertThat(log.since(new ServerLog.Mark(0))).isEqualTo("ünï before\ngrößer\nafter\n");
    }

    @Test
    void a_log_that_begins_at_a_mark_shows_nothing_of_before() throws IOException {
        say("größer before\n");
        ServerLog part = log.from(log.mark());
        assertThat(part.since(new ServerLog.Mark(0))).isEmpty();
        assertThat(part.tail()).isEmpty();

        say("first\n");
        ServerLog.Mark mark = part.mark();
        say("second\n");

        assertThat(part.since(new ServerLog.Mark(0))).isEqualTo("first\nsecond\n");
        assertThat(part.since(mark)).isEqualTo("second\n");
        assertThat(part.tail()).containsExactly("first", "second");
        assertThat(part.from(mark).since(new ServerLog.Mark(0))).isEqualTo("second\n");
        assertThat(part.file()).isEqualTo(file);
    }

    @Test
    void between_two_marks_is_what_was_said_then() throws IOException {
        say("before\n");
        ServerLog.Mark from = log.mark();
        say("größer\n");
        ServerLog.Mark to = log.mark();
        say("after\n");

        assertThat(log.between(from, to)).isEqualTo("größer\n");
        assertThat(log.between(to, from)).isEmpty();
    }

    @Test
    void a_mark_beyond_the_end_has_nothing_after_it() throws IOException {
        say("short\n");

        assertThat(log.since(new ServerLog.Mark(1000))).isEmpty();
    }

    @Test
    void the_tail_is_the_last_twenty_lines() throws IOException {
        say(lines(1, 25));

        assertThat(log.tail())
                .isEqualTo(
                        IntStream.rangeClosed(6, 25).mapToObj(i -> "line " + i).toList());
    }

    @Test
    void a_short_log_is_its_own_tail_indented_for_messages() throws IOException {
        say("one\ntwo");

        assertThat(log.tail()).isEqualTo(List.of("one", "two"));
        assertThat(log.tailText()).isEqualTo("    one\n    two");
    }

    @Test
    void the_tail_of_a_great_log_is_found_from_its_end() throws IOException {
        say(lines(1, 50_000));

        assertThat(log.tail()).hasSize(20).endsWith("line 49999", "line 50000");
    }

    private static String lines(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(i -> "line " + i + "\n").collect(Collectors.joining());
    }

    private void say(String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
