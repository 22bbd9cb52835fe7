package org.pgminicluster.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.script.Script;
import org.pgminicluster.script.Statements;
import org.pgminicluster.script.Step;
import org.pgminicluster.server.InParallel;

/** Carries a topology's script out on freshly started servers. */
final class SetUp {

    private static final Duration SUBSCRIBE = Duration.ofSeconds(20);

    private final MiniCluster cluster;
    private final Map<String, String> passwords;

    SetUp(MiniCluster cluster, Map<String, String> passwords) {
        this.cluster = cluster;
        this.passwords = passwords;
    }

    /**
     * @param untilSynced whether to wait for the copies
     */
    void run(boolean untilSynced) {
        prepare();
        connect(untilSynced);
    }

    /** What every node makes by itself. */
    void prepare() {
        Script script = cluster.script();
        InParallel.map(cluster.nodes(), node -> {
            script.on(node.name()).stream()
                    .filter(step -> step.phase().compareTo(Step.Phase.SUBSCRIBE) < 0)
                    .forEach(this::carryOut);
            return node;
        });
    }

    /** What takes two nodes, when each is prepared. */
    void connect(boolean untilSynced) {
        Script script = cluster.script();
        // One after the other: two that cross would wait for each other's transaction for ever.
        script.phase(Step.Phase.SUBSCRIBE)
                .forEach(step -> subscribeFirst(node(step), step.command().toString()));
        List<Step> standbys = script.phase(Step.Phase.STANDBY);
        // A guard slot is to begin where nothing is copied any more, and the standby with all that was.
        if (untilSynced || !standbys.isEmpty()) {
            // The first look at a node opens a connection, so they are had side by side.
            List<Link> links = InParallel.map(cluster.nodes(), node -> Link.ofNode(cluster, node)).stream()
                    .flatMap(List::stream)
                    .toList();
            UpstreamFirst.order(links)
                    .forEach(link -> cluster.replicationWaits().copied(link, MiniCluster.WAIT));
        }
        standbys.forEach(this::carryOut);
    }

    void carryOut(Step step) {
        Node node = node(step);
        if (step.command() instanceof Step.BaseBackup backup) {
            cluster.standbys().make(node, backup);
        } else if (step.command() instanceof Step.SetPassword set) {
            String password = passwords.get(set.role());
            if (password == null) {
                throw new IllegalStateException("no password for role " + set.role());
            }
            node.setPassword(set.role(), password, step.command().toString());
        } else if (step.phase() == Step.Phase.SUBSCRIBE) {
            subscribe(node, step.command().toString());
        } else if (step.phase().isScript()) {
            runScript(node, step);
        } else {
            node.execute(step.command().toString());
        }
    }

    private Node node(Step step) {
        return cluster.node(step.node()).in(step.database());
    }

    /** In a session of its own, with which all ends that the script has set: search path, role, replication role ... */
    private static void runScript(Node node, Step step) {
        try (Session session = node.session()) {
            Statements.split(step.command().toString()).forEach(session::execute);
            if (session.isInTransaction()) {
                throw new MiniClusterException(
                        "expected the " + step.phase().name().toLowerCase(Locale.ROOT)
                                + " script of " + node.name() + " for database \"" + node.database()
                                + "\" to end outside of a transaction, but one that it began is still open; end it with COMMIT");
            }
        }
        // It may have altered what a database or a role begins a session with.
        node.disconnectIdle();
    }

    private String down() {
        String names = cluster.nodes().stream()
                .filter(node -> !node.isRunning())
                .map(Node::name)
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : "\nnot running: " + names + "; start() it first, then try again";
    }

    /** Over the node's connection, which nobody else needs yet. */
    private void subscribeFirst(Node node, String sql) {
        explained(() -> node.execute(sql, cluster.settings().scaled(SUBSCRIBE)));
    }

    /** Over the connection that looks, when there is nothing that it could have to wait for. */
    void subscribeAside(Node node, String sql) {
        explained(() -> node.executeAside(sql));
    }

    /** In a session of its own: it may take long. */
    void subscribe(Node node, String sql) {
        try (Session session = node.session(cluster.settings().scaled(SUBSCRIBE))) {
            explained(() -> session.execute(sql));
        }
    }

    /** Making a slot waits for every older transaction on the publisher, so a stuck one is named. */
    private void explained(Runnable subscribing) {
        try {
            subscribing.run();
        } catch (SqlFailedException e) {
            throw new MiniClusterException(
                    e.getMessage() + down() + StuckSlots.explain(cluster) + "\n\n" + cluster.snapshot(), e);
        }
    }
}
