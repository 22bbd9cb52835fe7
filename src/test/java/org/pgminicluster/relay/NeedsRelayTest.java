package org.pgminicluster.relay;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.testkit.engine.EventConditions.abortedWithReason;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.EventConditions.test;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Events;
import org.pgminicluster.EnvironmentException;

/** What is skipped for want of a relay, and what is not. */
class NeedsRelayTest {

    private static final String OUT_OF_REACH =
            "expected the gateway of the network of vm3 to be an address of this machine, but was \"172.18.0.1\", so nothing"
                    + " in this JVM can be reached from the container; run with -Dminicluster.servers=process";

    @NeedsRelay
    static class Sample {
        @Test
        void far() {
            throw new EnvironmentException(OUT_OF_REACH);
        }

        @Test
        void full() {
            throw new EnvironmentException("no space is left");
        }
    }

    @Test
    void a_test_is_skipped_if_no_server_can_reach_this_jvm_and_fails_for_any_other_reason() {
        Events tests = EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(Sample.class))
                .execute()
                .testEvents();

        tests.assertStatistics(events -> events.finished(2).aborted(1).failed(1));
        tests.assertThatEvents()
                .haveExactly(1, event(test("far"), abortedWithReason(message(OUT_OF_REACH))))
                .haveExactly(1, event(test("full"), finishedWithFailure(message("no space is left"))));
    }
}
