package org.pgminicluster.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgminicluster.cli.byhand.DoneByHand;
import org.pgminicluster.cli.byhand.HandCommand;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.fault.Faults;
import org.pgminicluster.script.Sql;
import org.pgminicluster.topology.Subscription;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What can happen to slots, and the way back. */
final class SlotVerbs {

    private static final String SLOT = "SLOT";
    private static final String RESEED =
            "minicluster fault reseed NODE SUBSCRIPTION makes the subscription that had it anew, with a copy.";

    private SlotVerbs() {}

    @Command(name = "drop-slot", description = "drop a slot, even in use")
    static final class Drop extends FaultVerb {
        @Parameters(index = "0", paramLabel = FaultVerb.NODE, description = "Who has it, a publisher.")
        private String node = "";

        @Parameters(index = "1", paramLabel = SLOT, description = "minicluster status has their names.")
        private String slot = "";

        @Override
        void carryOut(RunningCluster running, Printer printer) {
            Fault fault = running.cluster().faults().dropSlot(running.node(node), slot);
            String which = " FROM pg_replication_slots WHERE slot_name = " + Sql.literal(slot);
            done(
                    fault,
                    List.of(
                            HandCommand.sql(node, "SELECT pg_terminate_backend(active_pid)" + which + " AND active"),
                            HandCommand.sql(
                                    node, "SELECT pg_drop_replication_slot(slot_name)" + which + " AND NOT active"),
                            HandCommand.remark("both again until the slot is gone: its user comes back at once")),
                    "It is gone for good; " + RESEED,
                    printer);
        }
    }

    @Command(name = "limit-wal", description = "limit the WAL that is kept for slots")
    static final class Limit extends FaultVerb.Lasting {
        @Parameters(index = "0", paramLabel = FaultVerb.NODE, description = "A publisher.")
        private String node = "";

        @Parameters(
                index = "1",
                paramLabel = "MEGABYTES",
                converter = Values.Natural.class,
                description = "So much and no more.")
        private int megabytes;

        @Override
        String node() {
            return node;
        }

        @Override
        Fault begin(RunningCluster running, Faults faults) {
            return faults.limitSlotWal(running.node(node), megabytes);
        }
    }

    @Command(name = "lose-slot", description = "write WAL until an idle slot is lost")
    static final class Lose extends FaultVerb {
        @Parameters(index = "0", paramLabel = FaultVerb.NODE, description = "Who has it, a publisher.")
        private String node = "";

        @Parameters(index = "1", paramLabel = SLOT, description = "One that nobody uses, under a limit-wal.")
        private String slot = "";

        @Override
        void carryOut(RunningCluster running, Printer printer) {
            try (DoneByHand changes = running.byHand().watch()) {
                Fault fault = running.cluster().faults().loseSlot(running.node(node), slot);
                long segments = changes.seen().statements().stream()
                        .filter(statement -> statement.text().startsWith("CHECKPOINT"))
                        .count();
                done(
                        fault,
                        List.of(
                                HandCommand.sql(
                                        node, "SELECT pg_logical_emit_message(false, 'any', 'one more segment')"),
                                HandCommand.sql(node, "SELECT pg_switch_wal()"),
                                HandCommand.sql(node, "CHECKPOINT"),
                                HandCommand.remark("all three again until pg_replication_slots has wal_status lost: "
                                        + segments + (segments == 1 ? " time" : " times"))),
                        "It is lost for good; " + RESEED,
                        printer);
            }
        }
    }

    @Command(name = "reseed", description = "copy a subscription's tables anew")
    static final class ReseedSubscription extends FaultVerb {
        @Parameters(index = "0", paramLabel = FaultVerb.NODE, description = "The subscriber.")
        private String node = "";

        @Parameters(index = "1", paramLabel = FaultVerb.SUBSCRIPTION, description = "One of the node.")
        private String subscription = "";

        @Override
        void carryOut(RunningCluster running, Printer printer) {
            try (DoneByHand changes = running.byHand().watch()) {
                running.cluster().reseed(running.node(node), subscription);
                for (HandCommand statement : changes.seen().statements()) {
                    printer.typed(statement);
                    if (statement.text().startsWith("DROP SUBSCRIPTION")) {
                        declared(running).flatMap(changes::leftSlot).ifPresent(printer::typed);
                    }
                }
            }
            printer.line(subscription + " of " + node + " has everything again.");
            printer.data(Map.of("node", node, "subscription", subscription));
        }

        private Optional<Subscription> declared(RunningCluster running) {
            return running.cluster().topology().described(node).databases().stream()
                    .flatMap(database -> database.subscriptions().stream())
                    .filter(spec -> spec.name().equals(subscription))
                    .findFirst();
        }
    }
}
