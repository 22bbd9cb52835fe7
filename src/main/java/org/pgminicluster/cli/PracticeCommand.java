package org.pgminicluster.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.pgminicluster.lab.lesson.Language;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts the homework's servers with nothing on them, and says what is to be done there. */
@Command(
        name = "practice",
        description = "Start bare servers to do the homework on yourself.",
        footer = {
            "%nvm1 to vm4 are as freshly installed, and stay up. What is up already stays as it",
            "is, and the task is printed again. minicluster down ends it."
        })
final class PracticeCommand implements Callable<Integer> {

    private final Context context;

    @Mixin
    private final ServerOptions servers = new ServerOptions();

    @Option(names = "--lang", paramLabel = "LANG", description = "The task's language: en or ru.")
    private Language language = Language.EN;

    PracticeCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Language readable = LessonOptions.readable(language, context);
        new StartUnlessUp(context, servers, Topologies.PRACTICE).run(readable, true, () -> show(readable));
        return Exit.OK;
    }

    private void show(Language readable) {
        String passfile =
                context.shown(ClusterDirectory.in(servers.settings(context)).passfile());
        context.terminal().out().println();
        try (DaemonClient daemon = DaemonClient.connect(context)) {
            daemon.send(List.of(TaskCommand.NAME, "--lang", readable.code(), "--", passfile));
        }
    }
}
