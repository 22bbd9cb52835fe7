package org.pgminicluster.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.pgminicluster.cli.byhand.DoneByHand;
import org.pgminicluster.cli.byhand.HandCommand;
import org.pgminicluster.cli.byhand.ServerByHand;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.fault.Faults;
import org.pgminicluster.server.StopMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Faults of whole servers. */
final class ServerFaults {

    private ServerFaults() {}

    /** A fault by which a server does not run, or does not answer. */
    private abstract static class TakeDown extends FaultVerb.Lasting {

        private final OpenFaults.Keeps keeps;
        private final Function<ServerByHand, HandCommand> undo;

        @Parameters(paramLabel = FaultVerb.NODE, description = "Such as vm1.")
        private String node = "";

        private TakeDown(OpenFaults.Keeps keeps, Function<ServerByHand, HandCommand> undo) {
            this.keeps = keeps;
            this.undo = undo;
        }

        abstract Fault begin(Faults faults, Node server);

        abstract HandCommand typed(ServerByHand server);

        @Override
        final String node() {
            return node;
        }

        @Override
        final OpenFaults.Keeps keeps() {
            return keeps;
        }

        @Override
        final Fault begin(RunningCluster running, Faults faults) {
            return begin(faults, running.node(node));
        }

        @Override
        final List<HandCommand> typed(RunningCluster running, DoneByHand changes) {
            return List.of(typed(running.byHand().server(node)));
        }

        @Override
        final List<HandCommand> undo(RunningCluster running, DoneByHand changes) {
            return List.of(undo.apply(running.byHand().server(node)));
        }
    }

    /** One without options. */
    private abstract static class Plain extends TakeDown {
        private final BiFunction<Faults, Node, Fault> begin;
        private final Function<ServerByHand, HandCommand> typed;

        private Plain(
                OpenFaults.Keeps keeps,
                BiFunction<Faults, Node, Fault> begin,
                Function<ServerByHand, HandCommand> typed,
                Function<ServerByHand, HandCommand> undo) {
            super(keeps, undo);
            this.begin = begin;
            this.typed = typed;
        }

        @Override
        final Fault begin(Faults faults, Node server) {
            return begin.apply(faults, server);
        }

        @Override
        final HandCommand typed(ServerByHand server) {
            return typed.apply(server);
        }
    }

    @Command(name = "kill", description = "SIGKILL to every process of a server")
    static final class Kill extends Plain {
        Kill() {
            super(OpenFaults.Keeps.RUNNING, Faults::kill, ServerByHand::kill, ServerByHand::start);
        }
    }

    @Command(name = "pause", description = "freeze every process of a server")
    static final class Pause extends Plain {
        Pause() {
            super(OpenFaults.Keeps.ANSWERING, Faults::pause, ServerByHand::pause, ServerByHand::resume);
        }
    }

    @Command(name = "stop", description = "stop a server; --mode fast or immediate")
    static final class Stop extends TakeDown {
        @Option(names = "--mode", paramLabel = "MODE", description = "fast (if not said) or immediate.")
        private StopMode mode = StopMode.FAST;

        Stop() {
            super(OpenFaults.Keeps.RUNNING, ServerByHand::start);
        }

        @Override
        Fault begin(Faults faults, Node server) {
            return faults.stop(server, mode);
        }

        @Override
        HandCommand typed(ServerByHand server) {
            return server.stop(mode);
        }
    }

    /** Puts a server right, whatever has taken it down. */
    private abstract static class BringBack extends FaultVerb {

        private final OpenFaults.Keeps from;
        private final Consumer<Node> otherwise;
        private final Function<ServerByHand, HandCommand> typed;

        @Parameters(paramLabel = FaultVerb.NODE, description = "Such as vm1.")
        private String node = "";

        /** @param otherwise for what happened without a fault of ours */
        private BringBack(OpenFaults.Keeps from, Consumer<Node> otherwise, Function<ServerByHand, HandCommand> typed) {
            this.from = from;
            this.otherwise = otherwise;
            this.typed = typed;
        }

        @Override
        final void carryOut(RunningCluster running, Printer printer) {
            Node server = running.node(node);
            Optional<OpenFaults.Numbered> fault = running.open().keeping(node, from);
            fault.ifPresentOrElse(numbered -> numbered.fault().heal(), () -> otherwise.accept(server));
            printer.typed(typed.apply(running.byHand().server(node)));
            printer.line(node + " runs at " + server.address() + ".");
            printer.data(Map.of("node", node, "address", server.address().toString()));
        }
    }

    @Command(name = "start", description = "start a stopped or killed server")
    static final class Start extends BringBack {
        Start() {
            super(OpenFaults.Keeps.RUNNING, Node::start, ServerByHand::start);
        }
    }

    @Command(name = "resume", description = "thaw a paused server")
    static final class Resume extends BringBack {
        Resume() {
            super(OpenFaults.Keeps.ANSWERING, Node::resume, ServerByHand::resume);
        }
    }
}
