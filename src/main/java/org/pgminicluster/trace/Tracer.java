package org.pgminicluster.trace;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.runtime.ClusterRuntime;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.session.SqlFailedException;

/**
 * Records what pictures of a run need. A thread for each node asks it how far it is: often while something that was
 * committed is still on its way, now and then otherwise.
 */
@API(status = API.Status.INTERNAL)
public final class Tracer implements AutoCloseable {

    private static final Duration BUSY = Duration.ofMillis(4);

    /** What has taken longer is timed less exactly: to this part of itself. */
    private static final int PART = 10;

    private static final Duration IDLE = Duration.ofMillis(250);
    private static final Duration GLANCE = Duration.ofMillis(20);
    private static final Duration END = Duration.ofSeconds(2);

    /** Positions change all the time; the journal need not have each. */
    private static final Duration BETWEEN_POSITIONS = Duration.ofMillis(25);

    /** What has not arrived for so long is looked for less eagerly. */
    private static final Duration PATIENCE = Duration.ofMillis(400);

    private final ClusterRuntime runtime;
    private Deliveries deliveries = new Deliveries(new Journal());
    private final List<Thread> threads = new ArrayList<>();
    private final Map<String, Samples> samples = new HashMap<>();
    private final Object bell = new Object();
    private volatile boolean closed;
    private volatile long lastCommit = System.nanoTime();

    /** It does nothing until it is started. */
    public Tracer(ClusterRuntime runtime) {
        this.runtime = runtime;
    }

    /** To be called before anybody has a session, when the journal has the layout. */
    public void start() {
        deliveries = new Deliveries(runtime.journal());
        runtime.recordBy(this::recorder);
        for (Member node : runtime.members()) {
            Samples taken = new Samples(node);
            samples.put(node.name(), taken);
            Thread thread = new Thread(
                    () -> watch(node, taken),
                    "pg-minicluster trace " + runtime.directory().getFileName() + " " + node.name());
            thread.setDaemon(true);
            threads.add(thread);
        }
        threads.forEach(Thread::start);
    }

    /** What a new session tells of its statements. */
    private Consumer<Event> recorder(Member node) {
        Consumer<Event> journaled = event -> runtime.journal().add(node.name(), event);
        return journaled.andThen(statementsOf(node));
    }

    private Consumer<Event> statementsOf(Member node) {
        WrittenTables written = new WrittenTables();
        return event -> {
            if (event instanceof Event.Sql sql && !(sql.result() instanceof Event.Failed)) {
                WrittenTables.@Nullable Written committed = written.carriedOut(sql.sql());
                if (committed != null) {
                    committed(node, committed);
                }
            }
        };
    }

    private void committed(Member node, WrittenTables.Written written) {
        if (runtime.isAsInstalled()) {
            // Where people make their databases themselves, nobody looks into them, which would keep them from being
            // dropped.
            return;
        }
        try {
            // The node's own look and not a sample: the next statement must not be in it.
            String lsn = String.valueOf(
                    node.look("SELECT pg_current_wal_insert_lsn()").value());
            deliveries.begin(node.name(), new Trace.Commit(lsn, written.operation(), written.tables()));
            Optional.ofNullable(samples.get(node.name())).ifPresent(taken -> taken.changed(written.tables()));
        } catch (SqlFailedException e) {
            // It died just now: a picture without this dot is still true.
            return;
        }
        lastCommit = System.nanoTime();
        synchronized (bell) {
            bell.notifyAll();
        }
    }

    /** Each session has a transaction of its own. */
    private TypedStatements typedOn(Member node) {
        Map<String, Consumer<Event>> sessions = new BoundedSessions();
        return new TypedStatements(
                node.database(),
                (pid, sql) ->
                        sessions.computeIfAbsent(pid, it -> recorder(node)).accept(sql));
    }

