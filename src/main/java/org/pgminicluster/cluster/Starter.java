package org.pgminicluster.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.attach.Attachment;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.journal.JournalFile;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.runtime.ClusterRuntime;
import org.pgminicluster.runtime.LoginRules;
import org.pgminicluster.script.NodeSettings;
import org.pgminicluster.script.Roles;
import org.pgminicluster.script.ScriptReader;
import org.pgminicluster.server.Credentials;
import org.pgminicluster.server.Passwords;
import org.pgminicluster.server.PgServer;
import org.pgminicluster.server.ServerGroup;
import org.pgminicluster.server.ServerProvider;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.ServerSpec;
import org.pgminicluster.server.Tls;
import org.pgminicluster.server.attached.Attached;
import org.pgminicluster.server.attached.AttachedServers;
import org.pgminicluster.server.tls.Authority;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.StandbySpec;
import org.pgminicluster.topology.Topology;
import org.pgminicluster.trace.Layouts;

/** Starts a cluster, with what differs from the defaults said before. */
@API(status = API.Status.MAINTAINED)
public final class Starter {

    private static final String SUPERUSER = "postgres";
    private static final String JOURNAL = "journal.jsonl";
    private static final String ROOT_CERTIFICATE = "root.crt";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final Topology topology;
    private final @Nullable LentServers lender;
    private @Nullable String name;
    private @Nullable ServerSettings settings;
    private Journal journal = new Journal();
    private Credentials superuser = new Credentials(SUPERUSER, Passwords.random());
    private boolean bare;
    private boolean asInstalled;
    private boolean withoutDatabase;
    private boolean unsynced;
    private @Nullable RuntimeException noted;
    private boolean traced;
    private boolean attached;
    private boolean kept;

    Starter(Topology topology) {
        this(topology, null);
    }

    /** @param lender has the servers, or null if they are started for this cluster alone */
    Starter(Topology topology, @Nullable LentServers lender) {
        this.topology = topology;
        this.lender = lender;
    }

    /**
     * The directory's name under {@code target/minicluster}; what an earlier cluster of that name logged is replaced, and
     * while that one is running, this one does not start.
     */
    public Starter name(String directoryName) {
        name = directoryName;
        return this;
    }

    /** Other settings than the system properties {@code minicluster.*}. */
    public Starter settings(ServerSettings serverSettings) {
        settings = serverSettings;
        return this;
    }

    /** A journal that somebody listens to already. */
    public Starter journal(Journal ownJournal) {
        journal = ownJournal;
        return this;
    }

    /** Starts the servers and nothing more; {@link MiniCluster#script()} has the steps that were left out. */
    public Starter bare() {
        bare = true;
        return this;
    }

    /**
     * Starts the servers {@link #bare()}, and each as a fresh installation has it: PostgreSQL's own defaults but for what
     * the topology itself sets, and a {@code pg_hba.conf} that lets in nobody but the superuser. Both are for people to
     * edit: what {@code ALTER SYSTEM} says counts from the next restart on.
     *
     * @throws MiniClusterException if the cluster's servers are lent, and so set up already
     */
    public Starter asInstalled() {
        if (lender != null) {
            throw new MiniClusterException("expected servers as installed to be started for one cluster, but those of "
                    + topology.name() + " were to be lent; say MiniCluster.of(topology)");
        }
        asInstalled = true;
        return bare();
    }

    /**
     * Hands the cluster over while what its subscriptions copy may still be on its way; for those who look at the copy
     * itself, or start one that cannot succeed. A topology with standbys is copied first all the same: they begin there.
     */
    public Starter unsynced() {
        unsynced = true;
        return this;
    }

    /**
     * Records what pictures of the run need, too: how far every node is, each commit with its LSN, when it has arrived,
     * and the servers' logs. This takes a session on every node and a millisecond for each statement that writes.
     */
    public Starter traced() {
        traced = true;
        return this;
    }

