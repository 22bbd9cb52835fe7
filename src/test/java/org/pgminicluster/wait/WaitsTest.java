package org.pgminicluster.wait;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Event.Wait.Outcome;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.journal.WaitFor;
import org.pgminicluster.journal.Words;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.state.ClusterState;

class WaitsTest {

    private static final Words LAST = Words.of("seen.still-there");

    private final Journal journal = new Journal();
    private final Waits waits = new Waits(
            "none", ServerSettings.from(new Properties()), journal, () -> new ClusterState("none", List.of()));

    private Event.Wait journaled(Seen seen) {
        WaitFor what = WaitFor.slotDropped("s", "vm1");
        try {
            waits.until(what, Duration.ofMillis(20), List.of(), () -> seen);
        } catch (WaitFailedException e) {
            assertThat(e).hasMessageContaining("slot s to be dropped on vm1");
        }
        Event.Wait wait = (Event.Wait) journal.entries().get(0).event();
        assertThat(wait.what()).isEqualTo(what);
        return wait;
    }

    @Test
    void what_comes_is_met() {
        Event.Wait wait = journaled(Seen.of(true, LAST));

        assertThat(wait.met()).isTrue();
        assertThat(wait.outcome()).isEqualTo(Outcome.MET);
        assertThat(wait.last()).isEqualTo(LAST);
    }

    @Test
    void what_does_not_come_in_time_is_not_met() {
        Event.Wait wait = journaled(Seen.of(false, LAST));

        assertThat(wait.met()).isFalse();
        assertThat(wait.outcome()).isEqualTo(Outcome.NOT_MET);
        assertThat(wait.last()).isEqualTo(LAST);
        assertThat(wait.millis()).isGreaterThanOrEqualTo(20);
    }

    @Test
    void what_cannot_come_any_more_is_hopeless() {
        Event.Wait wait = journaled(new Seen.Hopeless("it is gone"));

        assertThat(wait.met()).isFalse();
        assertThat(wait.outcome()).isEqualTo(Outcome.HOPELESS);
    }

    /** What the node refused before it answered again explains nothing any more. */
    @Test
    void a_refusal_is_the_cause_of_a_wait_in_vain_only_if_it_was_what_was_seen_last() {
        SqlFailedException refusal = new SqlFailedException("vm1", "SELECT 1", new SQLException("starting up"));
        AtomicInteger looks = new AtomicInteger();
        Supplier<Seen> refusedAtFirst = () -> {
            if (looks.incrementAndGet() == 1) {
                throw refusal;
            }
            return Seen.of(false, LAST);
        };
        Supplier<Seen> refused = () -> {
            throw refusal;
        };

        assertThat(inVain(refused)).hasCause(refusal);
        assertThat(inVain(refusedAtFirst)).hasNoCause();
        assertThat(looks.get()).isGreaterThan(1);
    }

    private WaitFailedException inVain(Supplier<Seen> look) {
        WaitFailedException failure = catchThrowableOfType(
                WaitFailedException.class,
                () -> waits.until(WaitFor.slotDropped("s", "vm1"), Duration.ofMillis(200), List.of(), look));
        assertThat(failure.isHopeless()).isFalse();
        return failure;
    }

    @Test
    void an_interrupt_is_in_the_journal_too() {
        Thread.currentThread().interrupt();
        Event.Wait wait = journaled(Seen.of(false, LAST));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(wait.outcome()).isEqualTo(Outcome.INTERRUPTED);
        assertThat(wait.last()).hasToString("nothing");
    }

    @Test
    void what_comes_soon_is_seen_soon_and_long_waits_look_less_often() {
        assertThat(Waits.pollAfter(Duration.ZERO)).isEqualTo(Duration.ofMillis(2));
        assertThat(Waits.pollAfter(Duration.ofMillis(100))).isEqualTo(Duration.ofMillis(2));
        assertThat(Waits.pollAfter(Duration.ofMillis(400))).isEqualTo(Duration.ofMillis(4));
        assertThat(Waits.pollAfter(Duration.ofSeconds(1))).isEqualTo(Duration.ofMillis(10));
        assertThat(Waits.pollAfter(Duration.ofMinutes(5))).isEqualTo(Duration.ofMillis(10));
    }
}
