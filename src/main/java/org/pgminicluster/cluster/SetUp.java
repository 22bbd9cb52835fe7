package org.pgminicluster.cluster;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.WaitFor;
import org.pgminicluster.journal.Words;
import org.pgminicluster.runtime.ClusterRuntime;
import org.pgminicluster.runtime.Link;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.runtime.ReplicationWaits;
import org.pgminicluster.runtime.StandbySnapshots;
import org.pgminicluster.runtime.UpstreamFirst;
import org.pgminicluster.script.NodeSettings;
import org.pgminicluster.script.Roles;
import org.pgminicluster.script.Script;
import org.pgminicluster.script.Step;
import org.pgminicluster.server.InParallel;
import org.pgminicluster.session.RunningStatement;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.standby.Standbys;
import org.pgminicluster.wait.Seen;
import org.pgminicluster.wait.Waits;

/** Carries a topology's script out on freshly started servers. */
final class SetUp {

    private static final Duration SUBSCRIBE = Duration.ofSeconds(20);

    private final ClusterRuntime runtime;
    private final Standbys standbys;

    SetUp(ClusterRuntime runtime, Standbys standbys) {
        this.runtime = runtime;
        this.standbys = standbys;
    }

    ClusterRuntime runtime() {
        return runtime;
    }

    /**
     * @param untilSynced whether to wait for the copies
     */
    void run(boolean untilSynced) {
        run(runtime.script(), untilSynced);
    }

    /** The same with some of the steps only, where others are not needed. */
    void run(Script script, boolean untilSynced) {
        prepare(script);
        connect(script, untilSynced);
    }

    /** What every node makes by itself. */
    void prepare() {
        prepare(runtime.script());
    }

    private void prepare(Script script) {
        InParallel.map(runtime.members(), node -> {
            script.on(node.name()).stream()
                    .filter(step -> step.phase().compareTo(Step.Phase.SUBSCRIBE) < 0)
                    .forEach(this::carryOut);
            return node;
        });
    }

    /** What takes two nodes, when each is prepared. */
    void connect(boolean untilSynced) {
        connect(runtime.script(), untilSynced);
    }

    private void connect(Script script, boolean untilSynced) {
        // One after the other: two that cross would wait for each other's transaction for ever.
        script.phase(Step.Phase.SUBSCRIBE)
                .forEach(step -> subscribeFirst(node(step), step.command().toString()));
        List<Step> standbys = script.phase(Step.Phase.STANDBY);
        // A failover slot is to begin where nothing is copied any more, and the standby with all that was.
        if (untilSynced || !standbys.isEmpty()) {
            // The first look at a node opens a connection, so they are had side by side.
            List<Link> links = InParallel.map(withDatabases(), node -> Link.ofNode(runtime, node)).stream()
                    .flatMap(List::stream)
                    .toList();
            UpstreamFirst.order(links).forEach(link -> new ReplicationWaits(runtime.waits()).copied(link, Waits.USUAL));
        }
        standbys.forEach(this::carryOut);
        subscribeToStandbys(script, untilSynced);
        script.phase(Step.Phase.SYNCHRONOUS).forEach(this::carryOut);
        runtime.topology()
                .nodes()
                .forEach(node -> node.waitsFor().ifPresent(names -> {
                    Member waiting = runtime.member(node.name());
                    waiting.awaitValue("SHOW " + NodeSettings.SYNCHRONOUS, names, Waits.USUAL);
                    // Backends wait when the checkpointer, too, has read it.
                    waiting.executeUnseen("CHECKPOINT");
                }));
    }

    private void subscribeToStandbys(Script script, boolean untilSynced) {
        List<Step> steps = script.phase(Step.Phase.SUBSCRIBE_TO_STANDBY);
        steps.forEach(this::carryOut);
        if (untilSynced) {
            steps.stream()
                    .map(Step::node)
                    .distinct()
                    .flatMap(node -> Link.ofNode(runtime, runtime.member(node)).stream())
                    .filter(link ->
                            runtime.topology().standby(link.publisher().name()).isPresent())
                    .forEach(link -> new ReplicationWaits(runtime.waits()).copied(link, Waits.USUAL));
        }
    }