    /** The topology's database is for whoever uses the cluster to make: the servers have {@code postgres} and no other. */
    @API(status = API.Status.INTERNAL)
    public Starter withoutDatabase() {
        withoutDatabase = true;
        return this;
    }

    /** The superuser that another cluster has, whose data is to be restored here: the password is in the data. */
    @API(status = API.Status.INTERNAL)
    public Starter superuser(Credentials login) {
        superuser = login;
        return this;
    }

    /**
     * Lets what is made on servers that are attached stay when the cluster is closed; see {@link #attach}. The next one that
     * is attached to them finds it.
     */
    public Starter keep() {
        kept = true;
        return this;
    }

    Topology topology() {
        return topology;
    }

    Starter untraced() {
        traced = false;
        return this;
    }

    /**
     * Starts the cluster; see {@link MiniCluster#start(Topology)}.
     *
     * @throws org.pgminicluster.MiniClusterException as said there
     */
    public MiniCluster start() {
        try {
            if (Thread.currentThread().isInterrupted()) {
                throw new MiniClusterException(
                        "interrupted before the servers of " + topology.name() + " were started");
            }
            return startAll();
        } catch (RuntimeException e) {
            if (Thread.currentThread().isInterrupted() && !(e instanceof MiniClusterException)) {
                // A client library's own way of saying so.
                throw new MiniClusterException(
                        "interrupted while the servers of " + topology.name() + " were started", e);
            }
            throw e;
        }
    }

    /**
     * Applies the topology to servers that run already, in place of {@link #start()}, and returns when all of it is there and
     * every table is copied. What stands as the topology says is left as it is: databases, tables, publications, subscriptions,
     * guards, whoever made them and by whatever trigger. What is missing is made. What stands otherwise, or is lacking, such as
     * a setting, room for a slot, a right or a line of {@code pg_hba.conf}, is refused with all of its reasons before anything
     * is changed; to compare, a database {@code minicluster_scratch_...} is there for a moment.
     *
     * <p>No server is started, stopped or set. Faults and acts that would take that, or a server's files, are refused: to kill,
     * stop, pause, cut, isolate, stall, slow down, fail over, rejoin, recover. A standby must stream from its primary already.
     *
     * <p>{@link MiniCluster#close()} takes back what was made and nothing else: subscriptions with their slots, and the rows
     * in tables that were there, empty, and filled by such a subscription; publications, guards, event triggers, roles and
     * rights; the objects of the schema scripts; a whole database if it was made. What a test writes into tables that were
     * there stays, and so does what it makes there by itself. When attaching fails half way, the same is taken back at once.
     *
     * @param servers one for each node and standby, by its name
     * @throws MiniClusterException if servers are missing or others are given, or naming what is in the way
     * @throws EnvironmentException if a server cannot be reached, refuses the login, or is there twice
     * @see <a href="https://www.postgresql.org/docs/13/logical-replication-config.html">Logical Replication Configuration</a>
     */
    public MiniCluster attach(Map<String, Attached> servers) {
        if (lender != null || asInstalled) {
            throw new MiniClusterException(
                    "expected servers that are attached to be neither lent nor as installed, but " + topology.name()
                            + " was said to have those; say MiniCluster.of(topology).attach(servers)");
        }
        ServerSettings chosen = settings == null ? ServerSettings.fromSystemProperties() : settings;
        AttachedServers provider = AttachedServers.of(topology.names(), servers, chosen);
        ScriptReader.check(topology);
        attached = true;
        return startAll(
                chosen, new ServerChoice(provider, List.of(), "given"), provider.login(), replicationPasswords());
    }

