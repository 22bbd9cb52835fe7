package org.pgminicluster.wait;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.state.ClusterState;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.state.NodeState;
import org.pgminicluster.state.RowSecurity;
import org.pgminicluster.state.SlotState;
import org.pgminicluster.state.SubscribedTable;
import org.pgminicluster.state.SubscriptionState;
import org.pgminicluster.state.SyncState;
import org.pgminicluster.topology.TableName;

/** The evidence of a failed wait. */
class WaitFailedExceptionTest {

    @Test
    void the_evidence_survives_a_way_to_another_jvm() throws IOException, ClassNotFoundException {
        Lsn lsn = Lsn.parse("0/16B3748");
        SlotState slot = new SlotState(
                "test_sub",
                false,
                "pgoutput",
                "rep",
                false,
                false,
                7,
                "replicator_vm2",
                lsn,
                lsn,
                "reserved",
                lsn,
                new SlotState.Walsender(7, "test_sub", "streaming", lsn, lsn, lsn, "async"));
        SubscriptionState subscription = new SubscriptionState(
                16400,
                "test2_sub",
                "rep",
                false,
                true,
                "test2_sub",
                "host=vm2",
                "{test2_pub}",
                null,
                null,
                lsn,
                false,
                List.of(new SubscribedTable(TableName.of("test2"), "test2", SyncState.READY, lsn)));
        ClusterState snapshot = new ClusterState(
                "homework",
                List.of(new NodeState(
                        "vm1",
                        "rep",
                        NodeState.Condition.RUNNING,
                        "running",
                        lsn,
                        List.of(slot),
                        List.of(subscription),
                        null,
                        List.of(new RowSecurity("rep", TableName.of("test"), "replicator_vm2")),
                        new Rows(List.of("pid"), List.of(Row.of(7))),
                        List.of("ready"))));
        WaitFailedException failure = new WaitFailedException("waited for a row", true, snapshot, null);

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(failure);
        }
        Object arrived = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();

        assertThat(arrived).isInstanceOfSatisfying(WaitFailedException.class, read -> {
            assertThat(read.snapshot()).isEqualTo(snapshot);
            assertThat(read.isHopeless()).isTrue();
            assertThat(read).hasMessage(failure.getMessage());
        });
    }
}
