package org.pgminicluster.runtime;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.journal.Words;
import org.pgminicluster.script.HiddenPasswords;
import org.pgminicluster.script.Peers;
import org.pgminicluster.script.Script;
import org.pgminicluster.server.Credentials;
import org.pgminicluster.server.PgServer;
import org.pgminicluster.server.PostgresVersion;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.state.ClusterState;
import org.pgminicluster.state.ClusterStateReader;
import org.pgminicluster.topology.DatabaseSpec;
import org.pgminicluster.topology.Topology;
import org.pgminicluster.wait.Waits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all that is done with a running cluster takes: its nodes and how they reach each other, its settings, passwords and
 * journal, and how to wait.
 */
@API(status = API.Status.INTERNAL)
public final class ClusterRuntime {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterRuntime.class);
    private static final Duration STATEMENT = Duration.ofSeconds(30);

    private final Topology topology;
    private final ServerSettings settings;
    private final Journal journal;
    private final Path directory;
    private final Credentials superuser;
    private final Map<String, String> replicationPasswords;
    private final ServerKind kind;
    private final boolean asInstalled;
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final Map<String, Member> views = new ConcurrentHashMap<>();
    private final Map<String, Member> detours = new ConcurrentHashMap<>();
    private final HiddenPasswords passwords;
    private final Map<String, Words> cautions = new ConcurrentHashMap<>();
    private final Peers peers = new RunningPeers();
    private final Waits waits;
    private volatile Function<Member, Consumer<Event>> recorder = this::journaled;

    /**
     * @param asInstalled whether the servers' settings and {@code pg_hba.conf} are for people to edit
     * @param servers those of all nodes, in the topology's order, standbys last
     */
    public ClusterRuntime(
            Topology topology,
            ServerSettings settings,
            Journal journal,
            Path directory,
            Credentials superuser,
            Map<String, String> replicationPasswords,
            ServerKind kind,
            boolean asInstalled,
            List<PgServer> servers) {
        this.topology = topology;
        this.settings = settings;
        this.journal = journal;
        this.directory = directory;
        this.superuser = superuser;
        this.replicationPasswords = Map.copyOf(replicationPasswords);
        this.kind = kind;
        this.asInstalled = asInstalled;
        this.passwords = kind == ServerKind.ATTACHED ? new HiddenPasswords() : HiddenPasswords.NONE;
        this.waits = new Waits(topology.name(), settings, journal, this::snapshot);
        servers.forEach(server -> members.put(server.name(), new Member(this, server, topology.database())));
    }

    public Topology topology() {
        return topology;
    }

    public ServerSettings settings() {
        return settings;
    }

    public Journal journal() {
        return journal;
    }

    /** Where logs and journal are. */
    public Path directory() {
        return directory;
    }

    /** The role by which this JVM logs in. */
    public Credentials superuser() {
        return superuser;
    }

    /** The same where servers have roles of their own for that. */
    public Credentials loginOf(PgServer server) {
        return server.login().orElse(superuser);
    }

    /** What is not to be seen of connection strings. */
    HiddenPasswords passwords() {
        return passwords;
    }

    /** The passwords of the logins that this cluster made, by role. */
    public Map<String, String> replicationPasswords() {
        return replicationPasswords;
    }

    /** What the servers run in. */
    public ServerKind servers() {
        return kind;
    }

    /** Whether the servers are as a fresh installation has them, and what is on them is for people to make. */
    public boolean isAsInstalled() {
        return asInstalled;
    }

    /** The version that the first of those nodes reported of which the topology says nothing else, or else the first of all. */
    public PostgresVersion version() {
        return members().stream()
                .filter(member -> topology.postgresOf(member.name()).isEmpty())
                .findFirst()
                .orElseGet(() -> members().get(0))
                .version();
    }

    /** The version of all, or of each if they differ. */
    public String versions() {
        boolean alike = members().stream().map(Member::version).distinct().count() == 1;
        return alike
                ? version().full()
                : members().stream()
                        .map(member -> member.version().full() + " on " + member.name())
                        .collect(Collectors.joining(", "));
    }

    /** The major that a server reported. */
    public int majorOf(String server) {
        return member(server).version().major();
    }

    public Peers peers() {
        return peers;
    }

    public Waits waits() {
        return waits;
    }

    public Duration statementTimeout() {
        return settings.scaled(STATEMENT);
    }

    /** All nodes in the topology's order, standbys last. */
    public List<Member> members() {
        return List.copyOf(members.values());
    }

    /** What whoever starts a node from now on is to know, or null if there is nothing any more. */
    public void caution(String node, @Nullable Words caution) {
        if (caution == null) {
            cautions.remove(node);
        } else {
            cautions.put(node, caution);
        }
    }

    /** What shows that a node has been started, with what is to be known of that, which goes to the log, too. */
    Words started(String node, Words proof) {
        Words caution = cautions.get(node);
        if (caution == null) {
            return proof;
        }
        LOG.warn("{}", caution);
        return Words.of("and-then", proof, caution);
    }

    /**
     * The node of that name, seen through the topology's database.
     *
     * @throws org.pgminicluster.topology.InvalidTopologyException listing the known names if there is none
     */
    public Member member(String name) {
        Member member = members.get(name);
        if (member == null) {
            throw topology.unknown(name);
        }
        return member;
    }

    Member view(Member member, String database) {
        return database.equals(topology.database())
                ? member(member.name())
                : views.computeIfAbsent(
                        member.name() + "/" + database, key -> new Member(this, member.server(), database));
    }

    /** Each node, and each through the other databases that it was looked at through. */
    public Collection<Member> withViews() {
        List<Member> all = new ArrayList<>(members.values());
        all.addAll(views.values());
        return all;
    }

    /** Drops cached connections to a node that has gone. */
    public void disconnect(String name) {
        withViews().stream().filter(view -> view.name().equals(name)).forEach(Member::disconnect);
    }

    /** The databases that the topology gives a node. */
    public List<String> databasesOf(String name) {
        return topology.described(name).databases().stream()
                .map(DatabaseSpec::name)
                .toList();
    }

    /** The nodes behind relays, by the relays' addresses. */
    public Map<String, Member> detours() {
        return detours;
    }

    /** Both ends of every subscription, and the end of each log, as they are now. */
    public ClusterState snapshot() {
        return new ClusterStateReader(this::loginOf, passwords, this::databasesOf, asInstalled)
                .read(topology.name(), members().stream().map(Member::server).toList());
    }

    /** The steps that set the topology up, as they are rendered for its running servers. */
    public Script script() {
        return Script.of(topology, peers, this::majorOf);
    }

    /** Who is told of the statements of sessions that are opened from now on. */
    public void recordBy(Function<Member, Consumer<Event>> other) {
        recorder = other;
    }

    Consumer<Event> recorder(Member member) {
        return recorder.apply(member);
    }

    private Consumer<Event> journaled(Member member) {
        return event -> journal.add(member.name(), event);
    }

    /** How nodes reach each other, as their servers say. */
    private final class RunningPeers implements Peers {

        @Override
        public String host(String node) {
            return member(node).server().peerAddress().host();
        }

        @Override
        public int port(String node) {
            return member(node).server().peerAddress().port();
        }

        @Override
        public String login(String from, String to) {
            return member(to)
                    .server()
                    .replication()
                    .map(Credentials::user)
                    .orElseGet(() -> Peers.super.login(from, to));
        }

        @Override
        public Optional<String> password(String from, String to) {
            if (kind != ServerKind.ATTACHED) {
                return Optional.empty();
            }
            String role = login(from, to);
            return member(to)
                    .server()
                    .replication()
                    .map(Credentials::password)
                    .or(() -> Optional.ofNullable(replicationPasswords.get(role)))
                    .map(password -> passwords.nameOf(role, to, password));
        }

        @Override
        public String passfile(String node) {
            return member(node).server().passfile();
        }

        @Override
        public Optional<String> rootCertificate(String node) {
            return Optional.of(member(node).server())
                    .filter(server -> topology.tls())
                    .map(PgServer::rootCertificate);
        }
    }
}
