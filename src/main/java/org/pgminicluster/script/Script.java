package org.pgminicluster.script;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.apiguardian.api.API;
import org.pgminicluster.topology.DatabaseSpec;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.Publication;
import org.pgminicluster.topology.StandbySpec;
import org.pgminicluster.topology.Subscription;
import org.pgminicluster.topology.TableName;
import org.pgminicluster.topology.Topology;

/** A topology as the ordered steps that make it on freshly started servers. */
@API(status = API.Status.MAINTAINED)
public record Script(List<Step> steps) {

    private static final int ANY_MAJOR = 13;

    public Script {
        steps = List.copyOf(steps);
    }

    /** The steps for servers of PostgreSQL 11 or later that reach each other as {@code peers} says. */
    public static Script of(Topology topology, Peers peers) {
        return of(topology, peers, ANY_MAJOR);
    }

    /** The steps for servers of this major that reach each other as {@code peers} says. */
    public static Script of(Topology topology, Peers peers, int major) {
        return of(topology, peers, server -> major);
    }

    /**
     * The same for servers of several majors.
     *
     * @param majorOf the major of each server
     */
    public static Script of(Topology topology, Peers peers, ToIntFunction<String> majorOf) {
        List<Step> steps = new ArrayList<>();
        for (NodeSpec node : topology.nodes()) {
            new NodeSteps(topology, node, peers, majorOf.applyAsInt(node.name()), steps).add();
        }
        topology.standbys().stream()
                .sorted(Comparator.comparingInt(standby -> hops(topology, standby.name())))
                .forEach(standby -> new StandbySteps(topology, standby, peers, steps).add());
        topology.nodes()
                .forEach(node -> node.waitsFor().ifPresent(names -> {
                    for (String sql : List.of(
                            "ALTER SYSTEM SET " + NodeSettings.SYNCHRONOUS + " = " + Sql.literal(names),
                            "SELECT pg_reload_conf()")) {
                        steps.add(new Step(
                                node.name(),
                                topology.database(),
                                Step.Phase.SYNCHRONOUS,
                                "Commits wait from now on; before, they would have waited for who was still to come.",
                                new Step.Statement(sql)));
                    }
                }));
        steps.sort(Comparator.comparing(Step::phase));
        return new Script(steps);
    }

    /** Whom a standby is copied from must be there before it. */
    private static int hops(Topology topology, String server) {
        return topology.standby(server)
                .map(standby -> 1 + hops(topology, standby.primary()))
                .orElse(0);
    }

    /** The steps of one phase, in order. */
    public List<Step> phase(Step.Phase phase) {
        return steps.stream().filter(step -> step.phase() == phase).toList();
    }

    /** The steps of one node, in order: what a person would type there. */
    public List<Step> on(String node) {
        return steps.stream().filter(step -> step.node().equals(node)).toList();
    }

    /** Adds the steps of one node. */
    private record NodeSteps(Topology topology, NodeSpec node, Peers peers, int major, List<Step> steps) {

        void add() {
            List<String> followers = followers();
            if (node.publishes() || !followers.isEmpty()) {
                roles(followers);
            }
            standbyRoles();
            for (DatabaseSpec database : node.databases()) {
                if (!database.name().equals(topology.database())) {
                    statement(
                            topology.database(),
                            Step.Phase.DATABASE,
                            "A second database on the same server.",
                            "CREATE DATABASE " + Sql.identifier(database.name()));
                }
                database.schema()
                        .forEach(script -> step(
                                database.name(),
                                Step.Phase.SCHEMA,
                                "Schema is not replicated: every node makes its own.",
                                new Step.Load(script)));
                database.migrations()
                        .forEach(migration -> step(
                                database.name(),
                                Step.Phase.SCHEMA,
                                "Schema is not replicated: every node makes its own.",
                                new Step.Migrate(migration)));
                database.seed()
                        .forEach(script -> step(
                                database.name(),
                                Step.Phase.SEED,
                                "Rows that exist before anybody subscribes.",
                                new Step.Load(script)));
                guards(database);
                upkeep(database, node.publishes() || !followers.isEmpty());
                database.publications().forEach(publication -> publication(database, publication));
                database.subscriptions().forEach(subscription -> subscription(database, subscription));
            }
        }

        /** A standby of a follower may be one itself. */
        private List<String> followers() {
            return topology.nodes().stream()
                    .filter(other -> pair().anyMatch(other::follows))
                    .flatMap(other -> Stream.concat(
                            Stream.of(other.name()),
                            topology.standbysBelow(other.name()).stream().map(StandbySpec::name)))
                    .toList();
        }

        /** This node and its standbys, which have its roles. */
        private Stream<String> pair() {
            return Stream.concat(
                    Stream.of(node.name()),
                    topology.standbysBelow(node.name()).stream().map(StandbySpec::name));
        }

        /** A role each, also for this node: it will be the standby when the other one has taken over. */
        private void standbyRoles() {
            List<StandbySpec> standbys = topology.standbysBelow(node.name());
            if (standbys.isEmpty()) {
                return;
            }
            Stream.concat(standbys.stream().map(StandbySpec::name), Stream.of(node.name()))
                    .map(Roles::standbyLogin)
                    .forEach(role -> login(
                            role,
                            "A standby takes everything, so it has a role of its own; pg_hba.conf lets only that one"
                                    + " in for physical replication.",
                            ""));
        }

        private void login(String role, String reason, String member) {
            statement(
                    topology.database(),
                    Step.Phase.ROLE,
                    reason,
                    "CREATE ROLE " + role + " LOGIN REPLICATION" + member);
            step(
                    topology.database(),
                    Step.Phase.ROLE,
                    "The password is hashed on this side, so that no server log can hold it.",
                    new Step.SetPassword(role));
        }

