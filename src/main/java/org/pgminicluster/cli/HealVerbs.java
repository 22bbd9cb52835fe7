package org.pgminicluster.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cli.byhand.DoneByHand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What becomes of faults. */
final class HealVerbs {

    private static final String ALL = "all";
    private static final String NONE = "Nothing is broken.";

    private HealVerbs() {}

    @Command(name = "heal", description = "put one right, or all, the last one first")
    static final class Heal extends FaultVerb {
        @Parameters(
                arity = "0..1",
                paramLabel = "NUMBER",
                description = "minicluster fault list has them; all if not said.")
        private String number = ALL;

        @Override
        void carryOut(RunningCluster running, Printer printer) {
            OpenFaults open = running.open();
            List<OpenFaults.Numbered> asked = number.equals(ALL) ? open.lastFirst() : List.of(open.numbered(number));
            List<ClusterStatus.OfFault> healed = new ArrayList<>();
            if (asked.isEmpty()) {
                printer.line(NONE);
            }
            @Nullable RuntimeException failure = null;
            for (OpenFaults.Numbered numbered : asked) {
                try {
                    heal(numbered, running, printer);
                    healed.add(numbered.status());
                } catch (MiniClusterException e) {
                    // The others are not left broken for that.
                    printer.line("Still broken: " + numbered.number() + "  "
                            + numbered.fault().description() + ".");
                    failure = failure == null ? e : failure;
                }
            }
            if (failure != null) {
                throw failure;
            }
            printer.data(healed);
        }

        private static void heal(OpenFaults.Numbered numbered, RunningCluster running, Printer printer) {
            try (DoneByHand changes = running.byHand().watch()) {
                numbered.fault().heal();
                DoneByHand seen = changes.seen();
                numbered.undo().forEach(printer::typed);
                seen.statements().forEach(printer::typed);
                seen.logins().forEach(printer::typed);
            }
            printer.line("Healed: " + numbered.fault().description() + ".");
        }
    }

    @Command(name = "list", description = "the faults that are not healed")
    static final class ListOpen extends FaultVerb {
        @Override
        void carryOut(RunningCluster running, Printer printer) {
            List<ClusterStatus.OfFault> faults = running.open().status();
            if (faults.isEmpty()) {
                printer.line(NONE);
            }
            faults.forEach(fault -> printer.line(fault.number() + "  " + fault.what() + ": " + fault.proof()));
            printer.data(faults);
        }
    }
}
