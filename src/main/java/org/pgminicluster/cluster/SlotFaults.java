package org.pgminicluster.cluster;

import java.util.List;
import java.util.function.Supplier;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.Rows;

/**
 * What can happen to a replication slot.
 *
 * @see <a href="https://www.postgresql.org/docs/13/view-pg-replication-slots.html">pg_replication_slots</a>
 */
final class SlotFaults {

    private static final String RELEASE =
            "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = ? AND active";
    private static final String DROP =
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ? AND NOT active";
    private static final String LEFT = "SELECT count(*) FROM pg_replication_slots WHERE slot_name = ?";

    private SlotFaults() {}

    private static void until(Node node, String what, Supplier<Probe> look) {
        node.cluster().waits().until(what, MiniCluster.WAIT, List.of(node), look);
    }

    private static void requireSlot(Node publisher, String slot) {
        Rows slots = publisher.look("SELECT slot_name FROM pg_replication_slots ORDER BY 1");
        if (!slots.column().contains(slot)) {
            throw new MiniClusterException("expected " + publisher.name() + " to have the slot \"" + slot
                    + "\", but has " + slots.column() + "; a slot is on the publisher");
        }
    }

    /**
     * Drops a slot if it is there, while it is in use if need be. Its worker comes back 50 ms after it was ended, so the
     * gap is found sooner or later.
     */
    static void drop(Node node, String slot) {
        until(node, "slot " + slot + " to be dropped on " + node.name(), () -> {
            node.look(RELEASE, slot);
            node.look(DROP, slot);
            boolean gone = node.look(LEFT, slot).number() == 0;
            return Probe.of(gone, gone ? "gone" : "still there");
        });
    }

    /** A slot was dropped, while it was in use if need be; nothing brings it back. */
    record Dropped(Node node, String slot) implements Breakage {

        @Override
        public String what() {
            return "slot " + slot + " dropped";
        }

        @Override
        public void check() {
            requireSlot(node, slot);
        }

        @Override
        public String inflict() {
            drop(node, slot);
            return "slot " + slot + " is not in pg_replication_slots";
        }

        @Override
        public void undo() {
            // One that was made anew would begin later, and what lies between would be missing without a word.
        }

        @Override
        public String awaitHealed() {
            return "stays gone: the subscription must be seeded again";
        }
    }

    /**
     * The WAL that is kept for slots has a limit.
     *
     * @see <a href="https://www.postgresql.org/docs/13/runtime-config-replication.html#GUC-MAX-SLOT-WAL-KEEP-SIZE">
     *     max_slot_wal_keep_size</a>
     */
    record Limited(Node node, int megabytes) implements Breakage {

        private static final String SETTING = "max_slot_wal_keep_size";

        @Override
        public String what() {
            return SETTING + " = " + megabytes + "MB";
        }

        @Override
        public void check() {
            requireUnlimited();
        }

        @Override
        public String inflict() {
            node.execute("ALTER SYSTEM SET " + SETTING + " = '" + megabytes + "MB'");
            awaitSetting(Integer.toString(megabytes));
            return "pg_settings has " + megabytes + " MB";
        }

        static void requireKnown(Node node) {
            if (!node.version().isAtLeast(13)) {
                throw new MiniClusterException("expected " + node.name()
                        + " to be PostgreSQL 13 or later, which can limit the WAL kept for slots, but was "
                        + node.version());
            }
        }

        /** Whose limit would be put back otherwise? */
        private void requireUnlimited() {
            requireKnown(node);
            String now = of(node);
            if (!now.equals("-1")) {
                throw new MiniClusterException("expected " + SETTING + " of " + node.name()
                        + " to be unlimited (-1), but was " + now + "; heal the other limit first");
            }
        }

        static String of(Node node) {
            return String.valueOf(node.look("SELECT setting FROM pg_settings WHERE name = '" + SETTING + "'")
                    .value());
        }

