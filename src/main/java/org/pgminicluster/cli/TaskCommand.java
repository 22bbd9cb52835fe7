package org.pgminicluster.cli;

import java.nio.file.Path;
import java.util.List;
import org.pgminicluster.cli.byhand.ServerByHand;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.lab.lesson.Texts;
import org.pgminicluster.lab.practice.PracticeLesson;
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
        if (running.lesson().isPresent()) {
            new LessonTask(running.lesson().get(), language, terminal)
                    .lines(running, title(running), passfile)
                    .forEach(terminal.out()::println);
            return Exit.OK;
        }
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

    /** The lesson in the place of the topology. */
    private static String title(RunningCluster running) {
        String lesson = running.lesson().map(PracticeLesson::name).orElse("");
        return "lesson " + lesson + running.status().description().replaceFirst("^[^:]*", "");
    }
}
