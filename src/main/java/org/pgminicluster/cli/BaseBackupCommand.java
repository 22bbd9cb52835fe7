package org.pgminicluster.cli;

import java.util.Map;
import java.util.Optional;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cli.byhand.ServerByHand;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.FaultFacts;
import org.pgminicluster.journal.FaultKind;
import org.pgminicluster.journal.Words;
import org.pgminicluster.runtime.Link;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.script.Conninfo;
import org.pgminicluster.script.Sql;
import org.pgminicluster.server.BaseBackup;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.state.SlotState;
import org.pgminicluster.state.StateReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a standby of a server, as one does by hand: stop it, empty its data directory, pg_basebackup, start it. */
@Command(
        name = "basebackup",
        description = "Make a node a standby by pg_basebackup.",
        footer = {
            "%nThe node is stopped, its data directory is emptied and filled by pg_basebackup",
            "with --write-recovery-conf, and it is started. If that fails it stays down until",
            "this is typed again."
        })
final class BaseBackupCommand implements ClusterCommand {

    @Parameters(index = "0", paramLabel = FaultVerb.NODE, description = "Whose data is replaced, such as vm4.")
    private String node = "";

    @Parameters(
            index = "1",
            paramLabel = "CONNINFO",
            description = "How it connects to its primary, such as 'host=... port=... user=...'.")
    private String conninfo = "";

    @Parameters(index = "2", paramLabel = "SLOT", description = "The primary's physical slot for it.")
    private String slot = "";

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Override
    public int run(ClusterSession session, Terminal terminal) {
        RunningCluster running = session.running();
        Printer printer = new Printer(terminal, json);
        synchronized (running.open()) {
            Node standby = running.node(node);
            requireBare(running);
            Conninfo login = login();
            Member primary = primary(standby, login);
            requireSlot(primary);
            String program = copy(running, standby, primary, printer);
            ServerByHand byHand = running.byHand().server(node);
            byHand.follow(program, shown(login).toString(), slot, Map.of()).forEach(printer::typed);
            running.writePassfile();
            printer.line(node + " is a standby of " + primary.name() + " now, by " + program + ".");
            printer.data(Map.of("node", node, "primary", primary.name(), "by", program));
        }
        return Exit.OK;
    }

    /** Of servers that were set up it is known who follows whom, which must not be done behind that knowledge's back. */
    private static void requireBare(RunningCluster running) {
        MiniCluster cluster = running.cluster();
        if (!cluster.nodes().get(0).member().runtime().isAsInstalled()) {
            throw new MiniClusterException("expected bare servers to make a standby of, but was "
                    + cluster.topology().name() + ", which has those that it was started with; minicluster practice"
                    + " starts bare ones");
        }
    }

    private Conninfo login() {
        try {
            return Conninfo.parse(conninfo);
        } catch (IllegalArgumentException e) {
            // Without the text, which may hold a password.
            throw CommandException.usage(
                    "expected CONNINFO to be pairs such as 'host=... port=... user=...', but was not;"
                            + " minicluster practice shows by which host and port nodes reach each other");
        }
    }

    private static Member primary(Node standby, Conninfo login) {
        Optional<Member> found = Link.publisher(standby.member().runtime(), login);
        if (found.isEmpty() || found.get().name().equals(standby.name())) {
            throw CommandException.usage("expected CONNINFO to lead to another node, but was host="
                    + login.get("host").orElse("") + " port="
                    + login.get("port").orElse("")
                    + (found.isEmpty() ? ", where none is" : ", which is " + standby.name() + " itself")
                    + "; minicluster practice shows by which host and port nodes reach each other");
        }
        Member primary = found.get();
        primary.requireAwake(standby.name() + " is copied from it");
        return primary;
    }

    /** Before anything is deleted. */
    private void requireSlot(Member primary) {
        Optional<SlotState> found = StateReader.slot(primary, slot);
        if (!found.map(SlotState::physical).orElse(false)) {
            throw new MiniClusterException("expected the slot " + slot + " of " + primary.name()
                    + " to be a physical one, but " + (found.isEmpty() ? "there is none" : "was a logical one")
                    + "; SELECT pg_create_physical_replication_slot("
                    + Sql.literal(found.isEmpty() ? slot : node) + ") makes one there");
        }
    }

    /** Returns the program that did it. */
    private String copy(RunningCluster running, Node standby, Member primary, Printer printer) {
        if (standby.isRunning()) {
            standby.stop(StopMode.FAST);
            printer.typed(running.byHand().server(node).stop(StopMode.FAST));
        }
        Member member = standby.member();
        String program = member.server().copyFrom(primary.server(), BaseBackup.following(conninfo, slot));
        member.acted(
                FaultFacts.of(FaultKind.FOLLOW, primary.name(), node), Words.of("proof.started-as-standby", program));
        running.open()
                .keeping(node, OpenFaults.Keeps.RUNNING)
                .ifPresent(numbered -> numbered.fault().heal());
        return program;
    }

    /** Whoever has typed a password knows it; whoever reads over a shoulder need not. */
    private static Conninfo shown(Conninfo login) {
        return login.get("password").isPresent() ? login.with("password", "***") : login;
    }
}
