package org.pgminicluster.history;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.pgminicluster.history.HistoryEvent.Begun;
import org.pgminicluster.history.HistoryEvent.Canaries;
import org.pgminicluster.history.HistoryEvent.Canary;
import org.pgminicluster.history.HistoryEvent.Copy;
import org.pgminicluster.history.HistoryEvent.Outcome;
import org.pgminicluster.history.HistoryEvent.Read;
import org.pgminicluster.history.HistoryEvent.TableRow;
import org.pgminicluster.history.HistoryEvent.TableRows;
import org.pgminicluster.history.HistoryEvent.Wrote;

/**
 * A good history, recorded on real servers, and ways to plant a defect in it. Record another by running good-plan.jsonl
 * with {@code -Dminicluster.plan=}.
 */
final class Recorded {

    private Recorded() {}

    static History good() {
        return History.parse(lines("good-history.jsonl"));
    }

    static List<String> lines(String resource) {
        try (InputStream in = Objects.requireNonNull(Recorded.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each event of that kind that fits, as something else. */
    static <T extends HistoryEvent> History replaced(
            History history, Class<T> kind, Predicate<T> fits, Function<T, ? extends HistoryEvent> by) {
        return new History(history.events().stream()
                .map(event ->
                        kind.isInstance(event) && fits.test(kind.cast(event)) ? by.apply(kind.cast(event)) : event)
                .toList());
    }

    static <T extends HistoryEvent> History without(History history, Class<T> kind) {
        return new History(history.events().stream()
                .filter(event -> !kind.isInstance(event))
                .toList());
    }

    /** With further events before its last ones. */
    static History with(History history, HistoryEvent... more) {
        return new History(
                Stream.concat(Stream.of(more), history.events().stream()).toList());
    }

    static History canaries(String node, String ledger, UnaryOperator<List<Canary>> change) {
        return canaries(good(), node, ledger, change);
    }

    static History canaries(History history, String node, String ledger, UnaryOperator<List<Canary>> change) {
        return replaced(
                history,
                Canaries.class,
                it -> it.node().equals(node) && it.ledger().equals(ledger),
                it -> new Canaries(node, ledger, change.apply(new ArrayList<>(it.rows()))));
    }

    static History rows(String node, String ledger, UnaryOperator<List<TableRow>> change) {
        return replaced(
                good(),
                TableRows.class,
                it -> it.node().equals(node) && it.ledger().equals(ledger),
                it -> new TableRows(node, ledger, it.table(), it.view(), change.apply(new ArrayList<>(it.rows()))));
    }

    /** The acknowledged transactions of vm1, in order. */
    static List<Wrote> acknowledged() {
        return good().all(Wrote.class)
                .filter(it -> it.ledger().equals("vm1") && it.outcome() == Outcome.ACKNOWLEDGED)
                .toList();
    }

    static History outcome(History history, int op, Outcome outcome) {
        return replaced(
                history,
                Wrote.class,
                it -> it.ledger().equals("vm1") && it.op() == op,
                it -> new Wrote(it.ledger(), op, it.n(), outcome, it.sqlState(), "", it.at()));
    }

    /** The same where what can be seen on a copy is on disk, or not. */
    static History durable(History history, boolean durable) {
        return copying(history, copy -> new Copy(copy.node(), copy.ledger(), durable));
    }

    /** The same with other ledgers. */
    static History writing(History history, UnaryOperator<Ledger> change) {
        return begun(history, change, copy -> copy);
    }

    /** The same with other copies. */
    static History copying(History history, UnaryOperator<Copy> change) {
        return begun(history, ledger -> ledger, change);
    }

    private static History begun(History history, UnaryOperator<Ledger> ledgers, UnaryOperator<Copy> copies) {
        return replaced(
                history,
                Begun.class,
                it -> true,
                it -> new Begun(
                        it.seed(),
                        it.profile(),
                        it.topology(),
                        it.version(),
                        it.healBoundMillis(),
                        it.walBound(),
                        it.ledgers().stream().map(ledgers).toList(),
                        it.copies().stream().map(copies).toList(),
                        it.slots(),
                        it.traits()));
    }

    /** The last look at vm1's rows on vm3. */
    static Read lastRead() {
        return good().all(Read.class)
                .filter(it -> it.node().equals("vm3") && it.ledger().equals("vm1"))
                .reduce((first, second) -> second)
                .orElseThrow();
    }

    /** The good history in which vm3 was looked at once more. */
    static History lookedAgain(Read read) {
        List<HistoryEvent> events = new ArrayList<>(good().events());
        events.add(events.size() - 1, read);
        return new History(events);
    }

    /** A look that saw so many transactions, whole ones. */
    static Read saw(long transactions, String applied, String started) {
        Read last = lastRead();
        return new Read(
                last.node(),
                last.ledger(),
                transactions,
                transactions,
                transactions,
                2 * transactions,
                2 * transactions,
                applied,
                started,
                last.source(),
                last.at() + 1);
    }
}
