package org.pgminicluster.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.script.Roles;
import org.pgminicluster.script.Sql;
import org.pgminicluster.server.StopMode;

/** What a person would type for a fault, and to put it right. */
final class FaultTyped {

    private static final Pattern WALSENDER = Pattern.compile("walsender (\\d+)");
    private static final String RELOAD = "SELECT pg_reload_conf()";

    private final MiniCluster cluster;
    private final Map<String, Handle> handles;

    FaultTyped(MiniCluster cluster, Map<String, Handle> handles) {
        this.cluster = cluster;
        this.handles = Map.copyOf(handles);
    }

    /**
     * @param begin to break it
     * @param heal to put it right
     */
    record Pair(List<Typed> begin, List<Typed> heal) {
        Pair {
            begin = List.copyOf(begin);
            heal = List.copyOf(heal);
        }
    }

    Handle handle(String node) {
        Handle handle = handles.get(node);
        if (handle == null) {
            throw new IllegalArgumentException("no node " + node);
        }
        return handle;
    }

    Pair kill(String node) {
        return new Pair(List.of(handle(node).kill()), List.of(handle(node).start()));
    }

    Pair stop(String node, StopMode mode) {
        return new Pair(List.of(handle(node).stop(mode)), List.of(handle(node).start()));
    }

    Pair pause(String node) {
        return new Pair(List.of(handle(node).pause()), List.of(handle(node).resume()));
    }

    /** @param subscribers whom each node refuses */
    Pair refuse(Map<String, List<String>> subscribers) {
        List<Typed> begin = new ArrayList<>();
        List<Typed> heal = new ArrayList<>();
        subscribers.forEach((publisher, refused) -> {
            for (String role : refused.stream().map(Roles::login).toList()) {
                begin.add(handle(publisher).refuse(role));
                heal.add(handle(publisher).admit(role));
            }
            begin.add(Typed.sql(publisher, RELOAD));
            heal.add(Typed.sql(publisher, RELOAD));
            for (String role : refused.stream().map(Roles::login).toList()) {
                begin.add(Typed.sql(
                        publisher,
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = " + Sql.literal(role)));
            }
        });
        return new Pair(begin, heal);
    }

    Pair isolate(String isolated) {
        Map<String, List<String>> refused = new LinkedHashMap<>();
        List<String> others = cluster.nodes().stream()
                .map(Node::name)
                .filter(name -> !name.equals(isolated))
                .toList();
        others.forEach(other -> refused.put(other, List.of(isolated)));
        refused.put(isolated, others);
        return refuse(refused);
    }

    /** @param proof in which the fault tells the walsender's pid */
    Pair stall(String publisher, String proof) {
        Matcher walsender = WALSENDER.matcher(proof);
        String pid = walsender.find() ? walsender.group(1) : "PID";
        return new Pair(
                List.of(handle(publisher).signal("STOP", pid)),
                List.of(handle(publisher).signal("CONT", pid)));
    }

    List<Typed> terminate(String node, String pid) {
        return List.of(Typed.sql(node, "SELECT pg_terminate_backend(" + pid + ")"));
    }

    List<Typed> terminateWalsender(String publisher, String subscription) {
        return List.of(Typed.sql(
                publisher,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_replication WHERE application_name = "
                        + Sql.literal(subscription)));
    }

    List<Typed> terminateWorker(String node, String subscription) {
        return List.of(Typed.sql(
                node,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_subscription WHERE relid IS NULL AND subname = "
                        + Sql.literal(subscription)));
    }

    List<Typed> dropSlot(String node, String slot) {
        return List.of(
                Typed.sql(
                        node,
                        "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active AND slot_name = "
                                + Sql.literal(slot)),
                Typed.sql(node, "SELECT pg_drop_replication_slot(" + Sql.literal(slot) + ")"));
    }

    List<Typed> loseSlot(String node) {
        return List.of(
                Typed.sql(node, "SELECT pg_logical_emit_message(false, 'x', repeat('x', 1000000)), pg_switch_wal()"),
                Typed.sql(node, "CHECKPOINT"));
    }
}
