package org.pgminicluster.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * What a history is to do: the transactions of each writer, the writes that must be refused, and the faults. Plain data,
 * wholly determined by its seed, its profile and what the topology has. What servers make of it is another matter: a seed fixes the plan and
 * not the schedule.
 *
 * @param seed what it was made from
 * @param profile what kind it is
 * @param writes the transactions, each writer's in its order
 * @param forbidden writes on read-only copies
 * @param faults in the order in which they begin
 * @param acts what is done to subscriptions and publications meanwhile, in its order
 * @param failover the last of all, if there is one
 */
@API(status = API.Status.EXPERIMENTAL)
public record Plan(
        long seed,
        Profile profile,
        List<Write> writes,
        List<ForbiddenWrite> forbidden,
        List<PlannedFault> faults,
        List<PlannedAct> acts,
        @Nullable PlannedFailover failover) {

    public Plan {
        writes = List.copyOf(writes);
        forbidden = List.copyOf(forbidden);
        faults = List.copyOf(faults);
        acts = List.copyOf(acts);
    }

    /** A line of a plan's file. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Head.class, name = "plan"),
        @JsonSubTypes.Type(value = Write.class, name = "write"),
        @JsonSubTypes.Type(value = ForbiddenWrite.class, name = "forbidden"),
        @JsonSubTypes.Type(value = PlannedFault.class, name = "fault"),
        @JsonSubTypes.Type(value = PlannedAct.class, name = "act"),
        @JsonSubTypes.Type(value = PlannedFailover.class, name = "failover")
    })
    sealed interface Line {}

    record Head(long seed, Profile profile) implements Line {}

    /** What a transaction does to one of the tables, besides taking the counter and writing the canary rows. */
    public enum Change {
        /** New rows. */
        INSERT,
        /** Other values in the newest rows. */
        UPDATE,
        /** Another key for the newest row. */
        KEY_CHANGE,
        /** The oldest rows go. */
        DELETE,
        /** All rows go. */
        TRUNCATE,
        /** A new row of half a megabyte. */
        LARGE,
        /** Rows before, after and within a savepoint, which is rolled back to. */
        SAVEPOINT,
        /** New rows, and then the whole transaction is rolled back. */
        ROLLBACK,
        /** Nothing more. */
        CANARY_ONLY
    }

    /**
     * One transaction.
     *
     * @param ledger who writes what: the {@link Ledger#id() id} of a ledger
     * @param op its number among the writer's transactions, which stays when others are left out
     * @param change what it does
     * @param rows how many rows it does that to
     */
    public record Write(String ledger, int op, Change change, int rows) implements Line {}

    /** How somebody tries to write where he must not. */
    public enum Attempt {
        INSERT,
        UPDATE,
        /** An UPDATE that finds no row. */
        UPDATE_NOTHING,
        DELETE,
        TRUNCATE,
        COPY
    }

    /**
     * A write that must be refused.
     *
     * @param node where: a node, or node/database if that is not the topology's own
     * @param ledger whose table: the {@link Ledger#id() id} of a ledger
     * @param attempt how
     * @param after when the ledger's writer has come to that transaction
     */
    public record ForbiddenWrite(String node, String ledger, Attempt attempt, int after) implements Line {}

    /** The kinds of faults. */
    public enum FaultKind {
        KILL,
        STOP_FAST,
        STOP_IMMEDIATE,
        PAUSE,
        PAUSE_THEN_KILL,
        ISOLATE,
        CUT,
        STALL,
        SLOW,
        TERMINATE_WALSENDER,
        TERMINATE_APPLY_WORKER;

        /** Whether it is done to a link between two nodes; the others are done to one node. */
        public boolean isOfLink() {
            return compareTo(CUT) >= 0;
        }

        /** Whether the node loses what it has not flushed. */
        public boolean isCrash() {
            return this == KILL || this == STOP_IMMEDIATE || this == PAUSE_THEN_KILL;
        }
    }

    /**
     * A fault.
     *
     * @param id its number, which stays when others are left out
     * @param faultKind what happens
     * @param node the node, or the publisher of the link
     * @param peer the subscriber of the link; empty if it is a node's fault
     * @param anchor the ledger whose transactions tell when it begins
     * @param after when its writer has come to that transaction
     * @param lastsMillis how long it lasts
     * @param overlapping whether it may begin while the one before lasts; else that one is healed first
     */
    public record PlannedFault(
            int id,
            FaultKind faultKind,
            String node,
            String peer,
            String anchor,
            int after,
            int lastsMillis,
            boolean overlapping)
            implements Line {

        /** How long it lasts. */
        public Duration lasts() {
            return Duration.ofMillis(lastsMillis);
        }

        /** The same for another time. */
        PlannedFault lasting(int millis) {
            return new PlannedFault(id, faultKind, node, peer, anchor, after, millis, overlapping);
        }

        /** The nodes that it touches. */
        Set<String> nodes() {
            return peer.isEmpty() ? Set.of(node) : Set.of(node, peer);
        }

        /** Such as {@code CUT vm1 -> vm3 for 300 ms after transaction 20 of vm1}. */
        @Override
        public String toString() {
            return faultKind + " " + node + (peer.isEmpty() ? "" : " -> " + peer) + " for " + lastsMillis + " ms after"
                    + " transaction " + after + " of " + anchor + (overlapping ? ", overlapping" : "");
        }
    }

    /** What whoever runs such servers does to them while they are at work. */
    public enum ActKind {
        /** A subscription's slot is dropped, and some transactions later the subscription is made anew, with all rows. */
        RESEED,
        /** A table comes into a publication, and its subscribers refresh: all of its rows are copied. */
        ADD_TABLE,
        /** The same table leaves it again, and its subscribers refresh. */
        DROP_TABLE,
        /** A subscription is disabled. */
        DISABLE,
        /** It is enabled again. */
        ENABLE,
        /** A subscription gets another option. */
        ALTER_OPTION,
        /** A publisher writes WAL that no subscription wants. */
        UNPUBLISHED_LOAD
    }

    /**
     * Something that is done on purpose, and is no fault. It begins when no fault lasts, so that it can be carried out.
     *
     * @param id its number among faults and acts, which stays when others are left out
     * @param actKind what is done
     * @param place where: the subscriber, or the publisher of a table or a load
     * @param subject the subscription, or the ledger with which the table is written
     * @param detail the option, or the megabytes of a load; empty otherwise
     * @param anchor the ledger whose transactions tell when it is done
     * @param after when its writer has come to that transaction
     * @param whileLagging whether it is done when the standby that is about to take over is cut from its primary
     */
    public record PlannedAct(
            int id,
            ActKind actKind,
            String place,
            String subject,
            String detail,
            String anchor,
            int after,
            boolean whileLagging)
            implements Line {

        /** Such as {@code RESEED vm3_test_sub on vm3 after transaction 20 of vm1}. */
        @Override
        public String toString() {
            return actKind + (subject.isEmpty() ? "" : " " + subject) + " on " + place
                    + (detail.isEmpty() ? "" : ", " + detail)
                    + (whileLagging ? ", while the standby lags" : " after transaction " + after + " of " + anchor);
        }
    }

    /** How a standby comes to take over. */
    public enum How {
        /** Its primary is killed. */
        KILL,
        /** Its primary is frozen first and then killed, which is another thing. */
        PAUSE_THEN_KILL,
        /** As planned, while all live; then the old primary is stopped and becomes a standby. */
        SWITCH_OVER
    }

    /**
     * A standby takes over from its primary, in the usual case from one that dies while the standby lags behind it.
     *
     * @param how how it comes to that
     * @param primary who is failed over from
     * @param standby who takes over
     * @param anchor the ledger whose transactions tell when it begins
     * @param after when its writer has come to that transaction
     * @param lagMillis how long the standby has been cut from its primary by then; 0 if it is not cut
     * @param killed a publisher that is killed in the middle of it; empty if none is
     * @param killedAtStep at which of the steps that the cluster's journal tells
     * @param back whether the old primary rejoins and then takes over again, from a standby that is killed
     */
    public record PlannedFailover(
            How how,
            String primary,
            String standby,
            String anchor,
            int after,
            int lagMillis,
            String killed,
            int killedAtStep,
            boolean back)
            implements Line {

        /** Nobody else dies, and there is no way back. */
        public PlannedFailover(How how, String primary, String standby, String anchor, int after, int lagMillis) {
            this(how, primary, standby, anchor, after, lagMillis, "", 0, false);
        }

        /** The way back: the one that has taken over is killed. */
        PlannedFailover andBack() {
            return new PlannedFailover(How.KILL, standby, primary, anchor, after, 0);
        }

        /** Such as {@code KILL vm3 and fail over to vm4, which lags 500 ms, after transaction 80 of vm1}. */
        @Override
        public String toString() {
            return how + " " + primary + " and fail over to " + standby
                    + (lagMillis == 0 ? "" : ", which lags " + lagMillis + " ms,") + " after transaction " + after
                    + " of " + anchor
                    + (killed.isEmpty() ? "" : "; " + killed + " is killed at step " + killedAtStep)
                    + (back ? "; and back" : "");
        }
    }

    Plan withWrites(List<Write> others) {
        return new Plan(seed, profile, others, forbidden, faults, acts, failover);
    }

    Plan withForbidden(List<ForbiddenWrite> others) {
        return new Plan(seed, profile, writes, others, faults, acts, failover);
    }

    Plan withFaults(List<PlannedFault> others) {
        return new Plan(seed, profile, writes, forbidden, others, acts, failover);
    }

    Plan withActs(List<PlannedAct> others) {
        return new Plan(seed, profile, writes, forbidden, faults, others, failover);
    }

    Plan withFailover(@Nullable PlannedFailover other) {
        return new Plan(seed, profile, writes, forbidden, faults, acts, other);
    }

    /** As JSON lines, which {@link #parse} reads. */
    public List<String> lines() {
        List<Line> all = new ArrayList<>();
        all.add(new Head(seed, profile));
        all.addAll(faults);
        all.addAll(acts);
        if (failover != null) {
            all.add(failover);
        }
        all.addAll(writes);
        all.addAll(forbidden);
        return JsonLines.format(all);
    }

    /**
     * Reads what {@link #lines()} has written.
     *
     * @throws org.pgminicluster.MiniClusterException if it is no plan
     */
    public static Plan parse(List<String> lines) {
        List<Line> all = JsonLines.parse(lines, Line.class);
        Head head = JsonLines.only(all, Head.class, "a plan");
        return new Plan(
                head.seed(),
                head.profile(),
                JsonLines.of(all, Write.class),
                JsonLines.of(all, ForbiddenWrite.class),
                JsonLines.of(all, PlannedFault.class),
                JsonLines.of(all, PlannedAct.class),
                JsonLines.of(all, PlannedFailover.class).stream().findFirst().orElse(null));
    }

    /**
     * Writes it to a file.
     *
     * @throws java.io.UncheckedIOException if that cannot be written
     */
    public Path writeTo(Path file) {
        return JsonLines.write(file, lines());
    }

    /**
     * Reads it from a file.
     *
     * @throws java.io.UncheckedIOException if that cannot be read
     * @throws org.pgminicluster.MiniClusterException if it holds no plan
     */
    public static Plan readFrom(Path file) {
        return parse(JsonLines.read(file));
    }
}
