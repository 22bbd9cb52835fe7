package org.pgminicluster.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pgminicluster.MiniClusterException;

/** The same for several at once: nobody is forgotten, whatever becomes of the others. */
@Timeout(30)
class InParallelTest {

    private final Queue<String> done = new ConcurrentLinkedQueue<>();

    @AfterEach
    void leave_no_interrupt_to_the_next_test() {
        Thread.interrupted();
    }

    @Test
    void results_come_in_the_order_of_the_items() {
        assertThat(InParallel.map(List.of(3, 1, 2), i -> i * 10)).containsExactly(30, 10, 20);
        assertThat(InParallel.map(List.<Integer>of(), i -> i)).isEmpty();
    }

    /** One after the other would never come past the barrier. */
    @Test
    void all_are_at_it_at_the_same_time() {
        CyclicBarrier barrier = new CyclicBarrier(3);

        assertThat(InParallel.map(List.of(1, 2, 3), i -> {
                    try {
                        return barrier.await(20, TimeUnit.SECONDS) >= 0;
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                }))
                .containsExactly(true, true, true);
    }

    @Test
    void a_failure_waits_for_the_others_and_carries_theirs() {
        CountDownLatch failed = new CountDownLatch(1);
        List<String> items = List.of("fails first", "goes well after that", "fails too");

        assertThatThrownBy(() -> InParallel.map(items, item -> {
                    if (item.equals("fails first")) {
                        failed.countDown();
                        throw new IllegalStateException(item);
                    }
                    await(failed);
                    done.add(item);
                    if (item.equals("fails too")) {
                        throw new IllegalArgumentException(item);
                    }
                    return item;
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("fails first")
                .satisfies(failure -> assertThat(failure.getSuppressed())
                        .singleElement()
                        .isInstanceOfSatisfying(
                                IllegalArgumentException.class,
                                other -> assertThat(other).hasMessage("fails too")));
        assertThat(done).containsExactlyInAnyOrder("goes well after that", "fails too");
    }

    @Test
    void an_error_is_no_less_a_failure() {
        assertThatThrownBy(() -> InParallel.map(List.of(1), i -> {
                    throw new AssertionError("broken");
                }))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("java.lang.AssertionError: broken")
                .hasCauseInstanceOf(AssertionError.class);
    }

    @Test
    void an_interrupt_ends_the_wait_and_the_work_and_is_given_back() throws Exception {
        CountDownLatch workerInterrupted = new CountDownLatch(1);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> InParallel.map(List.of(1), i -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        workerInterrupted.countDown();
                    }
                    return i;
                }))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("interrupted while waiting for work on several servers at once")
                .hasCauseInstanceOf(InterruptedException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(workerInterrupted.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void what_must_be_done_to_the_end_is_and_the_interrupt_is_given_back() {
        Thread.currentThread().interrupt();

        InParallel.toTheEnd(List.of("one", "two"), done::add);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(done).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void an_interrupt_that_comes_in_between_does_not_cut_it_short_either() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean givenBack = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread closing = new Thread(() -> {
            InParallel.toTheEnd(List.of("one"), item -> {
                begun.countDown();
                await(goOn);
                done.add(item);
            });
            givenBack.set(Thread.currentThread().isInterrupted());
        });
        closing.setUncaughtExceptionHandler((thread, thrown) -> failure.set(thrown));
        closing.start();
        await(begun);

        closing.interrupt();
        goOn.countDown();
        closing.join();

        assertThat(failure).hasNullValue();
        assertThat(done).containsExactly("one");
        assertThat(givenBack).isTrue();
    }

    @Test
    void to_the_end_goes_on_after_a_failure_which_then_is_thrown() {
        assertThatThrownBy(() -> InParallel.toTheEnd(List.of("fails", "goes well"), item -> {
                    if (item.equals("fails")) {
                        throw new IllegalStateException(item);
                    }
                    done.add(item);
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("fails");
        assertThat(done).containsExactly("goes well");
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("waited in vain");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
