package org.pgminicluster.history;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a history is to do: the transactions of each publisher, the writes that must be refused, and the faults. Plain
 * data, wholly determined by its seed and profile. What servers make of it is another matter: a seed fixes the plan and
 * not the schedule.
 *
 * @param seed what it was made from
 * @param profile what kind it is
 * @param writes the transactions, each publisher's in its order
 * @param forbidden writes on read-only copies
 * @param faults in the order in which they begin
 * @param failover the last of all, if there is one
 */
public record Plan(
        long seed,
        Profile profile,
        List<Write> writes,
        List<ForbiddenWrite> forbidden,
        List<PlannedFault> faults,
        @Nullable PlannedFailover failover) {

    public Plan {
        writes = List.copyOf(writes);
        forbidden = List.copyOf(forbidden);
        faults = List.copyOf(faults);
    }

    /** A plan, always the same for the same seed and profile. */
    public static Plan generate(long seed, Profile profile) {
        return new PlanGenerator(seed, profile).plan();
    }

    /** A line of a plan's file. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Head.class, name = "plan"),
        @JsonSubTypes.Type(value = Write.class, name = "write"),
        @JsonSubTypes.Type(value = ForbiddenWrite.class, name = "forbidden"),
        @JsonSubTypes.Type(value = PlannedFault.class, name = "fault"),
        @JsonSubTypes.Type(value = PlannedFailover.class, name = "failover")
    })
    sealed interface Line {}

    record Head(long seed, Profile profile) implements Line {}

    /** What a transaction does to the publisher's table, besides taking the counter and writing the canary rows. */
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
     * @param source who writes what
     * @param op its number among the publisher's transactions, which stays when others are left out
     * @param change what it does
     * @param rows how many rows it does that to
     */
    public record Write(Source source, int op, Change change, int rows) implements Line {}

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
     * @param node where
     * @param source whose table
     * @param attempt how
     * @param after when the source's publisher has come to that transaction
     */
    public record ForbiddenWrite(String node, Source source, Attempt attempt, int after) implements Line {}

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
     * @param anchor whose transactions tell when it begins
     * @param after when that publisher has come to that transaction
     * @param lastsMillis how long it lasts
     * @param overlapping whether it may begin while the one before lasts; else that one is healed first
     */
    public record PlannedFault(
            int id,
            FaultKind faultKind,
            String node,
            String peer,
            Source anchor,
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
                    + " transaction " + after + " of " + anchor.publisher() + (overlapping ? ", overlapping" : "");
        }
    }

    /**
     * vm3 dies while vm4 lags behind it, and vm4 takes over.
     *
     * @param how it dies: killed, or frozen first and then killed, which is another thing
     * @param anchor whose transactions tell when it begins
     * @param after when that publisher has come to that transaction
     * @param lagMillis how long vm4 has been cut from vm3 by then
     */
    public record PlannedFailover(FaultKind how, Source anchor, int after, int lagMillis) implements Line {

        /** Such as {@code KILL vm3 and fail over to vm4, which lags 500 ms, after transaction 80 of vm1}. */
        @Override
        public String toString() {
            return how + " " + HistoryTopology.PRIMARY + " and fail over to " + HistoryTopology.STANDBY
                    + ", which lags " + lagMillis + " ms, after transaction " + after + " of " + anchor.publisher();
        }
    }

    Plan withWrites(List<Write> others) {
        return new Plan(seed, profile, others, forbidden, faults, failover);
    }

    Plan withForbidden(List<ForbiddenWrite> others) {
        return new Plan(seed, profile, writes, others, faults, failover);
    }

    Plan withFaults(List<PlannedFault> others) {
        return new Plan(seed, profile, writes, forbidden, others, failover);
    }

    Plan withFailover(@Nullable PlannedFailover other) {
        return new Plan(seed, profile, writes, forbidden, faults, other);
    }

    /** As JSON lines, which {@link #parse} reads. */
    public List<String> lines() {
        List<Line> all = new ArrayList<>();
        all.add(new Head(seed, profile));
        all.addAll(faults);
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
