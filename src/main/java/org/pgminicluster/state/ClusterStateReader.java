package org.pgminicluster.state;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apiguardian.api.API;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.script.HiddenPasswords;
import org.pgminicluster.server.Connections;
import org.pgminicluster.server.Credentials;
import org.pgminicluster.server.InParallel;
import org.pgminicluster.server.PgServer;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;

/**
 * Reads a {@link ClusterState}. A node that is dead, frozen or half set up must not keep the others from being shown, so
 * each is asked by a connection of its own with short timeouts, and nothing here throws.
 */
@API(status = API.Status.INTERNAL)
public final class ClusterStateReader {

    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration READ = Duration.ofSeconds(3);

    private final Function<PgServer, Credentials> logins;
    private final HiddenPasswords passwords;
    private final Function<String, List<String>> databases;
    private final boolean unsaid;

    /**
     * @param logins by whom each server is asked
     * @param passwords what is not to be seen of connection strings
     * @param databases those of each node; the first is where is looked for what all of a server have in common
     * @param unsaid whether subscriptions of other databases than those belong to the cluster, too
     */
    public ClusterStateReader(
            Function<PgServer, Credentials> logins,
            HiddenPasswords passwords,
            Function<String, List<String>> databases,
            boolean unsaid) {
        this.logins = logins;
        this.passwords = passwords;
        this.databases = databases;
        this.unsaid = unsaid;
    }

    /** @param topology its name */
    public ClusterState read(String topology, List<PgServer> servers) {
        try {
            return new ClusterState(topology, InParallel.map(servers, this::node));
        } catch (MiniClusterException interrupted) {
            return new ClusterState(topology, List.of());
        }
    }

    private NodeState node(PgServer server) {
        List<String> log = logTail(server);
        try {
            if (!server.isRunning()) {
                return NodeState.silent(server.name(), main(server), NodeState.Condition.DOWN, "not running", log);
            }
            String address = "running at " + server.clientAddress();
            try {
                return answer(server, address, log);
            } catch (SQLException | SqlFailedException e) {
                return NodeState.silent(
                        server.name(),
                        main(server),
                        server.isPaused() ? NodeState.Condition.PAUSED : NodeState.Condition.SILENT,
                        "running, but did not answer ("
                                + String.valueOf(e.getMessage()).strip() + ")",
                        log);
            }
        } catch (RuntimeException e) {
            return NodeState.silent(
                    server.name(),
                    main(server),
                    NodeState.Condition.SILENT,
                    "not known (" + String.valueOf(e.getMessage()).strip() + ")",
                    log);
        }
    }

    private String main(PgServer server) {
        return databases.apply(server.name()).get(0);
    }

    private static List<String> logTail(PgServer server) {
        try {
            return server.log().tail();
        } catch (RuntimeException e) {
            return List.of("(cannot be read: " + e.getMessage() + ")");
        }
    }

    private NodeState answer(PgServer server, String address, List<String> log) throws SQLException {
        List<String> all = databases.apply(server.name());
        List<SubscriptionState> subscriptions = new ArrayList<>();
        List<RowSecurity> rowSecurity = new ArrayList<>();
        for (String database : all.subList(1, all.size())) {
            try (Session session = open(server, database)) {
                subscriptions.addAll(StateReader.subscriptionsIn(session::query));
                rowSecurity.addAll(StateReader.rowSecurity(session::query));
            }
        }
        try (Session session = open(server, all.get(0))) {
            subscriptions.addAll(0, StateReader.subscriptionsIn(session::query));
            if (unsaid) {
                unsaid(StateReader.subscriptions(session::query), all)
                        .forEach(database -> subscriptions.addAll(elsewhere(server, database)));
            }
            ServerState state = StateReader.server(session::query);
            rowSecurity.addAll(0, StateReader.rowSecurity(session::query));
            Rows waiting = StateReader.waiting(session::query);
            Optional<RecoveryState> recovery = StateReader.recovery(session::query);
            return new NodeState(
                    server.name(),
                    all.get(0),
                    state.standby() ? NodeState.Condition.STANDBY : NodeState.Condition.RUNNING,
                    address,
                    state.written(),
                    state.slots(),
                    subscriptions,
                    recovery.orElse(null),
                    rowSecurity,
                    waiting,
                    log);
        }
    }

    /** The databases that have subscriptions without anybody having said so: somebody has made them by hand. */
    private static List<String> unsaid(List<SubscriptionState> ofServer, List<String> said) {
        return ofServer.stream()
                .map(SubscriptionState::database)
                .filter(database -> !said.contains(database))
                .distinct()
                .toList();
    }

    /** Its tables are in its own database only, which may be dropped meanwhile. */
    private List<SubscriptionState> elsewhere(PgServer server, String database) {
        try (Session session = open(server, database)) {
            return StateReader.subscriptionsIn(session::query);
        } catch (SQLException | SqlFailedException e) {
            return List.of();
        }
    }

    /** Looking is no part of the story, so it is in no journal. */
    private Session open(PgServer server, String database) throws SQLException {
        return new Session(
                server.name(),
                database,
                Connections.open(
                        server.clientAddress(), database, logins.apply(server), "pg-minicluster state", CONNECT, READ),
                event -> {},
                READ,
                passwords);
    }
}
