package org.pgminicluster.journal;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * What a picture of a run needs: nobody did or said it. Consoles leave it out. Some is there only if
 * the run was traced.
 */
@API(status = API.Status.MAINTAINED)
public sealed interface Trace extends Event {

    /**
     * The first line of a {@link JournalFile}.
     *
     * @param version of the form that its entries have
     */
    record Head(int version) implements Trace {}

    /**
     * What this run is.
     *
     * @param title in a few words
     * @param repeat the command that does it again
     * @param at when it began, in the form of ISO 8601
     * @param language the code of the language that it was told in; null if that was not kept
     */
    record Run(
            String title,
            String repeat,
            String at,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String language)
            implements Trace {
        public Run(String title, String repeat, String at) {
            this(title, repeat, at, null);
        }
    }

    /**
     * Servers that somebody has set up were looked at, to judge what was made on them.
     *
     * @param versions what they run, in words
     * @param written what was tried there and taken back, in words
     */
    record Examined(List<Place> places, String versions, String written) implements Trace {
        public Examined {
            places = List.copyOf(places);
        }
    }

    /**
     * How a server was reached.
     *
     * @param address host and port
     * @param database the one that was looked into; empty if it was looked for
     */
    record Place(String node, String address, String user, String database) {}

    /**
     * One line of what was to be done, as it was found; its texts are in the language of the {@link Run}.
     *
     * @param why why it matters
     */
    record Judged(String title, Verdict verdict, String why, List<Sighting> sightings) implements Trace {
        public Judged {
            sightings = List.copyOf(sightings);
        }
    }

    /**
     * What was seen of it.
     *
     * @param problem the one that explains it, by its id; null if there is none
     */
    record Sighting(Verdict verdict, String text, @Nullable String problem) {}

    /** What there is to be said of it. */
    enum Verdict {
        /** It is as it should be. */
        DONE,
        /** It is as it should be, and there is more to say. */
        REMARK,
        /** It cannot be told. */
        UNTOLD,
        /** It is still to be made. */
        NOT_YET,
        /** It was made, and not as it should be. */
        WRONG
    }

    /** What the cluster is meant to be, once its servers run. */
    record Layout(List<Member> members, List<Arrow> arrows) implements Trace {
        public Layout {
            members = List.copyOf(members);
            arrows = List.copyOf(arrows);
        }
    }

    /**
     * One node of a {@link Layout}.
     *
     * @param version of its server
     * @param publishes tables that it publishes, or words such as "all tables"
     * @param readOnly tables with a guard
     * @param settings those that differ from PostgreSQL's defaults
     * @param script what a person would type in psql to make it by hand
     */
    record Member(
            String node,
            String version,
            List<String> publishes,
            List<String> readOnly,
            List<Setting> settings,
            String script) {
        public Member {
            publishes = List.copyOf(publishes);
            readOnly = List.copyOf(readOnly);
            settings = List.copyOf(settings);
        }
    }

    /** A setting and why it is so. */
    record Setting(String name, String value, String reason) {}

    /**
     * A way of rows from one node to another.
     *
     * @param physical whether it is a standby that streams, not a subscription
     * @param name the subscription's name, or the standby's
     * @param slot the slot on the publisher; null if it has none
     * @param tables what it carries, as {@link Member#publishes} says it; empty if it carries everything
     */
    record Arrow(
            String from,
            String to,
            boolean physical,
            String name,
            List<String> publications,
            @Nullable String slot,
            List<String> tables) {
        public Arrow {
            publications = List.copyOf(publications);
            tables = List.copyOf(tables);
        }
    }

    /**
     * What a node said of itself at one moment.
     *
     * @param state {@code running}, {@code standby}, {@code paused}, {@code down} or {@code silent}
     * @param lsn up to where it has written its WAL, or replayed it; null if it said nothing
     */
    record Probe(String state, @Nullable String lsn, List<Slot> slots, List<Subscription> subscriptions)
            implements Trace {
        public Probe {
            slots = List.copyOf(slots);
            subscriptions = List.copyOf(subscriptions);
        }

        /** The slot of that name that a subscription can use; a walsender that has no slot yet is called like it, too. */
        public Optional<Slot> logicalSlot(@Nullable String name) {
            return slots.stream()
                    .filter(slot -> !slot.physical() && slot.name().equals(name))
                    .findFirst();
        }
    }

