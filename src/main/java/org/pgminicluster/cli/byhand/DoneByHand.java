package org.pgminicluster.cli.byhand;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.script.Sql;
import org.pgminicluster.script.Statements;
import org.pgminicluster.topology.Subscription;

/**
 * What has been done to a cluster, in what a person would type for it: read from the servers before and after and from
 * the journal in between, so that nothing is said that was not done.
 */
public final class DoneByHand implements AutoCloseable {

    private static final String RELOAD = "SELECT pg_reload_conf()";
    private static final String ALTER_SYSTEM = "ALTER SYSTEM";

    private static final Pattern CHANGING_FUNCTION = Pattern.compile(
            "SELECT\\s+pg_(create|copy|drop|promote|switch|replication_origin|replication_slot)_?",
            Pattern.CASE_INSENSITIVE);

    private final ByHand byHand;
    private final Journal journal;
    private final Thread thread = Thread.currentThread();
    private final List<HandCommand> statements = new ArrayList<>();
    private final List<String> broken = new ArrayList<>();
    private final Consumer<Entry> listener = this::hear;
    private final Map<String, NodeFacts> before;
    private Map<String, NodeFacts> after = Map.of();

    DoneByHand(ByHand byHand, Journal journal) {
        this.byHand = byHand;
        this.journal = journal;
        this.before = byHand.look();
        journal.onEntry(listener);
    }

    /** Others may send statements meanwhile; what is done here is done by this thread. */
    private void hear(Entry entry) {
        String node = entry.node();
        if (Thread.currentThread() != thread || node == null) {
            return;
        }
        if (entry.event() instanceof Event.Sql sql
                && !(sql.result() instanceof Event.Failed)
                && changes(Statements.withoutCommentBefore(sql.sql()))) {
            statements.add(HandCommand.sql(node, sql.sql()));
        } else if (entry.event() instanceof Event.Fault fault && fault.phase() == Event.Fault.Phase.OPENED) {
            broken.add(node);
        }
    }

    /** Some functions do. */
    private static boolean changes(String sql) {
        return !sql.regionMatches(true, 0, "SELECT", 0, 6)
                || CHANGING_FUNCTION.matcher(sql).lookingAt();
    }

    /** What comes later is not told. */
    public DoneByHand seen() {
        after = byHand.look();
        close();
        return this;
    }

    /** The statements in their order, and that files were read again where a setting was written to one. */
    public List<HandCommand> statements() {
        List<HandCommand> all = new ArrayList<>();
        for (HandCommand statement : statements) {
            all.add(statement);
            String node = String.valueOf(statement.node());
            if (statement.text().startsWith(ALTER_SYSTEM) && isReloaded(node)) {
                all.add(HandCommand.sql(node, RELOAD));
            }
        }
        return all;
    }

    private boolean isReloaded(String node) {
        NodeFacts was = before(node);
        NodeFacts is = after(node);
        return was.answers()
                && is.started().equals(was.started())
                && !is.loaded().equals(was.loaded());
    }

    /** Whom nodes refuse that they did not refuse before, whom they admit again, and whose connections were ended. */
    public List<HandCommand> logins() {
        List<HandCommand> all = new ArrayList<>();
        after.forEach((node, is) -> {
            NodeFacts was = before(node);
            List<NodeFacts.Refusal> refused = without(is.refusals(), was.refusals());
            List<NodeFacts.Refusal> admitted = without(was.refusals(), is.refusals());
            ServerByHand server = byHand.server(node);
            if (!refused.isEmpty()) {
                all.add(server.refuse(lines(refused)));
            }
            if (!admitted.isEmpty()) {
                all.add(server.admit(lines(admitted)));
            }
            if (is.answers() && refused.size() + admitted.size() > 0) {
                all.add(HandCommand.sql(node, RELOAD));
            }
            if (is.answers()) {
                roles(refused)
                        .forEach(role -> all.add(HandCommand.sql(
                                node,
                                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = "
                                        + Sql.literal(role))));
            }
        });
        return all;
    }

    private static List<NodeFacts.Refusal> without(List<NodeFacts.Refusal> all, List<NodeFacts.Refusal> others) {
        return all.stream()
                .filter(refusal -> !others.contains(refusal))
                .distinct()
                .toList();
    }

    private static List<String> lines(List<NodeFacts.Refusal> refusals) {
        return refusals.stream().map(NodeFacts.Refusal::line).toList();
    }

    private static Set<String> roles(List<NodeFacts.Refusal> refusals) {
        Set<String> roles = new TreeSet<>();
        refusals.forEach(refusal -> roles.add(refusal.role()));
        return roles;
    }

    /** Slots that are gone. */
    public List<HandCommand> droppedSlots() {
        List<HandCommand> all = new ArrayList<>();
        after.forEach((node, is) -> before(node).slots().stream()
                .filter(slot -> is.answers() && !is.slots().contains(slot))
                .forEach(slot -> all.add(dropSlot(node, slot))));
        return all;
    }

    /** A subscription that is dropped without its slot leaves that, if it was there. */
    public Optional<HandCommand> leftSlot(Subscription dropped) {
        return before(dropped.publisher()).slots().contains(dropped.slotName())
                ? Optional.of(dropSlot(dropped.publisher(), dropped.slotName()))
                : Optional.empty();
    }

    private static HandCommand dropSlot(String node, String slot) {
        return HandCommand.sql(node, "SELECT pg_drop_replication_slot(" + Sql.literal(slot) + ")");
    }

    /** What a node's server was started with that it was not started with before. */
    public Map<String, String> settings(String node) {
        return after(node).settingsSince(before(node));
    }

    /** Where the fault is that has begun. */
    public String brokenNode() {
        return broken.get(broken.size() - 1);
    }

    private NodeFacts before(String node) {
        return facts(before, node);
    }

    private NodeFacts after(String node) {
        return facts(after, node);
    }

    private static NodeFacts facts(Map<String, NodeFacts> all, String node) {
        NodeFacts facts = all.get(node);
        if (facts == null) {
            throw new IllegalStateException("nobody has looked at " + node);
        }
        return facts;
    }

    @Override
    public void close() {
        journal.removeListener(listener);
    }
}
