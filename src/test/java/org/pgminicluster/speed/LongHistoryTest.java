package org.pgminicluster.speed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgminicluster.history.History;
import org.pgminicluster.history.HistoryEvent;
import org.pgminicluster.history.HistoryEvent.Confirmed;
import org.pgminicluster.history.Oracle;
import org.pgminicluster.history.Verdict;

/** What is judged for its speed must be judged to its end, and as a recorded one would be. */
class LongHistoryTest {

    @Test
    void it_is_as_long_as_asked_and_passes() {
        History history = LongHistory.of(1_000);

        assertThat(history.events()).hasSizeBetween(1_000, 1_100);
        assertThat(history.all(Confirmed.class)).hasSizeGreaterThan(10);
        assertThat(Oracle.judge(history).result()).isEqualTo(Verdict.Result.PASSED);
    }

    @Test
    void what_was_confirmed_and_is_not_there_any_more_fails_it() {
        List<HistoryEvent> events = new ArrayList<>(LongHistory.of(1_000).events());
        int last = 0;
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i) instanceof HistoryEvent.Read read && read.node().equals("vm3")) {
                last = i;
            }
        }
        Confirmed confirmed = new Confirmed(
                "vm3", HistoryEvent.Read.class.cast(events.get(last)).ledger(), "slot", "F/0", 0);
        events.add(1, confirmed);

        assertThat(Oracle.judge(new History(events)).toString()).contains("I7");
    }
}
