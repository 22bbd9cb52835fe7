package org.pgminicluster.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Event.Fault.Phase;
import org.pgminicluster.journal.FaultFacts;
import org.pgminicluster.journal.FaultFacts.Detail;
import org.pgminicluster.script.Peers;
import org.pgminicluster.script.Roles;
import org.pgminicluster.topology.StandbySpec;
import org.pgminicluster.topology.Topology;

/** What a person types for what was done to a server, where each server has a machine of its own. */
final class HandActs {

    static final String START = "pg_ctl -w -l \"$PGDATA.log\" start";

    private static final String UNTIL_GONE = "; while kill -0 $p 2>/dev/null; do sleep 0.1; done";

    private static final String RELOAD = "SELECT pg_reload_conf();";

    /** More segments than {@code max_slot_wal_keep_size} keeps in any of the stories. */
    private static final int SEGMENTS = 4;

    private final Topology topology;

    HandActs(Topology topology) {
        this.topology = topology;
    }

    static String sql(String node, String statement) {
        return "/* " + node + " # */ " + statement;
    }

    static String shell(String node, String command) {
        return node + " $ " + command;
    }

    /**
     * The lines for one act on a node.
     *
     * @param down whether its server is down by then
     */
    List<String> of(String node, Event.Fault fault, boolean down) {
        FaultFacts facts = fault.facts();
        boolean over = fault.phase() == Phase.HEALED;
        return switch (facts.kind()) {
            case KILL -> List.of(shell(node, over ? START : signal("KILL") + UNTIL_GONE));
            case PAUSE -> List.of(shell(node, signal(over ? "CONT" : "STOP")));
            case RESUME -> List.of(shell(node, signal("CONT")));
            case START -> List.of(shell(node, START));
            case STOP ->
                List.of(shell(
                        node,
                        over ? START : "pg_ctl -m " + facts.text(Detail.MODE).orElse("fast") + " stop"));
            case PROMOTE -> promote(node);
            case START_WITHOUT_SIGNAL -> List.of(shell(node, "rm \"$PGDATA/standby.signal\""), shell(node, START));
            case FOLLOW -> follow(node, facts.nodes().get(0), down);
            case CUT ->
                cut(facts.nodes().get(0), Roles.standbyLogin(facts.nodes().get(1)), over);
            case LIMIT_WAL -> List.of(sql(node, RELOAD));
            case LOSE_SLOT -> switchWal(node);
            default -> throw new IllegalStateException("nobody has said how " + facts.kind() + " is done by hand");
        };
    }

    private static String signal(String name) {
        return "p=$(head -n 1 \"$PGDATA/postmaster.pid\"); kill -" + name + " $p $(pgrep -P $p)";
    }

    /** A guarded one: first nobody lets the lost node in again, and then its subscriptions may start. */
    private List<String> promote(String node) {
        List<String> lines = new ArrayList<>();
        boolean guarded = topology.standby(node).filter(StandbySpec::guarded).isPresent();
        if (guarded) {
            String lost = topology.standby(node).orElseThrow().primary();
            topology.nodes().stream()
                    .filter(other -> topology.node(lost).follows(other.name()))
                    .forEach(publisher -> lines.addAll(refuse(publisher.name(), "all", Roles.login(lost))));
        }
        lines.add(shell(node, "pg_ctl -w promote"));
        if (guarded) {
            lines.add(sql(node, "ALTER SYSTEM RESET max_logical_replication_workers;"));
        }
        return lines;
    }

    private static List<String> refuse(String node, String database, String role) {
        return List.of(
                shell(node, "sed -i '1i host " + database + " " + role + " all reject' \"$PGDATA/pg_hba.conf\""),
                sql(node, RELOAD));
    }

    private static List<String> cut(String primary, String role, boolean over) {
        return over
                ? List.of(shell(
                        primary, "sed -i '/^host replication " + role + " all reject$/d' \"$PGDATA/pg_hba.conf\""))
                : Stream.concat(
                                refuse(primary, "replication", role).stream(),
                                Stream.of(sql(
                                        primary,
                                        "SELECT pg_terminate_backend(pid) FROM pg_stat_replication WHERE usename = '"
                                                + role + "';")))
                        .toList();
    }

    private static List<String> switchWal(String node) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < SEGMENTS; i++) {
            lines.add(sql(node, "CREATE TABLE filler (); DROP TABLE filler;"));
            lines.add(sql(node, "SELECT pg_switch_wal();"));
        }
        lines.add(sql(node, "CHECKPOINT;"));
        return lines;
    }

    private static List<String> follow(String standby, String primary, boolean down) {
        return List.of(
                shell(
                        standby,
                        (down ? "" : "pg_ctl -m fast stop && ")
                                + "rm -rf \"$PGDATA\" && pg_basebackup --pgdata=\"$PGDATA\" --dbname=\""
                                + Peers.byName().standbyConninfo(standby, primary, "rep")
                                + "\" --wal-method=stream --checkpoint=fast --write-recovery-conf --slot=" + standby),
                shell(standby, START));
    }
}
