package org.pgminicluster.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.cli.byhand.SetUpByHand;
import org.pgminicluster.cluster.LeftoverServers;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Starter;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.lab.lesson.Texts;
import org.pgminicluster.server.Owner;
import org.pgminicluster.server.Passwords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The process that owns a cluster while it is up. What runs in servers is taken away with the JVM that started it, so
 * this JVM has to stay when {@code up} has returned. It says on its standard output how far it is, and from then on
 * takes commands. It ends with {@code down}, and when its state file is gone, since nobody could find it any more.
 */
public final class DaemonMain {

    /** What is kept of the journal beside its file, for what was done just now. */
    private static final int MOST_LETTERS = 4_000_000;

    private static final long LOOK_SECONDS = 2;

    private final Context context;
    private final ClusterDirectory directory;
    private final Topologies topology;
    private final String command;
    private final Language language;
    private final boolean quiet;
    private final @Nullable LessonWish lesson;
    private final Instant began;

    private DaemonMain(Context context, DaemonOptions options) {
        this.context = context;
        this.directory = context.directory();
        this.topology = options.topology();
        this.command = options.command();
        this.language = Language.of(options.language());
        this.quiet = options.quiet();
        this.lesson = options.lesson();
        this.began = options.began();
    }

    /** Takes its {@link DaemonOptions} as one argument of JSON. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        System.setProperty("logback.configurationFile", "org/pgminicluster/cli/logback.xml");
        Properties properties = System.getProperties();
        DaemonOptions options = Printer.JSON.readValue(arguments[0], DaemonOptions.class);
        // Not System.out: nothing but frames may get in between.
        try (FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
            Frames frames = new Frames(out);
            Terminal terminal = Terminal.elsewhere(options.terminal(), frames.out(), frames.err());
            DaemonMain daemon = new DaemonMain(new Context(terminal, properties), options);
            System.exit(CtrlC.during(terminal, in -> daemon.run(frames, out)));
        }
    }

    private int run(Frames frames, FileOutputStream out) throws InterruptedException {
        Terminal terminal = context.terminal();
        try (FileChannel channel = lock()) {
            RunningCluster running = start();
            try {
                terminal.out().flush();
                frames.end(Exit.OK);
                out.close();
                running.awaitEnd();
            } finally {
                running.close();
            }
            return Exit.OK;
        } catch (IOException | RuntimeException e) {
            Logger log = LoggerFactory.getLogger(DaemonMain.class);
            log.info("the cluster did not come up", e);
            return tell(frames, CommandRunner.failed(e, terminal));
        }
    }

    private int tell(Frames frames, int exit) {
        try {
            context.terminal().out().flush();
            frames.end(exit);
        } catch (IOException e) {
            // Whoever wanted to know has gone.
        }
        return exit;
    }

    /** Held until this JVM ends, so that of two that start at once only one goes on. */
    private FileChannel lock() throws IOException {
        OwnerOnly.directory(directory.path());
        FileChannel channel =
                FileChannel.open(directory.lockFile(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        @Nullable FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw CommandException.inconclusive("expected no other cluster to be started in " + directory.path()
                    + ", but one is; see minicluster status");
        }
        return channel;
    }

    private RunningCluster start() {
        @Nullable LessonChoice choice = lesson == null ? null : lesson.choice();
        directory.state().ifPresent(left -> {
            progress(texts().get("up.removing"));
            LeftoverServers.remove(context.settings(left.servers(), left.postgres()));
            directory.forget();
        });
        progress(texts().get("up.starting"));
        Journal journal = new Journal(MOST_LETTERS);
        journal.add(
                null,
                new Trace.Run(
                        texts().get("up.title"),
                        command,
                        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                        language.code()));
        journal.onEntry(this::tell);
        if (topology.isSetUp()) {
            step(journal, "up.set-up");
        }
        MiniCluster cluster = starter(choice)
                .name(ClusterDirectory.NAME)
                .settings(context.settings())
                .journal(journal)
                .start();
        try {
            return started(cluster, choice);
        } catch (IOException | RuntimeException e) {
            cluster.close();
            directory.forget();
            throw e instanceof RuntimeException runtime ? runtime : unwritable((IOException) e);
        }
    }

    private Starter starter(@Nullable LessonChoice choice) {
        return choice == null || lesson == null
                ? topology.starter()
                : MiniCluster.of(new LessonStart(choice.lesson()).topology(lesson.newer()))
                        .traced();
    }

    private EnvironmentException unwritable(IOException e) {
        return new EnvironmentException("expected " + directory.path() + " to be writable, but was not (" + e + ")", e);
    }

    private RunningCluster started(MiniCluster cluster, @Nullable LessonChoice choice) throws IOException {
        if (topology.isSetUp()) {
            if (!quiet) {
                SetUpByHand.of(cluster.script()).forEach(context.terminal()::typed);
            }
            progress(texts().get("up.copies"));
            cluster.awaitReplicated();
        }
        OwnerOnly.filesIn(directory.path());
        String since = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        RunningCluster running =
                new RunningCluster(cluster, context.settings(), since, choice == null ? null : choice.lesson());
        if (choice != null) {
            new LessonStart(choice.lesson()).makeReady(running, this::progress);
            directory.writeLesson(choice.text());
        }
        String token = Passwords.random();
        DaemonServer server = DaemonServer.open(token, () -> new DaemonConversation(running));
        running.writePassfile();
        directory.write(new DaemonState(
                Owner.current().toMap(),
                server.port(),
                token,
                lesson == null ? cluster.topology().name() : "lesson " + lesson.name(),
                topology,
                cluster.servers().toString(),
                context.settings().postgres(),
                cluster.versions(),
                since,
                cluster.nodes().stream().map(node -> node.name()).toList(),
                lesson == null ? null : lesson.name()));
        step(cluster.journal(), "up.since");
        progress(texts().get("up.ready"));
        if (context.terminal().lost().isPresent()) {
            throw CommandException.unread();
        }
        endWithoutState(running, token);
        return running;
    }

    private void progress(String text) {
        double seconds = Duration.between(began, Instant.now()).toMillis() / 1000.0;
        context.terminal().out().println(String.format(Locale.ROOT, "%6.1f s  %s", seconds, text));
        context.terminal().out().flush();
    }

    private void step(Journal journal, String chapter) {
        Texts lab = texts();
        journal.add(null, new Event.Step(lab.get(chapter), lab.get(chapter + ".why")));
    }

    private Texts texts() {
        return Texts.ofLab(language);
    }

    private void tell(Entry entry) {
        if (entry.event() instanceof Event.Started started) {
            progress(texts().get(
                            "up.servers", started.version(), String.join(", ", started.nodes()), started.servers()));
        }
    }

    /** Somebody cleaned up by deleting the directory: then the servers are to go as well. */
    private void endWithoutState(RunningCluster running, String token) {
        Executors.newSingleThreadScheduledExecutor(runnable -> {
                    Thread thread = new Thread(runnable, "daemon-state");
                    thread.setDaemon(true);
                    return thread;
                })
                .scheduleWithFixedDelay(
                        () -> {
                            if (!isMine(token)) {
                                running.close();
                            }
                        },
                        LOOK_SECONDS,
                        LOOK_SECONDS,
                        TimeUnit.SECONDS);
    }

    private boolean isMine(String token) {
        try {
            return directory
                    .state()
                    .filter(state -> state.token().equals(token))
                    .isPresent();
        } catch (EnvironmentException e) {
            return false;
        }
    }
}
