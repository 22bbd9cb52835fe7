package org.pgminicluster.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** Something that a run has recorded. Times are milliseconds since it began. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = HistoryEvent.Begun.class, name = "begun"),
    @JsonSubTypes.Type(value = HistoryEvent.LeftOut.class, name = "leftOut"),
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
    @JsonSubTypes.Type(value = HistoryEvent.Refused.class, name = "refused"),
    @JsonSubTypes.Type(value = HistoryEvent.Rejoined.class, name = "rejoined"),
    @JsonSubTypes.Type(value = HistoryEvent.Expected.class, name = "expected"),
    @JsonSubTypes.Type(value = HistoryEvent.Kept.class, name = "kept"),
    @JsonSubTypes.Type(value = HistoryEvent.LeftOver.class, name = "leftOver"),
    @JsonSubTypes.Type(value = HistoryEvent.Worker.class, name = "worker"),
    @JsonSubTypes.Type(value = HistoryEvent.LogSign.class, name = "log"),
    @JsonSubTypes.Type(value = HistoryEvent.Ended.class, name = "ended")
})
@API(status = API.Status.EXPERIMENTAL)
public sealed interface HistoryEvent {

    /**
     * The first one.
     *
     * @param seed the plan's
     * @param profile the plan's
     * @param topology its name
     * @param version the server's
     * @param healBoundMillis how long all may take to be equal once everything is healed
     * @param walBound how many bytes of WAL a slot may hold back in the end
     * @param ledgers who writes what
     * @param copies who has a copy of what
     * @param slots the slots that there must be in the end if there is no failover, as publisher/slot
     * @param traits what the topology has that not every one has
     */
    record Begun(
            long seed,
            Profile profile,
            String topology,
            String version,
            long healBoundMillis,
            long walBound,
            List<Ledger> ledgers,
            List<Copy> copies,
            List<String> slots,
            List<String> traits)
            implements HistoryEvent {
        public Begun {
            ledgers = List.copyOf(ledgers);
            copies = List.copyOf(copies);
            slots = List.copyOf(slots);
            traits = List.copyOf(traits);
        }

        /** The ledger of that id. */
        Ledger ledger(String id) {
            return ledgers.stream()
                    .filter(ledger -> ledger.id().equals(id))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("no ledger is called " + id));
        }
    }

    /**
     * A place that has a copy of what is written with a ledger.
     *
     * @param node the place: a node, or node/database if that is not the topology's own
     * @param ledger the ledger's id
     * @param durable whether what can be seen there is on disk
     */
    record Copy(String node, String ledger, boolean durable) {}

    /** A table that nobody writes in this history, or whose rows nobody compares. */
    record LeftOut(String table, String why) implements HistoryEvent {}

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
     * @param ledger whose: the id of its ledger
     * @param op its number in the plan
     * @param n the counter that it took, or 0 if it did not come so far
     * @param outcome what became of it
     * @param sqlState the error, or empty
     * @param lsn a position behind its commit, or empty if it is not known
     * @param at when
     */
    record Wrote(String ledger, int op, long n, Outcome outcome, String sqlState, String lsn, long at)
            implements HistoryEvent {}

    /**
     * Somebody tried to write on a read-only copy.
     *
     * @param sqlState the refusal, empty if the server was not reached, or {@code 00000} if it was carried out
     */
    record Tried(String node, String ledger, String table, Plan.Attempt attempt, String sqlState, long at)
            implements HistoryEvent {}

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
     * @param source the oid of the subscription by which it comes, or {@code written} if it was written there; empty while
     *     the copy is not whole: there is no such subscription, or it is copying
     */
    record Read(
            String node,
            String ledger,
            long n,
            long transactions,
            long last,
            long pairs,
            long rows,
            String applied,
            String started,
            String source,
            long at)
            implements HistoryEvent {}

    /** A fault has happened and is proven. */
    record Injected(int fault, String what, String proof, long at) implements HistoryEvent {}

    /** A fault of the plan could not be proven. */
    record Void(int fault, String what, String reason, long at) implements HistoryEvent {}

    /** A fault is healed, or not, as the remark says. */
    record Healed(int fault, String remark, long at) implements HistoryEvent {}

    /** While a subscriber was down: what it had confirmed to its publisher. */
    record Confirmed(String node, String ledger, String slot, String lsn, long at) implements HistoryEvent {}

    /**
     * Just before a standby is promoted, when its primary is dead.
     *
     * @param slot the slot that it is going on with
     * @param confirmed what is confirmed there, and will not be sent again
     * @param n how far the standby has come
     */
    record Promoted(String node, String ledger, String slot, String confirmed, long n, long at)
            implements HistoryEvent {}

    /**
     * A standby has taken over, and the other does not come back but as a standby.
     *
     * @param planned whether all lived, and nobody need have noticed
     */
    record FailedOver(String from, String to, boolean planned, long tookMillis, long at) implements HistoryEvent {}

    /** A failover was refused, and nothing was changed. */
    record Refused(String from, String to, String reason, long at) implements HistoryEvent {}

    /** A node that was failed over from is a standby now. */
    record Rejoined(String node, String program, long tookMillis, long at) implements HistoryEvent {}

    /** The slots that there must be in the end, as publisher/slot, when it is known who has taken over from whom. */
    record Expected(List<String> slots) implements HistoryEvent {
        public Expected {
            slots = List.copyOf(slots);
        }
    }

    /** How much a slot keeps in the end of what was written before a load that no subscription wants was over. */
    record Kept(String publisher, String slot, long bytes) implements HistoryEvent {}

    /** All faults are healed, and all was waited for. */
    record Settled(boolean settled, long tookMillis, String lastSeen, long at) implements HistoryEvent {}

    /**
     * The canary rows of a node in the end.
     *
     * @param rows each counter, part, transaction of the plan, and commit time
     */
    record Canaries(String node, String ledger, List<Canary> rows) implements HistoryEvent {
        public Canaries {
            rows = List.copyOf(rows);
        }
    }

    /** A canary row. */
    record Canary(long n, int part, int op, @Nullable String committed) {}

    /**
     * The rows of a table in the end.
     *
     * @param node where
     * @param ledger with which it is written
     * @param table its name
     * @param view which columns and rows are compared
     * @param rows the rows
     */
    record TableRows(String node, String ledger, String table, String view, List<TableRow> rows)
            implements HistoryEvent {
        public TableRows {
            rows = List.copyOf(rows);
        }
    }

    /** A row by its key, what is in it, and when it was committed. */
    record TableRow(String key, String digest, @Nullable String committed) {}

    /** A slot in the end; {@code status} is empty before PostgreSQL 13. */
    record Slot(String publisher, String slot, boolean active, String status, long heldBytes) implements HistoryEvent {}

    /** A slot that is there in the end and that nobody needs any more: it keeps WAL for ever. */
    record LeftOver(String publisher, String slot) implements HistoryEvent {}

    /** A subscription in the end. */
    record Worker(String node, String subscription, boolean running) implements HistoryEvent {}

    /** A bad sign in a log: a crash of the server's own, or an error that comes again and again after healing. */
    record LogSign(String node, String line, int times) implements HistoryEvent {}

    /** The last one: nothing is missing. */
    record Ended(long at) implements HistoryEvent {}
}
