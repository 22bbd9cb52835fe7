package org.pgminicluster.lab;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Event.Note;
import org.pgminicluster.journal.Event.Note.Part;
import org.pgminicluster.journal.FaultKind;
import org.pgminicluster.journal.WaitKind;
import org.pgminicluster.topology.Topology;

/** A problem's run in its order: what was typed, what was waited for, and each sighting where it was seen. */
final class PageStory {

    static final String HANGS = "-- it does not return yet: go on in another session";
    static final String WAIT = "-- wait for ";

    /** A query that changes nothing. */
    private static final Pattern LOOK = Pattern.compile("(?is)select (?!.*\\b(setval|pg_create|pg_drop|pg_reload"
            + "|pg_promote|pg_switch_wal|pg_terminate|pg_replication_slot_advance|pg_replication_origin_advance)).*");

    /** What the story waits for, and not what the library does to be sure of a fault. */
    private static final Set<WaitKind> TOLD =
            Set.of(WaitKind.SYNCED, WaitKind.APPLIED, WaitKind.REPLAYED, WaitKind.VALUE, WaitKind.OWN);

    /** What is part of an act for which something else is typed: the end of a promotion, the rights of pg_rewind. */
    private static final Pattern BY_ITSELF = Pattern.compile("pg_is_in_recovery|GRANT .* pg_read_binary_file");

    private final List<Entry> entries;
    private final HandActs acts;
    private final UnaryOperator<String> mask;
    private final double told;
    private final double cured;
    private final double proved;

    /** @param mask what is printed of a text */
    PageStory(List<Entry> entries, Topology topology, UnaryOperator<String> mask) {
        this.entries = entries;
        this.acts = new HandActs(topology);
        this.mask = mask;
        this.told = last(Part.PROBLEM);
        this.cured = last(Part.CURE);
        this.proved = last(Part.PROOF);
    }

    private double last(Part part) {
        return entries.stream()
                .filter(entry -> isNote(entry, part))
                .mapToDouble(Entry::millis)
                .reduce((first, second) -> second)
                .orElse(0);
    }

    private static boolean isNote(Entry entry, Part part) {
        return entry.event() instanceof Note note && note.part() == part;
    }

    /** How it was made to happen, and what was seen. */
    String happening() {
        return markdown(told, cured);
    }

    /** How it was cured, and what shows that. */
    String cure() {
        return markdown(cured, proved + 0.000_001);
    }

    private String markdown(double from, double to) {
        List<Entry> chapter = entries.stream()
                .filter(entry -> begun(entry) >= from && begun(entry) < to)
                .filter(this::isShown)
                // A statement that was held up is recorded when it ended.
                .sorted(Comparator.comparingDouble(PageStory::begun))
                .toList();
        List<String> blocks = new ArrayList<>();
        List<String> typed = new ArrayList<>();
        boolean isProof = false;
        for (int i = 0; i < chapter.size(); i++) {
            Entry entry = chapter.get(i);
            if (entry.event() instanceof Note note) {
                finish(typed, blocks);
                if (note.part() == Part.PROOF && !isProof) {
                    isProof = true;
                    blocks.add("**The proof**\n");
                }
                add(blocks, sighting(entry, note));
            } else if (!(isWait(entry) && i + 1 < chapter.size() && isNote(chapter.get(i + 1), Part.PROOF))) {
                // What is waited for just before a proof is the proof.
                lines(entry).stream()
                        .filter(line ->
                                typed.isEmpty() || !typed.get(typed.size() - 1).equals(line))
                        .forEach(typed::add);
            }
        }
        finish(typed, blocks);
        return String.join("\n", blocks);
    }

    /** How often the same thing is looked at differs from run to run. */
    private static void add(List<String> blocks, String block) {
        if (blocks.isEmpty() || !blocks.get(blocks.size() - 1).equals(block)) {
            blocks.add(block);
        }
    }