    /**
     * A replication slot, or a walsender without one, as standbys may have them: it counts as physical, by its application name.
     *
     * @param confirmed what its user has confirmed
     * @param behind bytes of WAL written but not confirmed
     * @param retained bytes of WAL kept for it
     * @param walStatus as {@code pg_replication_slots} has it from PostgreSQL 13
     */
    record Slot(
            String name,
            boolean physical,
            boolean active,
            @Nullable String confirmed,
            @Nullable Long behind,
            @Nullable Long retained,
            @Nullable String walStatus) {

        /** Whether WAL that it needs is gone. */
        @JsonIgnore
        public boolean isLost() {
            return "lost".equals(walStatus);
        }
    }

    /**
     * A subscription.
     *
     * @param slot its slot on the publisher; null if it has none
     * @param working whether its apply worker runs
     * @param received how far the worker that runs has been sent the publisher's WAL; null before it was sent anything
     * @param applied the publisher's LSN up to which it has applied
     * @param tables such as {@code test=r}
     */
    record Subscription(
            String name,
            @Nullable String slot,
            boolean enabled,
            boolean working,
            @Nullable String received,
            @Nullable String applied,
            List<String> tables) {
        public Subscription {
            tables = List.copyOf(tables);
        }

        /** The names of the tables whose rows are not all copied. */
        public List<String> notCopied() {
            return tables.stream()
                    .filter(table -> !table.endsWith("=r") && !table.endsWith("=s"))
                    .map(table -> table.substring(0, table.lastIndexOf('=')))
                    .toList();
        }

        /** Whether no table is still to be copied. */
        public boolean allReady() {
            return tables.stream().allMatch(table -> table.endsWith("=r"));
        }

        /** Whether its worker has been sent WAL from that slot. */
        public boolean fedFrom(@Nullable String anySlot) {
            return received != null && slot != null && slot.equals(anySlot);
        }
    }

    /**
     * A transaction that wrote to tables was committed on the entry's node.
     *
     * @param lsn up to where the node had written its WAL just afterwards
     * @param operation such as {@code INSERT}; of many, the first
     * @param tables as the statements named them
     */
    record Commit(String lsn, String operation, List<String> tables) implements Trace {
        public Commit {
            tables = List.copyOf(tables);
        }
    }

    /**
     * The entry's node was seen to have applied a {@link Commit}.
     *
     * @param origin the node that committed it
     * @param lsn the commit's
     * @param from the node that sent it
     * @param physical whether a standby replayed it
     */
    record Arrival(String origin, String lsn, String from, boolean physical) implements Trace {}

    /** A line of the entry's node's log. */
    record LogLine(String text) implements Trace {}

    /**
     * What a small table held on the entry's node, after something had been written to it or had arrived there.
     *
     * @param rows the first of them, by their first column
     * @param count how many there were
     */
    record Contents(String table, Rows rows, long count) implements Trace {}

    /** Who holds which rows of a table: equal checksums are equal rows. */
    record Copies(String table, List<Copy> copies) implements Trace {
        public Copies {
            copies = List.copyOf(copies);
        }
    }

    /** A table on one node. */
    record Copy(String node, long rows, String checksum) {}

    /** What was going on did not get to its end, for that reason. */
    record BrokenOff(String reason) implements Trace {
        /** For that reason, as the first line of what it says. */
        public static BrokenOff by(Throwable failure) {
            return new BrokenOff(Stream.ofNullable(failure.getMessage())
                    .flatMap(String::lines)
                    .map(String::strip)
                    .filter(line -> !line.isEmpty())
                    .findFirst()
                    .orElseGet(() -> failure.getClass().getSimpleName()));
        }
    }

    /**
     * The last line of a {@link JournalFile}: whatever has none was cut short, or is still written.
     *
     * @param entries how many come before
     */
    record Ended(long entries) implements Trace {}
}
