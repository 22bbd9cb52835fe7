package org.pgminicluster.cli;

import java.nio.file.Path;
import java.util.List;
import org.pgminicluster.cli.byhand.ServerByHand;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.lab.lesson.Texts;
import org.pgminicluster.server.ServerKind;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows, after {@code practice}, how to get at the servers and what is to be done there. */
@Command(name = TaskCommand.NAME, hidden = true)
final class TaskCommand implements ClusterCommand {

    static final String NAME = "task";

    @Parameters(paramLabel = "PASSFILE")
    private String passfile = "";

    @Option(names = "--lang")
    private Language language = Language.EN;

    @Override
    public int run(ClusterSession session, Terminal terminal) {
        RunningCluster running = session.running();
        List<RunningCluster.Address> addresses = List.of(running.addresses());
        ServerByHand first = running.byHand().server(addresses.get(0).node());
        // As the server itself finds it, which works in its data directory.
        Path hba = Path.of(first.data()).relativize(Path.of(first.hba()));
        new PracticeTask(Texts.ofPractice(language), terminal)
                .lines(
                        running.status().description(),
                        addresses,
                        passfile,
                        hba.toString(),
                        first.kind() == ServerKind.CONTAINER)
                .forEach(terminal.out()::println);
        return Exit.OK;
    }
}
