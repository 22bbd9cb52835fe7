package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.ClusterSnapshot.NodeView;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;

/** The evidence of a failed wait. */
class WaitFailedExceptionTest {

    @Test
    void the_evidence_survives_a_way_to_another_jvm() throws IOException, ClassNotFoundException {
        Rows slots = new Rows(List.of("slot_name", "active_pid"), List.of(Row.of("test_sub", null)));
        ClusterSnapshot snapshot = new ClusterSnapshot(
                "homework", List.of(new NodeView("vm1", "running", Map.of("slots", slots), List.of("ready"))));
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
