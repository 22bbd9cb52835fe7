package org.pgminicluster.assertj;

import static org.pgminicluster.assertj.AssertionsIT.messageOf;
import static org.pgminicluster.assertj.AssertionsIT.said;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;

import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.Shared;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.session.RunningStatement;
import org.pgminicluster.session.Session;
import org.pgminicluster.topology.Topology;

/** What is claimed of a session, and of the process that works for it. */
@MiniClusterTest
@Shared
@TopologyFrom("till")
class SessionAssertionsIT {

    static Topology till() {
        return Topology.named("till")
                .schema("CREATE TABLE note (id integer); CREATE TABLE many (id integer)")
                .node("till")
                .build();
    }

    @Test
    void a_session_is_refused_with_what_it_has_set(Node till) {
        try (Session session = till.session()) {
            assertThat(session).rejects("SELECT 1 / ?", 0).withSqlState("22012");
            session.execute("SET default_transaction_read_only = on");
            assertThat(session).rejects("DELETE FROM note").withSqlState("25006");
            said(
                    messageOf(() -> assertThat(session).as("reading").rejects("SELECT 1")),
                    "[reading] expected this session on till to refuse",
                    "    SELECT 1",
                    "but it was carried out");
        }
    }

    @Test
    void a_backend_that_waits_for_a_lock(Node till) {
        try (Session holder = till.session()) {
            holder.execute("BEGIN; LOCK TABLE many");
            try (RunningStatement waiting = till.executeInBackground("DELETE FROM many WHERE id < 0")) {
                int pid = waiting.backendPid();
                assertThat(till).backend(pid).eventually().waitsForLock();
                said(
                        messageOf(() -> assertThat(till).backend(pid).isGone()),
                        "expected backend " + pid + " on till to be gone",
                        "but still there");
                Assertions.assertThat(messageOf(() ->
                                assertThat(till).backend(holder.backendPid()).waitsForLock()))
                        .isEqualTo("expected backend " + holder.backendPid() + " on till to wait for a lock\n"
                                + "but it waits for Client ClientRead");
                holder.execute("ROLLBACK");
                waiting.await();
                waiting.close();
                assertThat(till).backend(pid).eventually().isGone();
                said(
                        messageOf(() -> assertThat(till).backend(pid).waitsForLock()),
                        "expected backend " + pid + " on till to wait for a lock",
                        "but it is gone");
            }
        }
    }
}
