package org.pgminicluster.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.pgminicluster.lab.lesson.Language;

/** Enter between two chapters. */
class PauseTest {

    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(told, true, StandardCharsets.UTF_8);

    @Test
    void each_pause_takes_one_line() throws Exception {
        InputStream in = new ByteArrayInputStream("\nx\nrest".getBytes(StandardCharsets.UTF_8));
        Runnable pause = Pause.of(LabOptions.defaults().withPause(true), in, out);

        pause.run();
        pause.run();

        assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("rest");
        assertThat(told.toString(StandardCharsets.UTF_8)).isEqualTo("%n[Enter: go on]%n[Enter: go on]".formatted());
    }

    @Test
    void an_input_that_has_ended_holds_nothing_up_and_is_not_asked_again() {
        Runnable pause =
                Pause.of(LabOptions.defaults().withPause(true).in(Language.RU), InputStream.nullInputStream(), out);

        pause.run();
        pause.run();

        assertThat(told.toString(StandardCharsets.UTF_8)).isEqualTo("%n[Enter: дальше]".formatted());
    }

    @Test
    void without_being_asked_for_there_is_none() {
        Pause.of(LabOptions.defaults(), InputStream.nullInputStream(), out).run();

        assertThat(told.size()).isZero();
    }
}
