package org.pgminicluster.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

@MiniClusterTest
@TopologyFrom("shop")
class ChangeStreamIT {

    static Topology shop() {
        return Topology.named("shop")
                .schema("CREATE TABLE item (id integer PRIMARY KEY)")
                .node(
                        "office",
                        n -> n.publishes("changes", "item")
                                .seed("SELECT pg_create_logical_replication_slot('cdc', 'pgoutput')"))
                .build();
    }

    @Test
    void every_row_comes_once_although_the_server_crashes(Node office) throws SQLException {
        Client client = new Client();
        office.execute("INSERT INTO item VALUES (1), (2)");
        client.readUntil(office, 2);

        office.kill();
        office.start();
        office.execute("INSERT INTO item VALUES (3)");
        client.readUntil(office, 3);

        assertThat(client.items).containsExactly("1", "2", "3");
    }

    @Test
    @RequiresPostgres(min = 13, because = "before, no slot is lost by itself")
    void a_slot_that_is_lost_is_refused(MiniCluster cluster, Node office) {
        cluster.faults().limitSlotWal(office, 1);
        cluster.faults().loseSlot(office, "cdc");
        office.execute("INSERT INTO item VALUES (1)");

        assertThatThrownBy(() -> new Client().readUntil(office, 1)).hasMessageContaining("replication slot \"cdc\"");
    }

    /** Keeps what it has read together with the position up to which it has read, as a client in earnest does on disk. */
    private static final class Client {
        private final List<String> items = new ArrayList<>();
        private final List<String> transaction = new ArrayList<>();
        private LogSequenceNumber position = LogSequenceNumber.INVALID_LSN;

        void readUntil(Node publisher, int count) throws SQLException {
            Properties login = new Properties();
            login.put("user", publisher.user());
            login.put("password", publisher.password());
            login.put("replication", "database");
            login.put("assumeMinServerVersion", "10");
            login.put("preferQueryMode", "simple");
            try (Connection connection = DriverManager.getConnection(publisher.jdbcUrl(), login);
                    PGReplicationStream stream = connection
                            .unwrap(PGConnection.class)
                            .getReplicationAPI()
                            .replicationStream()
                            .logical()
                            .withSlotName("cdc")
                            .withStartPosition(position)
                            .withSlotOption("proto_version", 1)
                            .withSlotOption("publication_names", "changes")
                            .start()) {
                while (items.size() < count) {
                    take(stream.read());
                }
            }
        }

        /** An insert is 'I', the table, 'N', the number of columns, and the first of them: 't', its length, its text. */
        private void take(ByteBuffer message) {
            switch ((char) message.get()) {
                case 'I' -> {
                    byte[] id = new byte[message.getInt(message.position() + 8)];
                    message.get(message.position() + 12, id);
                    transaction.add(new String(id, StandardCharsets.UTF_8));
                }
                case 'C' -> {
                    // A byte of flags, where the commit is, and where it ends.
                    position = LogSequenceNumber.valueOf(message.getLong(message.position() + 9));
                    items.addAll(transaction);
                    transaction.clear();
                }
                default -> {}
            }
        }
    }
}
