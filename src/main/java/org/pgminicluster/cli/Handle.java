package org.pgminicluster.cli;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.cluster.Session;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.StopMode;

/**
 * What a person needs to do by hand what is done to a server: the data directory of a process, the container's id of a
 * container. Asked for while the server runs, and kept, since it is needed when it does not.
 */
record Handle(ServerKind kind, String data, String hba, String container) {

    static Map<String, Handle> ofAll(MiniCluster cluster) {
        Map<String, Handle> handles = new LinkedHashMap<>();
        cluster.nodes().forEach(node -> handles.put(node.name(), of(node, cluster.servers())));
        return handles;
    }

    private static Handle of(Node node, ServerKind kind) {
        // A container's host name is its id unless somebody says otherwise.
        String container = kind == ServerKind.CONTAINER ? "trim(E'\\n' FROM pg_read_file('/etc/hostname'))" : "''";
        // Over JDBC itself, since looking is no part of the story that the journal tells.
        try (Session session = node.session();
                Statement statement = session.connection().createStatement();
                ResultSet found = statement.executeQuery(
                        "SELECT current_setting('data_directory'), current_setting('hba_file'), " + container)) {
            found.next();
            return new Handle(kind, found.getString(1), found.getString(2), found.getString(3));
        } catch (SQLException e) {
            throw new MiniClusterException("could not ask " + node.name() + " where its files are: " + e, e);
        }
    }

    Typed kill() {
        return Typed.shell(isContainer() ? "docker kill " + container : signal("KILL"));
    }

    Typed pause() {
        return Typed.shell(isContainer() ? "docker pause " + container : signal("STOP"));
    }

    Typed resume() {
        return Typed.shell(isContainer() ? "docker unpause " + container : signal("CONT"));
    }

    Typed start() {
        return Typed.shell(isContainer() ? "docker start " + container : "pg_ctl start -D " + data);
    }

    Typed stop(StopMode mode) {
        return Typed.shell(
                isContainer()
                        ? "docker kill --signal " + mode.signal() + " " + container
                        : "pg_ctl stop -D " + data + " -m " + mode.name().toLowerCase(Locale.ROOT));
    }

    /** Refuses a role before any other line is looked at; a container's file lies in the container. */
    Typed refuse(String role) {
        return inside("sed -i '1i host all " + role + " all reject' " + hba);
    }

    Typed admit(String role) {
        return inside("sed -i '/^host all " + role + " all reject$/d' " + hba);
    }

    /** Sends a signal to one backend. */
    Typed signal(String signal, String pid) {
        return inside("kill -" + signal + " " + pid);
    }

    private Typed inside(String command) {
        return Typed.shell(isContainer() ? "docker exec " + container + " " + command : command);
    }

    Typed remove() {
        return Typed.shell(
                isContainer()
                        ? "docker rm --force --volumes " + container
                        : "pg_ctl stop -D " + data + " -m immediate && rm -r " + data);
    }

    /** To the postmaster and all its children. */
    private String signal(String signal) {
        String postmaster = "$(head -n 1 " + data + "/postmaster.pid)";
        return "p=" + postmaster + "; kill -" + signal + " $p $(pgrep -P $p)";
    }

    private boolean isContainer() {
        return kind == ServerKind.CONTAINER;
    }
}