    private MiniCluster startAll() {
        if (kept) {
            throw new MiniClusterException(
                    "expected what is kept to be on servers that are attached, but those of " + topology.name()
                            + " are started and go with the cluster; leave out keep(), or say attach(servers)");
        }
        if (lender != null) {
            return startAll(
                    lender.host().settings(),
                    lender.choice(!bare && !unsynced),
                    lender.host().superuser(),
                    lender.host().replicationPasswords());
        }
        WantedServers wanted =
                WantedServers.of(topology, settings == null ? ServerSettings.fromSystemProperties() : settings);
        ScriptReader.check(topology);
        wanted.check();
        return startAll(
                wanted.settings(),
                ServerChoice.choose(wanted.settings(), wanted.others()),
                superuser,
                replicationPasswords());
    }

    private MiniCluster startAll(
            ServerSettings chosen,
            ServerChoice choice,
            Credentials superuser,
            Map<String, String> replicationPasswords) {
        ServerProvider provider = choice.provider();
        String directoryName = name == null
                ? topology.name() + "-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet()
                : name;
        Path directory = writable(chosen.directory().resolve(tame(directoryName)));
        JournalFile journalFile = JournalFile.record(journal, directory.resolve(JOURNAL));
        try {
            clear(directory);
            ServerGroup group = provider.open(tame(directoryName), directory);
            try {
                List<PgServer> servers = group.start(
                        specs(superuser, replicationPasswords, new WantedServers(topology, chosen), tls(directory)));
                ClusterRuntime runtime = new ClusterRuntime(
                        topology,
                        chosen,
                        journal,
                        directory,
                        superuser,
                        replicationPasswords,
                        provider.kind(),
                        asInstalled,
                        servers);
                MiniCluster cluster = new MiniCluster(runtime, group, journalFile);
                return prepared(cluster, choice);
            } catch (RuntimeException e) {
                closeAfter(e, group::close);
                throw e;
            }
        } catch (RuntimeException e) {
            closeAfter(e, journalFile::close);
            throw e;
        }
    }