        private void awaitSetting(String expected) {
            node.look("SELECT pg_reload_conf()");
            until(node, SETTING + " of " + node.name() + " to be " + expected, () -> {
                String now = of(node);
                return Probe.of(now.equals(expected), now);
            });
        }

        @Override
        public void undo() {
            node.requireAwake("the limit of WAL for slots is taken back");
            node.execute("ALTER SYSTEM RESET " + SETTING);
            awaitSetting("-1");
        }

        @Override
        public String awaitHealed() {
            return "pg_settings has no limit";
        }
    }

    /** So much WAL was written under a limit that a slot which nobody reads has lost what it needs. */
    record Lost(Node node, String slot) implements Breakage {

        private static final String STATE =
                "SELECT wal_status, active, active_pid FROM pg_replication_slots WHERE slot_name = ?";
        /** They would be lost too if they came more than a segment behind. */
        private static final String OTHERS_BEHIND = """
                SELECT count(*) FROM pg_replication_slots
                 WHERE slot_name <> ? AND active
                   AND safe_wal_size < (SELECT setting::bigint FROM pg_settings WHERE name = 'wal_segment_size')""";

        @Override
        public String what() {
            return "slot " + slot + " lost";
        }

        @Override
        public void check() {
            requireSlot(node, slot);
            Limited.requireKnown(node);
            if (Limited.of(node).equals("-1")) {
                throw new MiniClusterException("expected " + node.name() + " to limit the WAL that it keeps for slots,"
                        + " but " + Limited.SETTING + " was -1; say limitSlotWal first");
            }
            if (itsSubscriberIsDown()) {
                // Its walsender leaves a moment later.
                until(node, "slot " + slot + " on " + node.name() + " to be let go", () -> {
                    boolean idle =
                            node.look(STATE, slot).values().stream().noneMatch(state -> "t".equals(state.get(1)));
                    return Probe.of(idle, idle ? "nobody has it" : "it is in use");
                });
            }
            node.look(STATE, slot).values().stream()
                    .filter(state -> "t".equals(state.get(1)))
                    .forEach(state -> {
                        throw new MiniClusterException("expected slot " + slot + " on " + node.name()
                                + " to be idle when it is driven to lost, but pid " + state.get(2)
                                + " uses it; cut the link or take the subscriber down first");
                    });
        }

        private boolean itsSubscriberIsDown() {
            MiniCluster cluster = node.cluster();
            return cluster.nodes().stream().anyMatch(other -> !other.isRunning())
                    && cluster.nodes().stream()
                            .filter(Node::isAwake)
                            .flatMap(other -> Link.ofNode(cluster, other).stream())
                            .noneMatch(link -> link.slot().equals(slot)
                                    && link.publisher().name().equals(node.name()));
        }

        @Override
        public String inflict() {
            until(node, "slot " + slot + " on " + node.name() + " to be lost", () -> {
                long behind = node.look(OTHERS_BEHIND, slot).number();
                if (behind > 0) {
                    return new Probe.NotYet(behind + " other slots have to catch up first");
                }
                writeSegment();
                Rows state = node.look(STATE, slot);
                if (state.isEmpty()) {
                    return new Probe.Hopeless("it is gone, and was not lost before");
                }
                String status = state.values().get(0).text(0);
                return Probe.of("lost".equals(status), "wal_status " + status);
            });
            return "pg_replication_slots has wal_status lost";
        }

        /** Without a record in it a segment would not be switched; what nobody can read is found by checkpoints. */
        private void writeSegment() {
            node.look("SELECT pg_logical_emit_message(false, 'pg-minicluster', 'one more segment')");
            node.look("SELECT pg_switch_wal()");
            node.execute("CHECKPOINT");
        }

        @Override
        public void undo() {
            // Nothing brings removed WAL back.
        }

        @Override
        public String awaitHealed() {
            return "stays lost: the subscription must be seeded again";
        }
    }
}
