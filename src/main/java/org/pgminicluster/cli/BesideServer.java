package org.pgminicluster.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.backup.Backups;
import org.pgminicluster.backup.PhysicalBackup;
import org.pgminicluster.backup.RecoveryTarget;
import org.pgminicluster.cli.byhand.ByHand;
import org.pgminicluster.cli.byhand.ServerByHand;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.topology.Topology;

/** A server beside the cluster, on which a base backup has been recovered to some point, to be looked at and ended. */
final class BesideServer implements AutoCloseable {

    static final String NAME = "pitr";

    private final MiniCluster cluster;
    private final ByHand byHand;

    private BesideServer(MiniCluster cluster) {
        this.cluster = cluster;
        this.byHand = new ByHand(cluster);
    }

    /**
     * Recovers a base backup.
     *
     * @param of the node that it is of
     * @param archive whether that one has archived anything
     * @param room a node that runs, with settings like it
     */
    static BesideServer start(
            Path backup, Node of, boolean archive, Node room, RecoveryTarget target, ServerSettings settings) {
        MiniCluster original = of.cluster();
        Topology topology = Topology.named(NAME)
                .database(original.topology().database())
                .node(NAME, node -> original.topology().postgresOf(of.name()).ifPresent(node::postgres))
                .build();
        MiniCluster beside = MiniCluster.of(topology)
                .name(ClusterDirectory.NAME + "-" + NAME)
                .settings(settings)
                .superuser(original.superuser())
                .asInstalled()
                .start();
        try {
            OwnerOnly.directory(beside.directory());
            Node node = beside.node(NAME);
            Backups backups = beside.backups();
            PhysicalBackup loaded = backups.load(backup, node, room);
            if (archive) {
                backups.copyArchive(of, node);
            }
            // It would write into the archive that it is recovered from.
            node.member().server().configure(Map.of("archive_mode", "off"));
            backups.recover(loaded, node, target);
            OwnerOnly.filesIn(beside.directory());
            return new BesideServer(beside);
        } catch (IOException e) {
            beside.close();
            throw new EnvironmentException(
                    "expected " + beside.directory() + " to be writable, but was not (" + e + ")", e);
        } catch (RuntimeException e) {
            Optional<String> refusal = refusal(beside);
            beside.close();
            throw refusal.<RuntimeException>map(said -> new MiniClusterException(
                            "expected " + of.name() + " to be recovered to " + target + ", but the server said: " + said
                                    + "; choose a point between the end of the backup and now"))
                    .orElse(e);
        }
    }

    /** Why its server does not recover so far, in its own words. */
    private static Optional<String> refusal(MiniCluster beside) {
        String fatal = "FATAL:  ";
        return beside.node(NAME).log().tail().stream()
                .filter(line -> line.contains(fatal) && line.contains("recover"))
                .map(line -> line.substring(line.indexOf(fatal) + fatal.length()))
                .findFirst();
    }

    Node node() {
        return cluster.node(NAME);
    }

    ServerByHand byHand() {
        return byHand.server(NAME);
    }

    /** All tables of all its databases, beside those of a node. */
    List<RowsCompared> comparedWith(Node other) {
        return RowsCompared.databases(node().member()).stream()
                .flatMap(
                        database -> RowsCompared.of(
                                node().in(database).member(), other.in(database).member())
                                .stream())
                .toList();
    }

    @Override
    public void close() {
        cluster.close();
    }
}
