package org.pgminicluster.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pgminicluster.cluster.Failover;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.script.NodeSettings;
import org.pgminicluster.script.Roles;
import org.pgminicluster.script.Slots;
import org.pgminicluster.script.Sql;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.Subscription;

/** What a person would type to let a standby take over, and to make a standby of the old primary. */
final class FailoverTyped {

    private final MiniCluster cluster;
    private final FaultTyped faults;

    FailoverTyped(MiniCluster cluster, FaultTyped faults) {
        this.cluster = cluster;
        this.faults = faults;
    }

    /** @param statements those that were executed, in order, which end with the subscriptions being enabled */
    List<Typed> failOver(Failover done, List<Typed> statements) {
        List<Typed> typed = new ArrayList<>();
        NodeSpec described = cluster.topology().described(done.from());
        List<Subscription> subscriptions = described.databases().stream()
                .flatMap(database -> database.subscriptions().stream())
                .filter(subscription -> done.subscriptions().contains(subscription.name()))
                .toList();
        if (!done.guarded()) {
            subscriptions.forEach(subscription -> typed.add(Typed.sql(
                    subscription.publisher(),
                    "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active AND slot_name = "
                            + Sql.literal(subscription.slotName()))));
            typed.add(Typed.sql(done.to(), "SELECT pg_promote()"));
            return typed;
        }
        Map<String, List<String>> refused = new LinkedHashMap<>();
        subscriptions.forEach(subscription -> refused.put(subscription.publisher(), List.of(done.from())));
        typed.addAll(faults.refuse(refused).begin());
        typed.add(Typed.sql(done.to(), "SELECT pg_promote()"));
        statements.stream().filter(statement -> !enables(statement)).forEach(typed::add);
        typed.add(Typed.sql(done.to(), "ALTER SYSTEM SET " + NodeSettings.WORKERS + " = " + workers(described)));
        typed.add(faults.handle(done.to()).stop(StopMode.FAST));
        typed.add(faults.handle(done.to()).start());
        statements.stream().filter(FailoverTyped::enables).forEach(typed::add);
        subscriptions.forEach(subscription -> typed.add(Typed.sql(
                subscription.publisher(),
                "SELECT pg_drop_replication_slot(" + Sql.literal(subscription.slotName()) + ")")));
        return typed;
    }

    /** @param program what brought the data to the successor's state */
    List<Typed> rejoin(String old, String successor, String program, List<Typed> statements) {
        List<Typed> typed = new ArrayList<>(statements);
        String conninfo = "host=" + successor + " user=" + Roles.standbyLogin(old) + " application_name=" + old;
        typed.add(Typed.shell(
                program.equals("pg_rewind")
                        ? "pg_rewind --target-pgdata=\"$PGDATA\" --source-server=\"" + conninfo + " dbname="
                                + cluster.topology().database() + "\" --write-recovery-conf"
                        : "rm -rf \"$PGDATA\"/* && pg_basebackup --pgdata=\"$PGDATA\" --dbname=\"" + conninfo
                                + "\" --wal-method=stream --checkpoint=fast --write-recovery-conf --slot="
                                + Slots.ofStandby(old)));
        typed.add(faults.handle(old).start());
        return typed;
    }

    private static boolean enables(Typed statement) {
        return statement.text().endsWith(" ENABLE;");
    }

    private String workers(NodeSpec described) {
        return NodeSettings.asMap(NodeSettings.of(
                        cluster.topology(), described, cluster.version().major()))
                .getOrDefault(NodeSettings.WORKERS, "4");
    }
}