        /** Roles belong to the whole server: the group, and a login for every node that subscribes here, or may. */
        private void roles(List<String> followers) {
            statement(
                    topology.database(),
                    Step.Phase.ROLE,
                    "What subscribers may read is granted to one group.",
                    Roles.MAKE_GROUP);
            for (String follower : followers) {
                login(
                        Roles.login(follower),
                        "Each subscriber logs in by a role of its own: it may replicate, and read what is published.",
                        (bypassesRowSecurity(follower) ? " BYPASSRLS" : "") + " IN ROLE " + Roles.GROUP);
            }
        }

        private boolean bypassesRowSecurity(String follower) {
            return topology.described(follower).databases().stream()
                    .flatMap(database -> database.subscriptions().stream())
                    .anyMatch(subscription ->
                            pair().anyMatch(subscription.publisher()::equals) && subscription.bypassesRowSecurity());
        }

        private void guards(DatabaseSpec database) {
            database.readOnly().stream()
                    .map(TableName::schema)
                    .distinct()
                    .forEach(schema -> statement(
                            database.name(),
                            Step.Phase.GUARD,
                            "What a guard does when somebody writes.",
                            GuardSql.function(schema)));
            for (TableName table : database.readOnly()) {
                statement(
                        database.name(),
                        Step.Phase.GUARD,
                        "A read-only copy refuses direct writes; the apply worker runs with the replica role and passes.",
                        GuardSql.writeTrigger(table, major));
                statement(
                        database.name(),
                        Step.Phase.GUARD,
                        "TRUNCATE is an event of its own: without this one it would pass.",
                        GuardSql.truncateTrigger(table, major));
            }
        }

        private void upkeep(DatabaseSpec database, boolean published) {
            if (!database.readOnly().isEmpty()) {
                statement(
                        database.name(),
                        Step.Phase.UPKEEP,
                        "A trigger guards the table that a statement names: partitions and children need their own.",
                        GuardSql.guardParts(major));
            }
            if (published) {
                statement(
                        database.name(),
                        Step.Phase.UPKEEP,
                        "What is published later may be read, too, and partitions are copied under their own names.",
                        RightsSql.follow(major));
            }
        }

        private void publication(DatabaseSpec database, Publication publication) {
            statement(
                    database.name(), Step.Phase.PUBLISH, "What leaves this node.", PublicationSql.create(publication));
            PublicationSql.grants(publication)
                    .forEach(grant -> statement(
                            database.name(),
                            Step.Phase.PUBLISH,
                            "The initial copy needs SELECT; streaming would not.",
                            grant));
        }

        private void subscription(DatabaseSpec database, Subscription subscription) {
            Conninfo conninfo = peers.conninfo(
                    node.name(), subscription.publisher(), subscription.publisherDatabase(), subscription.name());
            if (topology.standby(subscription.publisher()).isPresent()) {
                String source = topology.described(subscription.publisher()).name();
                statement(
                        database.name(),
                        Step.Phase.SUBSCRIBE_TO_STANDBY,
                        "What this node copies from " + subscription.publisher() + ", a standby of " + source
                                + ". While it waits for its slot, and for that of each table, say SELECT"
                                + " pg_log_standby_snapshot() on " + source + ".",
                        SubscriptionSql.create(subscription, conninfo));
                return;
            }
            statement(
                    database.name(),
                    Step.Phase.SUBSCRIBE,
                    "What this node copies from " + subscription.publisher()
                            + "; one subscription after the other, since two that cross would wait for each other.",
                    SubscriptionSql.create(subscription, conninfo));
        }

        private void statement(String database, Step.Phase phase, String reason, String sql) {
            step(database, phase, reason, new Step.Statement(sql));
        }

        private void step(String database, Step.Phase phase, String reason, Step.Command command) {
            steps.add(new Step(node.name(), database, phase, reason, command));
        }
    }

    /** Adds the steps that make one standby, when everything else is there. */
    private record StandbySteps(Topology topology, StandbySpec standby, Peers peers, List<Step> steps) {

        void add() {
            boolean cascading = topology.standby(standby.primary()).isPresent();
            if (standby.guarded()) {
                topology.node(standby.primary())
                        .databases()
                        .forEach(database -> database.subscriptions().stream()
                                .filter(subscription -> !subscription.hasNoSlot())
                                .forEach(subscription -> failoverSlot(database.name(), subscription)));
            }
            String slot = Slots.ofStandby(standby.name());
            step(
                    standby.primary(),
                    topology.database(),
                    cascading
                            ? "A standby that passes on what it receives keeps it for whoever has not got it yet; no slot"
                                    + " comes with its own copy."
                            : "The primary keeps the WAL that the standby has not got yet.",
                    new Step.Statement("SELECT pg_create_physical_replication_slot(" + Sql.literal(slot) + ", true)"));
            step(
                    standby.name(),
                    topology.database(),
                    "A standby is a copy of the whole node, down to its files, and follows it from there.",
                    new Step.BaseBackup(
                            standby.primary(),
                            peers.standbyConninfo(standby.name(), standby.primary(), topology.database()),
                            slot));
        }

        private void failoverSlot(String database, Subscription subscription) {
            step(
                    subscription.publisher(),
                    subscription.publisherDatabase(),
                    "A failover slot keeps what the standby has not replayed; the subscription's own slot moves on when "
                            + standby.primary() + " has it.",
                    new Step.Statement("SELECT pg_copy_logical_replication_slot("
                            + Sql.literal(subscription.slotName()) + ", "
                            + Sql.literal(Slots.failover(topology, standby.name(), database, subscription.name()))
                            + ")"));
        }

        private void step(String node, String database, String reason, Step.Command command) {
            steps.add(new Step(node, database, Step.Phase.STANDBY, reason, command));
        }
    }
}
