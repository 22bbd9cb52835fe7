package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.Topology;

/**
 * The homework as its histories run it: everything begins empty and equal, so only vm3 copies, which is seeded again now and
 * then. By their seed some have more than the homework. Mutants are the same with one thing wrong, to see that the oracle
 * finds it.
 *
 * @param synchronousCommit of every subscription; empty for what its profile says
 * @param guarded whether the read-only copies are guarded
 * @param allTables whether both publications are {@code FOR ALL TABLES}, against all advice
 * @param standby what vm4 is
 * @param more what it has besides
 */
record HomeworkVariant(String synchronousCommit, boolean guarded, boolean allTables, Standby standby, More more) {

    /** What vm4 is. */
    enum Standby {
        /** Not there. */
        NONE,
        /** A standby that goes on from the slots of the one that it takes over from. */
        PLAIN,
        /** A standby with failover slots, and fenced. */
        GUARDED,
        /** A standby with failover slots, but its subscriptions start when it is promoted. */
        UNFENCED
    }

    /**
     * What not every homework has.
     *
     * @param keyless two tables without a key: one has REPLICA IDENTITY FULL, and one takes inserts only
     * @param database another database on vm1 and vm3, and what goes from one to the other
     * @param standby vm5, another guarded standby of vm3, if there is vm4
     */
    record More(boolean keyless, boolean database, boolean standby) {
        static final More NOTHING = new More(false, false, false);

        static More of(long seed) {
            Random random = new Random(seed * 0x9E3779B97F4A7C15L);
            return new More(random.nextInt(3) == 0, random.nextInt(4) == 0, random.nextInt(2) == 0);
        }
    }

    private static final String KEYLESS = """
            CREATE TABLE note (id integer, name text);
            ALTER TABLE note REPLICA IDENTITY FULL;
            CREATE TABLE line (text text);
            """;

    static HomeworkVariant of(Profile profile) {
        return new HomeworkVariant(
                "", true, false, profile == Profile.STANDBY ? Standby.GUARDED : Standby.NONE, More.NOTHING);
    }

    /** As a seed has it. */
    static HomeworkVariant of(Profile profile, long seed) {
        return of(profile).with(More.of(seed));
    }

    /** The plan of a seed. */
    static Plan plan(long seed, Profile profile) {
        PlanTargets targets =
                PlanTargets.of(HistoryTopology.of(of(profile, seed).create(), profile));
        return new PlanGenerator(seed, profile, targets, PlanGenerator.WRITES, profile.faults()).plan();
    }

    HomeworkVariant withoutGuards() {
        return new HomeworkVariant(synchronousCommit, false, allTables, standby, more);
    }

    HomeworkVariant withAllTables() {
        return new HomeworkVariant(synchronousCommit, guarded, true, standby, more);
    }

    HomeworkVariant with(Standby other) {
        return new HomeworkVariant(synchronousCommit, guarded, allTables, other, more);
    }

    HomeworkVariant with(More other) {
        return new HomeworkVariant(synchronousCommit, guarded, allTables, standby, other);
    }

    HomeworkVariant applying(String subscriptionsCommit) {
        return new HomeworkVariant(subscriptionsCommit, guarded, allTables, standby, more);
    }

    Topology create() {
        Topology.Builder builder = Topology.named("homework")
                .database("rep")
                .schema(HomeworkTopology.SCHEMA + (more.keyless() ? KEYLESS : ""));
        if (allTables) {
            builder.allowEcho();
        }
        builder.node("vm1", node -> logs(copies(writes(node, "test"), "test2_sub", "vm2", "test2", false), true))
                .node("vm2", node -> copies(writes(node, "test2"), "test_sub", "vm1", "test", false))
                .node(
                        "vm3",
                        node -> logs(
                                copies(
                                        copies(node, "vm3_test_sub", "vm1", "test", !allTables),
                                        "vm3_test2_sub",
                                        "vm2",
                                        "test2",
                                        !allTables),
                                false));
        switch (standby) {
            case NONE -> {}
            case PLAIN -> builder.standby("vm4").of("vm3");
            case GUARDED -> builder.standby("vm4").guarded().of("vm3");
            case UNFENCED ->
                builder.standby("vm4")
                        .guarded()
                        .setting("max_logical_replication_workers", "10")
                        .of("vm3");
        }
        if (more.standby() && standby == Standby.GUARDED) {
            builder.standby("vm5").guarded().of("vm3");
        }
        return builder.build();
    }

    /** What is written with a table. */
    private String[] with(String table) {
        List<String> tables = new ArrayList<>(List.of(table));
        if (more.keyless()) {
            tables.add(table.equals("test") ? "note" : "line");
        }
        return tables.toArray(String[]::new);
    }

    private NodeSpec.Builder writes(NodeSpec.Builder node, String table) {
        return allTables
                ? node.owns(table).publication(table + "_pub", publication -> publication.allTables())
                : node.publishes(table + "_pub", with(table));
    }

    private NodeSpec.Builder logs(NodeSpec.Builder node, boolean written) {
        if (!more.database()) {
            return node;
        }
        return node.database("log", log -> {
            log.schema("CREATE TABLE entry (id integer PRIMARY KEY, text text)");
            if (written) {
                log.publishes("entries", "entry");
            } else {
                log.readOnly("entry").subscribes("vm3_entries", "vm1", "entries");
            }
        });
    }

    private NodeSpec.Builder copies(
            NodeSpec.Builder node, String subscription, String publisher, String table, boolean copyData) {
        if (guarded) {
            node.readOnly(with(table));
        }
        return node.subscription(subscription, it -> {
            it.to(publisher, table + "_pub").copyData(copyData);
            if (!synchronousCommit.isEmpty()) {
                it.synchronousCommit(synchronousCommit);
            }
        });
    }
}
