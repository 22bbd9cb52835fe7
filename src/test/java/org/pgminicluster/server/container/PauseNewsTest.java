package org.pgminicluster.server.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class PauseNewsTest {

    /** The last answer is given again and again. */
    private static PauseNews of(Boolean... answers) {
        Deque<Boolean> left = new ArrayDeque<>(List.of(answers));
        return new PauseNews(() -> left.size() > 1 ? left.remove() : left.element());
    }

    @Test
    void old_news_of_a_pause_that_is_over_are_waited_out() {
        PauseNews news = of(true, true, true, false);
        news.resumed();

        assertThat(news.isPaused()).isFalse();
    }

    @Test
    void a_pause_that_stays_is_one_even_if_it_was_resumed_just_now() {
        PauseNews news = of(true);
        news.resumed();

        assertThat(news.isPaused()).isTrue();
        assertThat(news.isAwakeAfterAll()).isFalse();
    }

    @Test
    void what_was_never_resumed_or_is_paused_again_is_believed_at_once() {
        PauseNews again = of(true, false);
        again.resumed();
        again.paused();

        assertThat(of(true, false).isPaused()).isTrue();
        assertThat(again.isPaused()).isTrue();
    }
}
