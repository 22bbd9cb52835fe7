package org.pgminicluster.journal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** Something that happened. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Event.Started.class, name = "started"),
    @JsonSubTypes.Type(value = Event.Step.class, name = "step"),
    @JsonSubTypes.Type(value = Event.Sql.class, name = "sql"),
    @JsonSubTypes.Type(value = Event.Wait.class, name = "wait"),
    @JsonSubTypes.Type(value = Event.Fault.class, name = "fault"),
    @JsonSubTypes.Type(value = Event.TakenOver.class, name = "takenOver"),
    @JsonSubTypes.Type(value = Event.Observation.class, name = "observation"),
    @JsonSubTypes.Type(value = Event.Check.class, name = "check"),
    @JsonSubTypes.Type(value = Event.Note.class, name = "note"),
    @JsonSubTypes.Type(value = Trace.Head.class, name = "head"),
    @JsonSubTypes.Type(value = Trace.Run.class, name = "run"),
    @JsonSubTypes.Type(value = Trace.Layout.class, name = "layout"),
    @JsonSubTypes.Type(value = Trace.Probe.class, name = "probe"),
    @JsonSubTypes.Type(value = Trace.Commit.class, name = "commit"),
    @JsonSubTypes.Type(value = Trace.Arrival.class, name = "arrival"),
    @JsonSubTypes.Type(value = Trace.LogLine.class, name = "log"),
    @JsonSubTypes.Type(value = Trace.Contents.class, name = "contents"),
    @JsonSubTypes.Type(value = Trace.Copies.class, name = "copies"),
    @JsonSubTypes.Type(value = Trace.Examined.class, name = "examined"),
    @JsonSubTypes.Type(value = Trace.Judged.class, name = "judged"),
    @JsonSubTypes.Type(value = Trace.BrokenOff.class, name = "brokenOff"),
    @JsonSubTypes.Type(value = Trace.Ended.class, name = "ended")
})
@API(status = API.Status.MAINTAINED)
public sealed interface Event
        permits Event.Started,
                Event.Step,
                Event.Sql,
                Event.Wait,
                Event.Fault,
                Event.TakenOver,
                Event.Observation,
                Event.Check,
                Event.Note,
                Trace {

    /** A cluster's servers run. */
    record Started(String topology, String servers, String version, List<String> nodes) implements Event {
        public Started {
            nodes = List.copyOf(nodes);
        }
    }

    /** A chapter begins: what is done next, and why. */
    record Step(String title, String why) implements Event {}

    /** A statement and what came of it. */
    record Sql(String database, String sql, Result result, double millis) implements Event {
        /** What psql prints for it. */
        public String shown() {
            if (result instanceof Done done) {
                return done.tag() == null ? CommandTag.of(sql, done.count()) : done.tag();
            }
            return result.toString();
        }
    }

    /**
     * Something was waited for, and came or did not.
     *
     * @param what what it is
     * @param outcome how the wait ended
     * @param last what was seen last
     */
    record Wait(WaitFor what, Outcome outcome, Words last, double millis) implements Event {

        /** How a wait ends. */
        public enum Outcome {
            /** It came. */
            MET,
            /** It did not come in time. */
            NOT_MET,
            /** It was given up, since it could not come any more. */
            HOPELESS,
            /** The thread was interrupted. */
            INTERRUPTED
        }

        /** Whether it came. */
        public boolean met() {
            return outcome == Outcome.MET;
        }
    }

    /**
     * Something was broken, stopped or started on purpose.
     *
     * @param facts what was done, and to whom
     * @param phase whether it lasts, has ended, or has no end of its own
     * @param proof what was seen that shows it
     */
    record Fault(FaultFacts facts, Phase phase, Words proof) implements Event {

        /** Where in the life of a fault this is. */
        public enum Phase {
            /** An act without an end of its own, such as a start. */
            DONE,
            /** It has begun and lasts. */
            OPENED,
            /** It has been put right. */
            HEALED
        }

        /** What was done, in words. */
        public Words what() {
            return facts.words(phase == Phase.DONE);
        }
    }

    /**
     * The entry's node, a standby, has taken the place of its primary.
     *
     * @param from the primary that was
     * @param guarded whether its subscriptions went on from failover slots
     * @param subscriptions those that go on
     * @param remarks what does not go on by itself or was not carried, and what to do about it
     * @param millis from the beginning of the failover until all of them were connected
     */
    record TakenOver(String from, boolean guarded, List<String> subscriptions, List<Words> remarks, double millis)
            implements Event {
        public TakenOver {
            subscriptions = List.copyOf(subscriptions);
            remarks = remarks == null ? List.of() : List.copyOf(remarks);
        }
    }

    /** Something was seen. */
    record Observation(String what, String text) implements Event {}

    /** Something was claimed, and held or did not. */
    record Check(String claim, String expected, String actual, boolean held) implements Event {}

    /**
     * A word about a problem or to the reader. A problem is told by several, in the order of {@link Part}.
     *
     * @param part what the text tells
     * @param text in plain sentences; a symptom is in the exact words of this run
     * @param where where it was seen, such as {@code psql} or {@code log}; of a cause, the page that states it; null
     *     where that says nothing
     */
    record Note(Part part, String text, @Nullable String where) implements Event {

        /** What a note tells. */
        public enum Part {
            /** A question to the reader, to be answered before reading on. */
            QUESTION,
            /** The name of a problem: the notes that follow are about it. */
            PROBLEM,
            /** What one sees. */
            SYMPTOM,
            /** Why it is so. */
            CAUSE,
            /** What was done about it. */
            CURE,
            /** What differs in other majors of PostgreSQL. */
            MAJORS,
            /** What shows that it helped. */
            PROOF
        }
    }

    /** What came of a statement. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Selected.class, name = "rows"),
        @JsonSubTypes.Type(value = Done.class, name = "done"),
        @JsonSubTypes.Type(value = Failed.class, name = "error")
    })
    sealed interface Result {}

    /** It returned rows. */
    record Selected(Rows rows) implements Result {
        @Override
        public String toString() {
            return rows.toString();
        }
    }

    /**
     * It was done.
     *
     * @param count to how many rows, where it counts them
     * @param tag the server's own word for it; null if it was not kept
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Done(long count, @Nullable String tag) implements Result {
        public Done(long count) {
            this(count, null);
        }

        @Override
        public String toString() {
            return "OK, " + count + (count == 1 ? " row" : " rows");
        }
    }

    /**
     * The server refused it; the texts are the server's own.
     *
     * @param place the line of the statement that it is about, and below it a mark, as psql shows it; null if it is about
     *     no place, or that was not kept
     * @param context what the server was doing; null if it says nothing of it, or that was not kept
     */
    record Failed(
            String sqlState,
            String message,
            @Nullable String detail,
            @Nullable String hint,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String place,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String context)
            implements Result {

        public Failed(String sqlState, String message, @Nullable String detail, @Nullable String hint) {
            this(sqlState, message, detail, hint, null, null);
        }

        @Override
        public String toString() {
            return "ERROR:  " + message + (place == null ? "" : "\n" + place)
                    + (detail == null ? "" : "\nDETAIL:  " + detail)
                    + (hint == null ? "" : "\nHINT:  " + hint)
                    + (context == null ? "" : "\nCONTEXT:  " + context);
        }
    }
}
