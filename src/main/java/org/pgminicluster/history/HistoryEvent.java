package org.pgminicluster.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Something that a run has recorded. Times are milliseconds since it began. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = HistoryEvent.Begun.class, name = "begun"),
    @JsonSubTypes.Type(value = HistoryEvent.Wrote.class, name = "wrote"),
    @JsonSubTypes.Type(value = HistoryEvent.Tried.class, name = "tried"),
    @JsonSubTypes.Type(value = HistoryEvent.Read.class, name = "read"),
    @JsonSubTypes.Type(value = HistoryEvent.Injected.class, name = "injected"),
    @JsonSubTypes.Type(value = HistoryEvent.Void.class, name = "void"),
    @JsonSubTypes.Type(value = HistoryEvent.Healed.class, name = "healed"),
    @JsonSubTypes.Type(value = HistoryEvent.Confirmed.class, name = "confirmed"),
    @JsonSubTypes.Type(value = HistoryEvent.Promoted.class, name = "promoted"),
    @JsonSubTypes.Type(value = HistoryEvent.FailedOver.class, name = "failedOver"),
    @JsonSubTypes.Type(value = HistoryEvent.Settled.class, name = "settled"),
    @JsonSubTypes.Type(value = HistoryEvent.Canaries.class, name = "canaries"),
    @JsonSubTypes.Type(value = HistoryEvent.TableRows.class, name = "rows"),
    @JsonSubTypes.Type(value = HistoryEvent.Slot.class, name = "slot"),
    @JsonSubTypes.Type(value = HistoryEvent.Worker.class, name = "worker"),
    @JsonSubTypes.Type(value = HistoryEvent.LogSign.class, name = "log"),
    @JsonSubTypes.Type(value = HistoryEvent.Ended.class, name = "ended")
})
public sealed interface HistoryEvent {

    /**
     * The first one.
     *
     * @param seed the plan's
     * @param profile the plan's
     * @param version the server's
     * @param synchronousCommit of the subscriptions
     * @param healBoundMillis how long all may take to be equal once everything is healed
     * @param walBound how many bytes of WAL a slot may hold back in the end
     * @param copies who has a copy of what
     * @param slots the slots that there must be in the end, as publisher/slot
     */
    record Begun(
            long seed,
            Profile profile,
            String version,
            String synchronousCommit,
            long healBoundMillis,
            long walBound,
            List<Copy> copies,
            List<String> slots)
            implements HistoryEvent {
        public Begun {
            copies = List.copyOf(copies);
            slots = List.copyOf(slots);
        }

        boolean isDurable() {
            return !synchronousCommit.equals("off");
        }
    }

    /** A node that has a copy of what a publisher writes. */
    record Copy(String node, Source source) {}

    /** What became of a transaction. */
    enum Outcome {
        /** The server has said that it is committed. */
        ACKNOWLEDGED,
        /** It was not committed: refused, or the connection was lost before COMMIT was sent. */
        FAILED,
        /** COMMIT was sent, and no answer came. */
        UNKNOWN,
        /** It was rolled back, as planned. */
        ROLLED_BACK
    }

    /**
     * A transaction has ended.
     *
     * @param source whose
     * @param op its number in the plan
     * @param n the counter that it took, or 0 if it did not come so far
     * @param outcome what became of it
     * @param sqlState the error, or empty
     * @param lsn a position behind its commit, or empty if it is not known
     * @param at when
     */
    record Wrote(Source source, int op, long n, Outcome outcome, String sqlState, String lsn, long at)
            implements HistoryEvent {}

    /**
     * Somebody tried to write on a read-only copy.
     *
     * @param sqlState the refusal, empty if the server was not reached, or {@code 00000} if it was carried out
     */
    record Tried(String node, Source source, Plan.Attempt attempt, String sqlState, long at) implements HistoryEvent {}

    /**
     * A look at a copy, in one statement and so in one snapshot.
     *
     * @param n the counter
     * @param transactions how many different counters the canary table holds
     * @param last the greatest of them
     * @param pairs how many different canary rows
     * @param rows how many canary rows
     * @param applied the origin's position, or empty if there is none
     * @param started when the server was started
     */
    record Read(
            String node,
            Source source,
            long n,
            long transactions,
            long last,
            long pairs,
            long rows,
            String applied,
            String started,
            long at)
            implements HistoryEvent {}

    /** A fault has happened and is proven. */
    record Injected(int fault, String what, String proof, long at) implements HistoryEvent {}

    /** A fault of the plan could not be proven. */
    record Void(int fault, String what, String reason, long at) implements HistoryEvent {}

    /** A fault is healed, or not, as the remark says. */
    record Healed(int fault, String remark, long at) implements HistoryEvent {}

    /** While a subscriber was down: what it had confirmed to its publisher. */
    record Confirmed(String node, Source source, String slot, String lsn, long at) implements HistoryEvent {}

    /**
     * Just before a standby is promoted, when its primary is dead.
     *
     * @param slot the slot that it is going on with
     * @param confirmed what is confirmed there, and will not be sent again
     * @param n how far the standby has come
     */
    record Promoted(String node, Source source, String slot, String confirmed, long n, long at)
            implements HistoryEvent {}

    /** A standby has taken over, and the other does not come back. */
    record FailedOver(String from, String to, long tookMillis, long at) implements HistoryEvent {}

    /** All faults are healed, and all was waited for. */
    record Settled(boolean settled, long tookMillis, String lastSeen, long at) implements HistoryEvent {}

    /**
     * The canary rows of a node in the end.
     *
     * @param rows each counter, part, transaction of the plan, and commit time
     */
    record Canaries(String node, Source source, List<Canary> rows) implements HistoryEvent {
        public Canaries {
            rows = List.copyOf(rows);
        }
    }

    /** A canary row. */
    record Canary(long n, int part, int op, @Nullable String committed) {}

    /** The rows of a node's table in the end. */
    record TableRows(String node, Source source, List<TableRow> rows) implements HistoryEvent {
        public TableRows {
            rows = List.copyOf(rows);
        }
    }

    /** A row by its key, what is in it, and when it was committed. */
    record TableRow(int id, String digest, @Nullable String committed) {}

    /** A slot in the end; {@code status} is empty before PostgreSQL 13. */
    record Slot(String publisher, String slot, boolean active, String status, long heldBytes) implements HistoryEvent {}

    /** A subscription in the end. */
    record Worker(String node, String subscription, boolean running) implements HistoryEvent {}

    /** A bad sign in a log: a crash of the server's own, or an error that comes again and again after healing. */
    record LogSign(String node, String line, int times) implements HistoryEvent {}

    /** The last one: nothing is missing. */
    record Ended(long at) implements HistoryEvent {}
}
