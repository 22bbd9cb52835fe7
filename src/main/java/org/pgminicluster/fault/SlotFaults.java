package org.pgminicluster.fault;

import java.util.List;
import java.util.function.Supplier;
import org.apiguardian.api.API;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.FaultFacts;
import org.pgminicluster.journal.FaultFacts.Detail;
import org.pgminicluster.journal.FaultKind;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.journal.WaitFor;
import org.pgminicluster.journal.Words;
import org.pgminicluster.runtime.ClusterRuntime;
import org.pgminicluster.runtime.Link;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.wait.Seen;
import org.pgminicluster.wait.Waits;

/**
 * What can happen to a replication slot.
 *
 * @see <a href="https://www.postgresql.org/docs/13/view-pg-replication-slots.html">pg_replication_slots</a>
 */
@API(status = API.Status.INTERNAL)
public final class SlotFaults {

    private static final String RELEASE =
            "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = ? AND active";
    private static final String DROP =
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ? AND NOT active";
    private static final String LEFT = "SELECT count(*) FROM pg_replication_slots WHERE slot_name = ?";

    private SlotFaults() {}

    private static void until(Member node, WaitFor what, Supplier<Seen> look) {
        node.runtime().waits().until(what, Waits.USUAL, List.of(node), look);
    }

    private static FaultFacts ofSlot(FaultKind kind, Member publisher, String slot) {
        return FaultFacts.of(kind, publisher.name()).with(Detail.SLOT, slot);
    }

    private static void requireSlot(Member publisher, String slot) {
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
    public static void drop(Member node, String slot) {
        until(node, WaitFor.slotDropped(slot, node.name()), () -> {
            node.look(RELEASE, slot);
            node.look(DROP, slot);
            boolean gone = node.look(LEFT, slot).number() == 0;
            return Seen.of(gone, Words.of(gone ? "seen.gone" : "seen.still-there"));
        });
    }

    /** A slot was dropped, while it was in use if need be; nothing brings it back. */
    record Dropped(Member node, String slot) implements FaultAction {

        @Override
        public boolean isSql() {
            return true;
        }

        @Override
        public FaultFacts facts() {
            return ofSlot(FaultKind.DROP_SLOT, node, slot);
        }

        @Override
        public void check() {
            requireSlot(node, slot);
        }

        @Override
        public Words inflict() {
            drop(node, slot);
            return Words.of("proof.slot-dropped", slot);
        }

        @Override
        public void undo() {
            // One that was made anew would begin later, and what lies between would be missing without a word.
        }

        @Override
        public Words awaitHealed() {
            return Words.of("proof.slot-stays-dropped");
        }
    }

    /**
     * The WAL that is kept for slots has a limit.
     *
     * @see <a href="https://www.postgresql.org/docs/13/runtime-config-replication.html#GUC-MAX-SLOT-WAL-KEEP-SIZE">
     *     max_slot_wal_keep_size</a>
     */
    record Limited(Member node, int megabytes) implements FaultAction {

        private static final String SETTING = "max_slot_wal_keep_size";

        @Override
        public boolean isSql() {
            return true;
        }

        @Override
        public FaultFacts facts() {
            return FaultFacts.of(FaultKind.LIMIT_WAL, node.name()).with(Detail.MEGABYTES, megabytes);
        }

        @Override
        public void check() {
            requireUnlimited();
        }

        @Override
        public Words inflict() {
            node.execute("ALTER SYSTEM SET " + SETTING + " = '" + megabytes + "MB'");
            awaitSetting(Integer.toString(megabytes));
            return Words.of("proof.limited", megabytes);
        }

        static void requireKnown(Member node) {
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

        static String of(Member node) {
            return String.valueOf(node.look("SELECT setting FROM pg_settings WHERE name = '" + SETTING + "'")
                    .value());
        }

        private void awaitSetting(String expected) {
            node.look("SELECT pg_reload_conf()");
            until(node, WaitFor.setting(SETTING, node.name(), expected), () -> {
                String now = of(node);
                return Seen.of(now.equals(expected), now);
            });
        }

        @Override
        public void undo() {
            node.requireAwake("the limit of WAL for slots is taken back");
            node.execute("ALTER SYSTEM RESET " + SETTING);
            awaitSetting("-1");
        }

        @Override
        public Words awaitHealed() {
            return Words.of("proof.unlimited");
        }
    }

    /** So much WAL was written under a limit that a slot which nobody reads has lost what it needs. */
    record Lost(Member node, String slot) implements FaultAction {

        private static final String STATE =
                "SELECT wal_status, active, active_pid FROM pg_replication_slots WHERE slot_name = ?";
        /** They would be lost too if they came more than a segment behind. */
        private static final String OTHERS_BEHIND = """
                SELECT count(*) FROM pg_replication_slots
                 WHERE slot_name <> ? AND active
                   AND safe_wal_size < (SELECT setting::bigint FROM pg_settings WHERE name = 'wal_segment_size')""";

        @Override
        public boolean isSql() {
            return true;
        }

        @Override
        public FaultFacts facts() {
            return ofSlot(FaultKind.LOSE_SLOT, node, slot);
        }

        @Override
        public void check() {
            requireSlot(node, slot);
            Limited.requireKnown(node);
            if (node.isStandby()) {
                throw new MiniClusterException("expected " + node.name() + " to write WAL of its own when its slot \""
                        + slot + "\" is driven to lost, but was a standby; promote it first, or drop the slot");
            }
            if (Limited.of(node).equals("-1")) {
                throw new MiniClusterException("expected " + node.name() + " to limit the WAL that it keeps for slots,"
                        + " but " + Limited.SETTING + " was -1; say limitSlotWal first");
            }
            if (itsSubscriberIsDown()) {
                // Its walsender leaves a moment later.
                until(node, WaitFor.slotIdle(slot, node.name()), () -> {
                    boolean idle =
                            node.look(STATE, slot).values().stream().noneMatch(state -> "t".equals(state.get(1)));
                    return Seen.of(idle, Words.of(idle ? "seen.idle" : "seen.in-use"));
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
            ClusterRuntime runtime = node.runtime();
            return runtime.members().stream().anyMatch(other -> !other.isRunning())
                    && runtime.members().stream()
                            .filter(Member::isAwake)
                            .flatMap(other -> Link.ofNode(runtime, other).stream())
                            .noneMatch(link -> link.slot().equals(slot)
                                    && link.publisher().name().equals(node.name()));
        }

        @Override
        public Words inflict() {
            until(node, WaitFor.slotLost(slot, node.name()), () -> {
                long behind = node.look(OTHERS_BEHIND, slot).number();
                if (behind > 0) {
                    return new Seen.NotYet(Words.of("seen.others-behind", behind));
                }
                writeSegment();
                Rows state = node.look(STATE, slot);
                if (state.isEmpty()) {
                    return new Seen.Hopeless(Words.of("seen.gone-not-lost"));
                }
                String status = state.values().get(0).text(0);
                return Seen.of("lost".equals(status), Words.of("seen.wal-status", status));
            });
            return Words.of("proof.slot-lost-now");
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
        public Words awaitHealed() {
            return Words.of("proof.slot-stays-lost");
        }
    }
}