    /** A standby has no database but the first before it is made, and then no subscription of its own. */
    private List<Member> withDatabases() {
        return runtime.members().stream()
                .filter(node -> runtime.topology().standby(node.name()).isEmpty())
                .toList();
    }

    void carryOut(Step step) {
        Member node = node(step);
        if (step.command() instanceof Step.BaseBackup backup) {
            standbys.make(node, backup);
        } else if (step.command() instanceof Step.SetPassword set) {
            String password = runtime.replicationPasswords().get(set.role());
            if (password == null) {
                throw new IllegalStateException("no password for role " + set.role());
            }
            node.setPassword(set.role(), password, step.command().toString());
        } else if (step.phase() == Step.Phase.SUBSCRIBE || step.phase() == Step.Phase.SUBSCRIBE_TO_STANDBY) {
            subscribe(node, step.command().toString());
        } else if (step.command() instanceof Step.Load load) {
            ScriptRun.on(node, step, load);
        } else if (step.command() instanceof Step.Migrate migrate) {
            MigrationRun.on(node, migrate.migration());
        } else if (!isThere(node, step)) {
            node.execute(step.command().toString());
        }
    }

    private Member node(Step step) {
        return runtime.member(step.node()).in(step.database());
    }

    /** A dump may have named the group already, and so have had it made. */
    private static boolean isThere(Member node, Step step) {
        return step.phase() == Step.Phase.ROLE
                && step.command().toString().equals(Roles.MAKE_GROUP)
                && !node.look("SELECT 1 FROM pg_roles WHERE rolname = ?", Roles.GROUP)
                        .isEmpty();
    }

    private String down() {
        String names = runtime.members().stream()
                .filter(node -> !node.isRunning())
                .map(Member::name)
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "" : "\nnot running: " + names + "; start() it first, then try again";
    }

    /** Over the node's connection, which nobody else needs yet. */
    private void subscribeFirst(Member node, String sql) {
        explained(() -> node.execute(sql, runtime.settings().scaled(SUBSCRIBE)));
    }

    /** Over the connection that looks, when there is nothing that it could have to wait for. */
    void subscribeAside(Member node, String sql) {
        explained(() -> node.executeAside(sql));
    }

    /** In a session of its own: it may take long. */
    void subscribe(Member node, String sql) {
        Duration atMost = runtime.settings().scaled(SUBSCRIBE);
        List<Member> standbys = subscribedStandbys();
        if (standbys.isEmpty()) {
            try (Session session = node.session(atMost)) {
                explained(() -> session.execute(sql));
            }
            return;
        }
        // What is followed there was made by its primary, and may have been made just now.
        standbys.stream()
                .flatMap(standby -> Link.wayTo(runtime, standby).stream())
                .forEach(link -> new ReplicationWaits(runtime.waits()).caughtUp(link, Waits.USUAL));
        List<StandbySnapshots> snapshots =
                standbys.stream().map(StandbySnapshots::new).toList();
        try (RunningStatement statement = RunningStatement.start(sql, node.session(atMost), atMost)) {
            runtime.waits().until(WaitFor.subscribed(node.name()), Waits.USUAL, List.of(node), () -> {
                snapshots.forEach(StandbySnapshots::log);
                boolean done = statement.isDone();
                return Seen.of(done, Words.of(done ? "seen.has-ended" : "seen.waits-for-slot"));
            });
            explained(statement::await);
        }
    }

    /** Those that make slots, and need the help of their primaries for that. */
    private List<Member> subscribedStandbys() {
        return runtime.topology().standbys().stream()
                .filter(runtime.topology()::isSubscribedTo)
                .map(standby -> runtime.member(standby.name()))
                .filter(standby -> standby.isAwake() && standby.isStandby())
                .toList();
    }

    /** Making a slot waits for every older transaction on the publisher, so a stuck one is named. */
    private void explained(Runnable subscribing) {
        try {
            subscribing.run();
        } catch (SqlFailedException e) {
            throw new MiniClusterException(
                    e.getMessage() + down() + StuckSlots.explain(runtime) + "\n\n" + runtime.snapshot(), e);
        }
    }
}
