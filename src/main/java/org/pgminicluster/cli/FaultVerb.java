package org.pgminicluster.cli;

import java.util.List;
import java.util.Set;
import org.pgminicluster.cli.byhand.DoneByHand;
import org.pgminicluster.cli.byhand.HandCommand;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.fault.Faults;
import picocli.CommandLine.ParentCommand;

/**
 * One thing that can be done to the cluster by hand. What is done, and what a person would have typed for it, is in one
 * class for each.
 */
abstract class FaultVerb implements ClusterCommand {

    static final String NODE = "NODE";
    static final String SUBSCRIPTION = "SUBSCRIPTION";

    /** Whether the answer is for programs, which the command above may have been told. */
    interface JsonChoice {
        boolean json();
    }

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private JsonChoice parent;

    /** One after the other: two at once would tell each other's story. */
    @Override
    public final int run(ClusterSession session, Terminal terminal) {
        RunningCluster running = session.running();
        synchronized (running.open()) {
            carryOut(running, new Printer(terminal, parent.json()));
            running.writePassfile();
        }
        return Exit.OK;
    }

    /** Does it, and says so. */
    abstract void carryOut(RunningCluster running, Printer printer);

    /** A fault that lasts until it is healed. */
    abstract static class Lasting extends FaultVerb {

        /** The node that {@code start} or {@code resume} may be asked for. */
        abstract String node();

        OpenFaults.Keeps keeps() {
            return OpenFaults.Keeps.NOTHING;
        }

        abstract Fault begin(RunningCluster running, Faults faults);

        /** What a person would have typed. */
        List<HandCommand> typed(RunningCluster running, DoneByHand changes) {
            List<HandCommand> all = new java.util.ArrayList<>(changes.statements());
            all.addAll(changes.logins());
            return all;
        }

        /** What a person would type to put it right, besides what healing it will show by itself. */
        List<HandCommand> undo(RunningCluster running, DoneByHand changes) {
            return List.of();
        }

        /** What was typed is shown afterwards: what could not be done is not shown as if it had been. */
        @Override
        void carryOut(RunningCluster running, Printer printer) {
            Faults faults = running.cluster().faults();
            // Names are looked at first.
            String node = running.node(node()).name();
            Set<Fault> known = Set.copyOf(faults.open());
            try (DoneByHand changes = running.byHand().watch()) {
                Fault fault;
                try {
                    fault = begin(running, faults);
                } catch (RuntimeException e) {
                    // Neither done nor undone: somebody has to put it right.
                    faults.open().stream()
                            .filter(left -> !known.contains(left))
                            .forEach(left -> running.open().add(keeps(), node, left, List.of()));
                    throw e;
                }
                DoneByHand seen = changes.seen();
                typed(running, seen).forEach(printer::typed);
                OpenFaults.Numbered numbered = running.open().add(keeps(), node, fault, undo(running, seen));
                printer.line(fault.description() + ": " + fault.proof());
                printer.line("This is fault " + numbered.number() + "; minicluster fault heal " + numbered.number()
                        + " puts it right.");
                printer.data(numbered.status());
            }
        }
    }

    /** What was done for good is not numbered. */
    static void done(Fault fault, List<HandCommand> typed, String next, Printer printer) {
        typed.forEach(printer::typed);
        printer.line(fault.description() + ": " + fault.proof());
        printer.line(next);
        printer.data(new ClusterStatus.OfFault(0, fault.description(), fault.proof()));
    }
}
