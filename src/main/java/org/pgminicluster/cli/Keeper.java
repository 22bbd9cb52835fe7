package org.pgminicluster.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.cluster.LeftoverServers;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.server.Owner;
import org.pgminicluster.server.Passwords;
import org.pgminicluster.server.ServerSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The process that owns a cluster while it is up. What runs in servers is taken away with the JVM that started it, so
 * this JVM has to stay when {@code up} has returned. It says on its standard output how far it is, and from then on
 * takes orders. It ends with {@code down}, and when its state file is gone, since nobody could find it any more.
 */
@Command(name = Keeper.NAME, hidden = true, description = "Keeps a cluster up; started by minicluster up.")
final class Keeper implements Callable<Integer> {

    static final String NAME = "keeper";

    private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

    private static final long LOOK_SECONDS = 2;

    private final Context context;

    @Option(names = "--topology")
    private Topologies topology = Topologies.HOMEWORK;

    Keeper(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        // Not System.out: nothing but answers may get in between.
        try (FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
            Answer answer = new Answer(out);
            ServerSettings settings = context.settings();
            Home home = Home.in(settings);
            try (FileChannel channel = lock(home)) {
                Kept kept = start(home, settings, answer);
                answer.end(Exit.OK);
                out.close();
                kept.awaitEnd();
                return Exit.OK;
            } catch (RuntimeException e) {
                LOG.info("the cluster did not come up", e);
                answer.error(e);
                return Exit.of(e);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Held until this JVM ends, so that of two that start at once only one goes on. */
    private static FileChannel lock(Home home) throws IOException {
        Files.createDirectories(home.directory());
        FileChannel channel = FileChannel.open(home.lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        @Nullable FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw CommandException.inconclusive("expected no other cluster to be started in " + home.directory()
                    + ", but one is; see minicluster status");
        }
        return channel;
    }

    private Kept start(Home home, ServerSettings settings, Answer answer) {
        Optional<State> dead = home.state();
        dead.ifPresent(left -> {
            answer.progress("removing what a keeper that died left behind");
            LeftoverServers.remove(context.settings(left.servers(), left.postgres()));
            home.forget();
        });
        answer.progress("starting the servers");
        Journal journal = new Journal();
        journal.add(
                null,
                new Trace.Run(
                        "A cluster that stays up",
                        "minicluster up",
                        Instant.now().toString()));
        journal.onEntry(entry -> tell(entry, answer));
        MiniCluster cluster = MiniCluster.of(topology.create())
                .name(Home.NAME)
                .settings(settings)
                .journal(journal)
                .unsynced()
                .start();
        try {
            SetUpText.of(cluster.script()).forEach(answer::typed);
            answer.progress("waiting for the first copies");
            cluster.awaitReplicated();
            String since = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
            Kept kept = new Kept(cluster, home, since);
            String token = Passwords.random();
            KeeperServer server = KeeperServer.open(token, () -> new Orders(kept));
            State state = new State(
                    Owner.current().toMap(),
                    server.port(),
                    token,
                    cluster.topology().name(),
                    topology,
                    cluster.servers().toString(),
                    settings.postgres(),
                    cluster.version().full(),
                    since,
                    cluster.nodes().stream().map(node -> node.name()).toList());
            new RunFiles(home, token).write(kept, state);
            endWithoutState(kept, home, token);
            return kept;
        } catch (RuntimeException e) {
            cluster.close();
            home.forget();
            throw e;
        }
    }

    private static void tell(Entry entry, Answer answer) {
        try {
            if (entry.event() instanceof Event.Started started) {
                answer.progress("PostgreSQL " + started.version() + " on " + String.join(", ", started.nodes()) + ": "
                        + started.servers());
            }
        } catch (UncheckedIOException e) {
            // After the start nobody listens here any more; the journal has it all.
        }
    }

    /** Somebody cleaned up by deleting the directory: then the servers are to go as well. */
    private static void endWithoutState(Kept kept, Home home, String token) {
        Executors.newSingleThreadScheduledExecutor(runnable -> {
                    Thread thread = new Thread(runnable, "keeper-state");
                    thread.setDaemon(true);
                    return thread;
                })
                .scheduleWithFixedDelay(
                        () -> {
                            if (!isMine(home, token)) {
                                kept.close();
                            }
                        },
                        LOOK_SECONDS,
                        LOOK_SECONDS,
                        TimeUnit.SECONDS);
    }

    /**
     * Asked to end by the system: the servers go by the library's own hook, these files by this one, also when it runs
     * while they are written.
     */
    private static final class RunFiles {

        private final Home home;
        private final String token;
        private boolean ended;

        RunFiles(Home home, String token) {
            this.home = home;
            this.token = token;
        }

        void write(Kept kept, State state) {
            // First, since it is refused when the end has begun already.
            Runtime.getRuntime().addShutdownHook(new Thread(this::end, "keeper-forget"));
            synchronized (this) {
                if (!ended) {
                    kept.writePassfile();
                    home.write(state);
                }
            }
        }

        private synchronized void end() {
            ended = true;
            if (isMine(home, token)) {
                home.forget();
            }
        }
    }

    private static boolean isMine(Home home, String token) {
        try {
            return home.state().filter(state -> state.token().equals(token)).isPresent();
        } catch (EnvironmentException e) {
            return false;
        }
    }
}
