package org.pgminicluster.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.pgminicluster.cli.byhand.DoneByHand;
import org.pgminicluster.cli.byhand.HandCommand;
import org.pgminicluster.cli.byhand.Look;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.script.Conninfo;
import org.pgminicluster.script.Sql;
import org.pgminicluster.standby.Failover;
import org.pgminicluster.topology.Subscription;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What becomes of primaries and standbys. */
final class StandbyVerbs {

    private static final String PROMOTE = "SELECT pg_promote()";

    private StandbyVerbs() {}

    @Command(name = "promote", description = "end a standby's recovery, whatever its primary does")
    static final class Promote extends FaultVerb {
        @Parameters(paramLabel = FaultVerb.NODE, description = "A standby.")
        private String node = "";

        @Override
        void carryOut(RunningCluster running, Printer printer) {
            running.node(node).promote();
            printer.typed(HandCommand.sql(node, PROMOTE));
            printer.line(node + " is a primary now, and can be written.");
            printer.data(Map.of("node", node));
        }
    }

    @Command(name = "failover", description = "let a standby take over from its primary")
    static final class FailOver extends FaultVerb {
        @Parameters(index = "0", paramLabel = FaultVerb.NODE, description = "The primary.")
        private String from = "";

        @Parameters(index = "1", paramLabel = "STANDBY", description = "A standby of it.")
        private String to = "";

        @Override
        void carryOut(RunningCluster running, Printer printer) {
            running.node(from);
            running.node(to);
            try (DoneByHand changes = running.byHand().watch()) {
                Failover done = running.cluster().failOver(from, to);
                DoneByHand seen = changes.seen();
                (done.guarded() ? guarded(running, seen) : plain(running, done)).forEach(printer::typed);
                printer.line("A " + done + ".");
                printer.data(done.subscriptions());
            }
        }

        /** The publishers' walsenders of the old primary are ended first, which hold the slots. */
        private List<HandCommand> plain(RunningCluster running, Failover done) {
            List<HandCommand> typed = new ArrayList<>();
            running.cluster().topology().described(done.from()).databases().stream()
                    .flatMap(database -> database.subscriptions().stream())
                    .filter(subscription -> done.subscriptions().contains(subscription.name()))
                    .forEach(subscription -> typed.add(HandCommand.sql(
                            subscription.publisher(),
                            "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active AND slot_name = "
                                    + Sql.literal(slot(running, subscription)))));
            typed.add(HandCommand.sql(to, PROMOTE));
            return typed;
        }

        private String slot(RunningCluster running, Subscription subscription) {
            return Look.value(
                    running.node(to),
                    "SELECT subslotname FROM pg_subscription WHERE subname = " + Sql.literal(subscription.name()));
        }

        private List<HandCommand> guarded(RunningCluster running, DoneByHand changes) {
            List<HandCommand> typed = new ArrayList<>(changes.logins());
            typed.add(HandCommand.sql(to, PROMOTE));
            changes.statements().stream()
                    .filter(statement -> !enables(statement))
                    .forEach(typed::add);
            typed.addAll(running.byHand().server(to).restart(changes.settings(to)));
            changes.statements().stream().filter(FailOver::enables).forEach(typed::add);
            typed.addAll(changes.droppedSlots());
            return typed;
        }

        private static boolean enables(HandCommand statement) {
            return statement.text().endsWith(" ENABLE;");
        }
    }

    @Command(name = "rejoin", description = "make an old primary a standby of its successor")
    static final class Rejoin extends FaultVerb {
        private static final String FOLLOWED =
                "SELECT current_setting('primary_conninfo'), current_setting('primary_slot_name')";

        @Parameters(paramLabel = FaultVerb.NODE, description = "The old primary, which is down.")
        private String node = "";

        @Override
        void carryOut(RunningCluster running, Printer printer) {
            Node old = running.node(node);
            try (DoneByHand changes = running.byHand().watch()) {
                String program = running.cluster().standbys().rejoin(old);
                // It is up again, though not as what it was.
                running.open()
                        .keeping(node, OpenFaults.Keeps.RUNNING)
                        .ifPresent(numbered -> numbered.fault().heal());
                DoneByHand seen = changes.seen();
                List<String> followed = Look.row(old, FOLLOWED);
                seen.statements().forEach(printer::typed);
                running.byHand()
                        .server(node)
                        .follow(program, conninfo(followed.get(0), old), followed.get(1), seen.settings(node))
                        .forEach(printer::typed);
                seen.logins().forEach(printer::typed);
                String successor = running.cluster().standbys().primaryOf(old).orElse("its successor");
                printer.line(node + " is a standby of " + successor + " now, by " + program + ".");
                printer.data(Map.of("node", node, "by", program));
            }
        }

        /** As short as it can be: programs write their defaults into it, and leave out the database. */
        private static String conninfo(String written, Node old) {
            Conninfo all = Conninfo.parse(written);
            Conninfo needed = new Conninfo(Map.of());
            for (String keyword : List.of("host", "port", "user", "passfile", "application_name")) {
                needed = needed.withAsIn(all, keyword);
            }
            return needed.with("dbname", old.database()).toString();
        }
    }
}