    /** Of servers that are lent, it is their owner's. */
    private Optional<Tls> tls(Path directory) {
        if (!topology.tls() || lender != null) {
            return Optional.empty();
        }
        Authority authority = Authority.of(topology.name());
        Path file = directory.resolve(ROOT_CERTIFICATE).toAbsolutePath();
        try {
            Files.writeString(file, authority.certificate());
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
        return Optional.of(new Tls(authority, file));
    }

    private MiniCluster prepared(MiniCluster cluster, ServerChoice choice) {
        try {
            if (lender != null) {
                lender.guest(cluster.runtime());
            }
            journal.add(
                    null,
                    new Event.Started(
                            topology.name(),
                            choice.toString(),
                            cluster.runtime().versions(),
                            topology.names()));
            topology.requireSupportedBy(cluster.runtime()::majorOf);
            if (!asInstalled) {
                journal.add(null, Layouts.of(cluster.runtime()));
            }
            Optional<Attachment> attachment = attachment(cluster);
            if (traced) {
                cluster.tracer().start();
            }
            if (attachment.isPresent()) {
                cluster.setUp().run(attachment.get().missing(), !unsynced);
                if (kept) {
                    cluster.takeBackBy(() -> {});
                }
            } else if (!bare) {
                setUp(cluster);
            }
            return cluster;
        } catch (RuntimeException e) {
            closeAfter(e, cluster::close);
            throw e;
        }
    }

    /** What of the topology is missing on servers that are attached, whose databases are there then. */
    private Optional<Attachment> attachment(MiniCluster cluster) {
        if (!attached || bare) {
            return Optional.empty();
        }
        Attachment attachment = Attachment.survey(cluster.runtime(), cluster.setUp()::carryOut);
        topology.standbys()
                .forEach(standby ->
                        cluster.standbys().found(cluster.runtime().member(standby.name()), standby.primary()));
        cluster.takeBackBy(attachment::takeBack);
        attachment.makeDatabases();
        return Optional.of(attachment);
    }

    private void setUp(MiniCluster cluster) {
        if (lender == null) {
            cluster.setUp().run(!unsynced);
        } else if (unsynced) {
            cluster.setUp().connect(false);
        } else {
            lender.subscribe(cluster.setUp());
        }
    }

    /** The journal says why it ends here, before it is closed. */
    private void closeAfter(RuntimeException failure, Runnable close) {
        if (noted != failure) {
            noted = failure;
            journal.add(null, Trace.BrokenOff.by(failure));
        }
        try {
            close.run();
        } catch (RuntimeException closing) {
            failure.addSuppressed(closing);
        }
    }

    private Map<String, String> replicationPasswords() {
        Map<String, String> passwords = new LinkedHashMap<>();
        topology.nodes().stream()
                .filter(node -> node.subscribes() || !node.mayFollow().isEmpty())
                .flatMap(node -> LoginRules.pair(topology, node.name()).stream())
                .forEach(name -> passwords.put(Roles.login(name), Passwords.random()));
        topology.standbys().stream()
                .flatMap(standby -> Stream.of(standby.name(), standby.primary()))
                .distinct()
                .forEach(name -> passwords.put(Roles.standbyLogin(name), Passwords.random()));
        return passwords;
    }

    private List<ServerSpec> specs(
            Credentials superuser, Map<String, String> replicationPasswords, WantedServers wanted, Optional<Tls> tls) {
        List<ServerSpec> specs = new ArrayList<>();
        for (NodeSpec node : topology.nodes()) {
            Map<String, String> settings = asInstalled
                    ? node.settings()
                    : NodeSettings.asMap(NodeSettings.of(
                            topology, node, wanted.major(node.name()).orElse(0)));
            specs.add(spec(
                    node.name(), node.port(), settings, superuser, replicationPasswords, wanted.own(node.name()), tls));
        }
        for (StandbySpec standby : topology.standbys()) {
            Map<String, String> settings = asInstalled
                    ? standby.settings()
                    : NodeSettings.asMap(NodeSettings.of(
                            topology, standby, wanted.major(standby.name()).orElse(0)));
            specs.add(spec(
                    standby.name(),
                    standby.port(),
                    settings,
                    superuser,
                    replicationPasswords,
                    wanted.own(standby.name()),
                    tls));
        }
        return specs;
    }

    /** Whoever may take another's place has the passwords of both. */
    private ServerSpec spec(
            String server,
            int port,
            Map<String, String> settings,
            Credentials superuser,
            Map<String, String> replicationPasswords,
            Optional<String> postgres,
            Optional<Tls> tls) {
        List<String> passfile = LoginRules.pair(topology, server).stream()
                .flatMap(name -> Stream.of(Roles.login(name), Roles.standbyLogin(name)))
                .filter(replicationPasswords::containsKey)
                .map(role -> "*:*:*:" + role + ":" + replicationPasswords.get(role))
                .toList();
        return new ServerSpec(
                server,
                withoutDatabase ? SUPERUSER : topology.database(),
                superuser,
                settings,
                asInstalled ? LoginRules.asInstalled(superuser) : LoginRules.admitted(topology, server),
                passfile,
                port,
                postgres,
                tls);
    }

    private static Path writable(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
    }

    /** Of what an earlier cluster of this name left, and nobody else's: the journal is this one's already. */
    private static void clear(Path directory) {
        try (var files = Files.newDirectoryStream(directory, "{*.log,*.jsonl,*.txt," + ROOT_CERTIFICATE + "}")) {
            for (Path file : files) {
                if (!file.endsWith(JOURNAL)) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
    }

    private static EnvironmentException unwritable(Path directory, IOException cause) {
        return new EnvironmentException(
                "expected the directory " + directory + " to be writable, but was not (" + cause
                        + "); choose another with -Dminicluster.directory=DIRECTORY",
                cause);
    }

    /** As a file name that every system takes. */
    private static String tame(String text) {
        String tamed = text.replaceAll("[^A-Za-z0-9._-]+", "-");
        return tamed.length() <= 120 ? tamed : tamed.substring(0, 111) + String.format("-%08x", text.hashCode());
    }
}