    private static void finish(List<String> typed, List<String> blocks) {
        if (!typed.isEmpty()) {
            blocks.add(block("sql", String.join("\n", typed)));
            typed.clear();
        }
    }

    static String block(String language, String text) {
        return "```" + language + "\n" + text.stripTrailing() + "\n```\n";
    }

    private boolean isShown(Entry entry) {
        return entry.event() instanceof Event.Fault
                || isWait(entry)
                || entry.event() instanceof Event.Sql sql && isTyped(entry, sql)
                || isNote(entry, Part.SYMPTOM)
                || isNote(entry, Part.PROOF);
    }

    private static boolean isWait(Entry entry) {
        return entry.event() instanceof Event.Wait wait
                && TOLD.contains(wait.what().kind())
                && !BY_ITSELF.matcher(wait.what().toString()).find();
    }

    /** What was refused is shown with the refusal. */
    private boolean isTyped(Entry entry, Event.Sql sql) {
        return hangs(entry)
                || !(sql.result() instanceof Event.Failed)
                        && !LOOK.matcher(sql.sql().strip()).matches()
                        && !BY_ITSELF.matcher(sql.sql()).find();
    }

    /** Whoever tells the story has gone on meanwhile. */
    private boolean hangs(Entry entry) {
        return entries.stream()
                .filter(other -> other.event() instanceof Note || isWait(other))
                .anyMatch(other -> other.seq() < entry.seq() && begun(other) > begun(entry));
    }

    /** A wait counts from its end: what it waits for may have begun meanwhile. */
    private static double begun(Entry entry) {
        return entry.event() instanceof Event.Sql sql ? entry.millis() - sql.millis() : entry.millis();
    }

    private List<String> lines(Entry entry) {
        String node = String.valueOf(entry.node());
        List<String> lines = new ArrayList<>();
        if (entry.event() instanceof Event.Fault fault) {
            lines.addAll(acts.of(node, fault, isDown(entry)));
        } else if (entry.event() instanceof Event.Wait wait) {
            lines.add(WAIT + wait.what().words());
        } else {
            lines.add(statement(entry));
            if (hangs(entry)) {
                lines.add(HANGS);
            }
        }
        return lines.stream().map(mask).toList();
    }

    private boolean isDown(Entry entry) {
        return entries.stream()
                .filter(other -> other.seq() < entry.seq() && Objects.equals(other.node(), entry.node()))
                .map(Entry::event)
                .filter(Event.Fault.class::isInstance)
                .map(fault -> ((Event.Fault) fault).facts().kind())
                .reduce((first, second) -> second)
                .filter(kind -> kind == FaultKind.KILL || kind == FaultKind.STOP)
                .isPresent();
    }

    private static String statement(Entry entry) {
        return HandActs.sql(
                String.valueOf(entry.node()), ((Event.Sql) entry.event()).sql().strip() + ";");
    }

    /** As psql would show it: a statement and what came of it. What was logged has no statement. */
    private String sighting(Entry entry, Note note) {
        if ("log".equals(note.where())) {
            return "In the log of " + entry.node() + ":\n\n" + block("text", mask.apply(note.text()));
        }
        Entry asked = entries.stream()
                .filter(other -> other.seq() < entry.seq()
                        && other.event() instanceof Event.Sql
                        && Objects.equals(entry.node(), other.node()))
                .reduce((first, second) -> second)
                .orElseThrow();
        String place = hangs(asked) ? "On " + entry.node() + " it ends:" : "On " + entry.node() + ":";
        return place + "\n\n" + block("text", mask.apply(statement(asked)) + "\n" + mask.apply(note.text()));
    }

    /** The names of the nodes, where their addresses stand in a text. */
    static UnaryOperator<String> named(Map<String, String> names) {
        return text -> {
            String named = text;
            for (Map.Entry<String, String> name : names.entrySet()) {
                named = named.replace(name.getKey(), name.getValue());
            }
            return named;
        };
    }
}
