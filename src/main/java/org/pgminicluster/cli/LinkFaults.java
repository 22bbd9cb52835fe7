package org.pgminicluster.cli;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.cli.byhand.DoneByHand;
import org.pgminicluster.cli.byhand.HandCommand;
import org.pgminicluster.cli.byhand.Look;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.fault.Faults;
import org.pgminicluster.relay.Slowness;
import org.pgminicluster.script.Sql;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Faults of what is between two servers. */
final class LinkFaults {

    private LinkFaults() {}

    /** The slot that a subscription, or a standby, streams from. */
    private static String slot(RunningCluster running, String node, @Nullable String subscription) {
        return Look.value(
                running.node(node),
                subscription == null
                        ? "SELECT current_setting('primary_slot_name')"
                        : "SELECT subslotname FROM pg_subscription WHERE subname = " + Sql.literal(subscription));
    }

    @Command(name = "cut", description = "refuse one node's connections to another")
    static final class Cut extends FaultVerb.Lasting {
        @Parameters(index = "0", paramLabel = "PUBLISHER", description = "Who refuses.")
        private String publisher = "";

        @Parameters(index = "1", paramLabel = "SUBSCRIBER", description = "Who is refused; a standby, too.")
        private String subscriber = "";

        @Override
        String node() {
            return publisher;
        }

        @Override
        Fault begin(RunningCluster running, Faults faults) {
            return faults.cut(running.node(publisher), running.node(subscriber));
        }
    }

    @Command(name = "isolate", description = "cut a node from all others")
    static final class Isolate extends FaultVerb.Lasting {
        @Parameters(paramLabel = FaultVerb.NODE, description = "Such as vm1.")
        private String node = "";

        @Override
        String node() {
            return node;
        }

        @Override
        Fault begin(RunningCluster running, Faults faults) {
            return faults.isolate(running.node(node));
        }
    }

    @Command(name = "stall", description = "freeze the walsender of it, or of a standby")
    static final class Stall extends FaultVerb.Lasting {
        @Parameters(index = "0", paramLabel = FaultVerb.NODE, description = "A subscriber, or a standby.")
        private String node = "";

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = FaultVerb.SUBSCRIPTION,
                description = "One of the node; none for a standby.")
        private @Nullable String subscription;

        @Override
        String node() {
            return node;
        }

        @Override
        Fault begin(RunningCluster running, Faults faults) {
            return subscription == null
                    ? faults.stall(running.node(node))
                    : faults.stall(running.node(node), subscription);
        }

        @Override
        List<HandCommand> typed(RunningCluster running, DoneByHand changes) {
            return List.of(signal("STOP", running, changes));
        }

        @Override
        List<HandCommand> undo(RunningCluster running, DoneByHand changes) {
            return List.of(signal("CONT", running, changes));
        }

        /** It holds the slot for as long as it is frozen. */
        private HandCommand signal(String signal, RunningCluster running, DoneByHand changes) {
            String publisher = changes.brokenNode();
            String pid = Look.value(
                    running.node(publisher),
                    "SELECT active_pid FROM pg_replication_slots WHERE slot_name = "
                            + Sql.literal(slot(running, node, subscription)));
            return running.byHand().server(publisher).signal(signal, pid);
        }
    }

    @Command(name = "slow", description = "slow it down by a relay; --latency, --rate")
    static final class Slow extends FaultVerb.Lasting {
        private static final Slowness UNSAID = Slowness.latency(Duration.ofMillis(200));

        @Parameters(index = "0", paramLabel = FaultVerb.NODE, description = "The subscriber.")
        private String node = "";

        @Parameters(index = "1", paramLabel = FaultVerb.SUBSCRIPTION, description = "One of the node.")
        private String subscription = "";

        @Option(
                names = "--latency",
                paramLabel = "MS",
                converter = Values.Millis.class,
                description = "How much later; 200ms if nothing is said.")
        private Duration latency = Duration.ZERO;

        @Option(
                names = "--jitter",
                paramLabel = "MS",
                converter = Values.Millis.class,
                description = "The most that is added at random.")
        private Duration jitter = Duration.ZERO;

        @Option(
                names = "--rate",
                paramLabel = "BYTES",
                converter = Values.Natural.class,
                description = "The most bytes that pass in a second.")
        private int rate;

        @Override
        String node() {
            return node;
        }

        /** What a person cannot type is the relay; the statement that leads through it is in the journal. */
        @Override
        Fault begin(RunningCluster running, Faults faults) {
            Slowness said = new Slowness(latency, jitter, rate);
            Slowness none = Slowness.latency(Duration.ZERO);
            return faults.slow(running.node(node), subscription, said.equals(none) ? UNSAID : said);
        }
    }

    @Command(name = "terminate", description = "end a backend or an apply worker; --walsender")
    static final class Terminate extends FaultVerb {
        @Parameters(index = "0", paramLabel = FaultVerb.NODE, description = "Such as vm1.")
        private String node = "";

        @Parameters(
                index = "1",
                paramLabel = "PID|SUBSCRIPTION",
                description = "A backend of the node, or the subscription whose worker it is.")
        private String what = "";

        @Option(names = "--walsender", description = "The subscription's walsender, not its apply worker.")
        private boolean walsender;

        @Override
        void carryOut(RunningCluster running, Printer printer) {
            Faults faults = running.cluster().faults();
            String again = "Another one comes by itself; minicluster status shows it.";
            try (DoneByHand changes = running.byHand().watch()) {
                if (what.matches("\\d{1,9}")) {
                    Fault fault = faults.terminate(running.node(node), Integer.parseInt(what));
                    done(fault, typed(node, "SELECT pg_terminate_backend(" + what + ")"), "It stays ended.", printer);
                } else if (walsender) {
                    Fault fault = faults.terminateWalsender(running.node(node), what);
                    String slot = Sql.literal(slot(running, node, what));
                    done(
                            fault,
                            typed(
                                    changes.brokenNode(),
                                    "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = "
                                            + slot),
                            again,
                            printer);
                } else {
                    Fault fault = faults.terminateApplyWorker(running.node(node), what);
                    done(
                            fault,
                            typed(
                                    node,
                                    "SELECT pg_terminate_backend(pid) FROM pg_stat_subscription WHERE relid IS NULL AND"
                                            + " subname = " + Sql.literal(what)),
                            again,
                            printer);
                }
            }
        }

        private static List<HandCommand> typed(String node, String statement) {
            return List.of(HandCommand.sql(node, statement));
        }
    }
}
