package org.pgminicluster.standby;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.WaitFor;
import org.pgminicluster.journal.Words;
import org.pgminicluster.runtime.Link;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.WorkerErrors;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.state.SlotState;
import org.pgminicluster.state.StateReader;
import org.pgminicluster.wait.Seen;
import org.pgminicluster.wait.Waits;

/**
 * What is to be said of a failover beyond that it is done: which subscription does not go on, and what replication has not
 * carried.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-restrictions.html">Restrictions</a>
 */
final class Aftermath {

    /** For all that lags; who needs longer is still catching up. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Reading a log costs more than asking a server. */
    private static final int LOOKS_PER_LOG = 20;

    private static final String SEQUENCES = """
            SELECT format('%I.%I', schemaname, sequencename), last_value, increment_by > 0
              FROM pg_sequences WHERE last_value IS NOT NULL ORDER BY 1""";
    private static final String UNLOGGED = """
            SELECT c.oid::regclass::text FROM pg_class c
             WHERE c.relkind = 'r' AND c.relpersistence = 'u' ORDER BY 1""";
    private static final String LARGE_OBJECTS = "SELECT count(*) FROM pg_largeobject_metadata";

    private final Member to;
    private final ServerLog.Mark mark;
    private final long patientUntil;

    /** @param mark before any of its subscriptions could run */
    Aftermath(Member to, ServerLog.Mark mark) {
        this.to = to;
        this.mark = mark;
        this.patientUntil =
                System.nanoTime() + to.runtime().settings().scaled(PATIENCE).toNanos();
    }

    /** Waits until a subscription is connected, or its worker has failed. */
    void awaitConnected(StandbySubscription subscription) {
        Link link = link(subscription);
        Supplier<Optional<String>> error = errorOf(subscription);
        to.runtime().waits().until(WaitFor.walsender(link.words()), Waits.USUAL, List.of(link.publisher()), () -> {
            Optional<Words> seen = link.walsender()
                    .map(pid -> Words.of("seen.pid", pid))
                    .or(() -> error.get().map(Words::verbatim));
            return Seen.of(seen.isPresent(), seen.orElseGet(() -> Words.of("seen.none")));
        });
    }

    private Link link(StandbySubscription subscription) {
        return Link.named(to.runtime(), subscription.subscriber(), subscription.name());
    }

    /** What its workers have logged last, looked for now and then only. */
    private Supplier<Optional<String>> errorOf(StandbySubscription subscription) {
        AtomicInteger looks = new AtomicInteger();
        return () -> looks.incrementAndGet() % LOOKS_PER_LOG == 0
                ? WorkerErrors.lastOf(subscription.name(), to.log().since(mark))
                : Optional.empty();
    }

    /** Why a subscription does not stream, if it has not caught up with what its publisher has now. */
    Optional<Words> failing(StandbySubscription subscription) {
        Link link = link(subscription);
        Member publisher = link.publisher();
        AtomicReference<@Nullable Words> failing = new AtomicReference<>();
        try {
            Lsn target = publisher.currentLsn();
            Supplier<Optional<String>> errors = errorOf(subscription);
            WaitFor what = WaitFor.applied(link.words(), publisher.name(), target.toString());
            to.runtime().waits().until(what, Waits.USUAL, List.of(), () -> {
                if (System.nanoTime() > patientUntil) {
                    failing.set(Words.of("remark.behind", link.words(), publisher.name()));
                    return new Seen.Met(Words.of("seen.none"));
                }
                @Nullable
                Lsn flushed = StateReader.slot(publisher, link.slot())
                        .map(SlotState::walsender)
                        .map(SlotState.Walsender::flushed)
                        .orElse(null);
                if (flushed != null && flushed.compareTo(target) >= 0) {
                    return new Seen.Met(Words.of("seen.flushed", flushed, flushed));
                }
                Optional<String> error = errors.get();
                error.ifPresent(text -> failing.set(Words.of("remark.failing", link.words(), text, to.name())));
                return Seen.of(
                        error.isPresent(),
                        error.map(Words::verbatim)
                                .orElseGet(() -> Words.of("seen.flushed", "?", String.valueOf(flushed))));
            });
        } catch (SqlFailedException e) {
            failing.set(Words.of("remark.behind", link.words(), publisher.name()));
        }
        return Optional.ofNullable(failing.get());
    }

    /** What subscriptions do not bring, and what a standby has not of its primary. */
    List<Words> notCarried(List<StandbySubscription> subscriptions) {
        Set<Words> words = new LinkedHashSet<>();
        try {
            for (StandbySubscription subscription : subscriptions) {
                addSequences(subscription.publisher(), subscription.subscriber(), words);
                long objects = subscription.publisher().look(LARGE_OBJECTS).number();
                if (objects > subscription.subscriber().look(LARGE_OBJECTS).number()) {
                    words.add(Words.of(
                            "remark.large-objects",
                            objects,
                            subscription.publisher().name(),
                            to.name()));
                }
            }
            for (String database : to.runtime().databasesOf(to.name())) {
                to.in(database)
                        .look(UNLOGGED)
                        .column()
                        .forEach(table -> words.add(Words.of("remark.unlogged", table, to.name())));
            }
        } catch (SqlFailedException e) {
            words.add(Words.of("remark.unknown", String.valueOf(e.getMessage())));
        }
        return new ArrayList<>(words);
    }

    private void addSequences(Member publisher, Member subscriber, Set<Words> words) {
        Map<String, Long> here = new HashMap<>();
        subscriber.look(SEQUENCES).values().forEach(row -> here.put(row.text(0), Long.valueOf(row.text(1))));
        for (Row row : publisher.look(SEQUENCES).values()) {
            String name = row.text(0);
            long there = Long.parseLong(row.text(1));
            @Nullable Long own = here.get(name);
            boolean behind = own == null || ("t".equals(row.get(2)) ? own < there : own > there);
            if (behind && subscriber.hasRelation(name)) {
                words.add(
                        own == null
                                ? Words.of("remark.sequence.unused", name, there, publisher.name(), to.name())
                                : Words.of("remark.sequence", name, there, publisher.name(), own, to.name()));
            }
        }
    }
}
