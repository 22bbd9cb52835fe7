package org.pgminicluster.cli;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.pgminicluster.cli.byhand.HandCommand;
import org.pgminicluster.fault.Fault;

/** The faults that were made by hand and are not healed, numbered so that people can name them. */
final class OpenFaults {

    /** What a fault keeps its node from. */
    enum Keeps {
        RUNNING,
        ANSWERING,
        NOTHING
    }

    /**
     * @param number from 1
     * @param keeps what it keeps the node from
     * @param node where
     * @param undo what a person would type to put it right, besides statements that healing executes itself
     */
    record Numbered(int number, Keeps keeps, String node, Fault fault, List<HandCommand> undo) {
        Numbered {
            undo = List.copyOf(undo);
        }

        ClusterStatus.OfFault status() {
            return new ClusterStatus.OfFault(
                    number,
                    fault.description(),
                    fault.proof()
                            + fault.failure()
                                    .map(why -> "; healing it failed: " + Hints.inCommands(why))
                                    .orElse(""));
        }
    }

    private final List<Numbered> faults = new ArrayList<>();
    private int count;

    synchronized Numbered add(Keeps keeps, String node, Fault fault, List<HandCommand> undo) {
        Numbered numbered = new Numbered(++count, keeps, node, fault, undo);
        faults.add(numbered);
        return numbered;
    }

    synchronized List<Numbered> all() {
        faults.removeIf(numbered -> !numbered.fault().isOpen());
        return List.copyOf(faults);
    }

    List<ClusterStatus.OfFault> status() {
        return all().stream().map(Numbered::status).toList();
    }

    /** The last one first, as they are healed. */
    List<Numbered> lastFirst() {
        List<Numbered> reversed = new ArrayList<>(all());
        Collections.reverse(reversed);
        return reversed;
    }

    /** The last one by which a node is down or frozen. */
    Optional<Numbered> keeping(String node, Keeps from) {
        return lastFirst().stream()
                .filter(numbered -> numbered.node().equals(node) && numbered.keeps() == from)
                .findFirst();
    }

    Numbered numbered(String typed) {
        return all().stream()
                .filter(numbered -> Integer.toString(numbered.number()).equals(typed))
                .findFirst()
                .orElseThrow(() ->
                        CommandException.usage("expected the number of a fault that is not healed, but was \""
                                + typed + "\"; there "
                                + (all().isEmpty()
                                        ? "is none"
                                        : "are "
                                                + all().stream()
                                                        .map(Numbered::number)
                                                        .toList())));
    }
}