    private static final class BoundedSessions extends LinkedHashMap<String, Consumer<Event>> {
        private static final long serialVersionUID = 1L;
        private static final int MOST = 100;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Consumer<Event>> eldest) {
            return size() > MOST;
        }
    }

    private void record(Member node, TypedStatements typed, List<String> lines) {
        if (lines.isEmpty()) {
            // What is logged at once comes at once: nothing more belongs to the last statement.
            typed.flush();
        } else {
            typed.others(lines).forEach(line -> runtime.journal().add(node.name(), new Trace.LogLine(line)));
        }
    }

    private void watch(Member node, Samples taken) {
        Trace.@Nullable Probe recorded = null;
        long recordedAt = 0;
        LogTail log = new LogTail(node.log());
        TypedStatements typed = typedOn(node);
        while (true) {
            boolean last = closed;
            Trace.Probe probe = taken.take();
            record(node, typed, log.newLines());
            taken.changed(deliveries.seen(node.name(), probe, taken.replayed()));
            taken.contents().forEach(contents -> runtime.journal().add(node.name(), contents));
            boolean due = System.nanoTime() - recordedAt > BETWEEN_POSITIONS.toNanos();
            if (recorded == null
                    || !withoutPositions(probe).equals(withoutPositions(recorded))
                    || (due || last) && !probe.equals(recorded)) {
                runtime.journal().add(node.name(), probe);
                recorded = probe;
                recordedAt = System.nanoTime();
            }
            if (last) {
                typed.flush();
                taken.close();
                return;
            }
            pause(probe.lsn() != null, log);
        }
    }

    private void pause(boolean answers, LogTail log) {
        Duration since = Duration.ofNanos(System.nanoTime() - lastCommit);
        boolean eager = answers && deliveries.underWay() && since.compareTo(PATIENCE) < 0;
        long most = eager ? Math.max(BUSY.toMillis(), since.toMillis() / PART) : IDLE.toMillis();
        // What is typed somewhere is known by the log alone, which is cheap to look at.
        for (long waited = 0; waited < most && !log.hasGrown(); waited += GLANCE.toMillis()) {
            synchronized (bell) {
                long before = lastCommit;
                if (closed) {
                    return;
                }
                try {
                    bell.wait(Math.min(GLANCE.toMillis(), most - waited));
                } catch (InterruptedException e) {
                    closed = true;
                }
                if (lastCommit != before) {
                    return;
                }
            }
        }
    }

    private static Trace.Probe withoutPositions(Trace.Probe probe) {
        return new Trace.Probe(
                probe.state(),
                null,
                probe.slots().stream()
                        .map(slot -> new Trace.Slot(
                                slot.name(), slot.physical(), slot.active(), null, null, null, slot.walStatus()))
                        .toList(),
                probe.subscriptions().stream()
                        .map(it -> new Trace.Subscription(
                                it.name(), it.slot(), it.enabled(), it.working(), null, null, it.tables()))
                        .toList());
    }

    /** Looks a last time; harmless when called twice. */
    @Override
    public void close() {
        synchronized (bell) {
            closed = true;
            bell.notifyAll();
        }
        boolean interrupted = false;
        for (Thread thread : threads) {
            try {
                thread.join(END.toMillis());
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        // A frozen server may hold one up: without its connection it ends.
        samples.values().forEach(Samples::close);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The lines of a log as they come. */
    private static final class LogTail {
        private final ServerLog log;
        private ServerLog.Mark mark;
        private String torn = "";

        LogTail(ServerLog log) {
            this.log = log;
            this.mark = log.mark();
        }

        boolean hasGrown() {
            try {
                return !log.mark().equals(mark);
            } catch (UncheckedIOException e) {
                return false;
            }
        }

        /** None while it cannot be read: a test that needs it is told so when it asks. */
        List<String> newLines() {
            try {
                ServerLog.Mark now = log.mark();
                if (now.equals(mark)) {
                    return List.of();
                }
                String text = torn + log.between(mark, now);
                mark = now;
                int end = text.lastIndexOf('\n') + 1;
                torn = text.substring(end);
                return text.substring(0, end).lines().toList();
            } catch (UncheckedIOException e) {
                return List.of();
            }
        }
    }
}
