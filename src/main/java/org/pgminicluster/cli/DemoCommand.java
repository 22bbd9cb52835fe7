package org.pgminicluster.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.pgminicluster.lab.Lab;
import org.pgminicluster.lab.LabOptions;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.lab.lesson.Texts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The homework as a lesson, on servers of its own, with a report at the end. */
@Command(
        name = "demo",
        description = "Tell the homework step by step, and write a report.",
        footer = {
            "%nThe chapters: create-database, wal-level, pg-hba, roles, tables, first-rows,",
            "guards, publications, cross, clash, own-names, later, change, truncate, direct,",
            "through, compare, dump, base-backup, standby, failover, rejoin."
        })
final class DemoCommand implements Callable<Integer> {

    private final Context context;

    @Mixin
    private final ServerOptions servers = new ServerOptions();

    @Option(names = "--standby", hidden = true, description = "It always has one.")
    private boolean standby;

    @Option(names = "--from", paramLabel = "CHAPTER", description = "Do what comes before it without telling it.")
    private String from = "";

    @Option(names = "--until", paramLabel = "CHAPTER", description = "End after it.")
    private String until = "";

    @Mixin
    private final LessonOptions lesson = new LessonOptions();

    DemoCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        requireChapter("--from", from);
        requireChapter("--until", until);
        List<String> chapters = Lab.chapters();
        if (!from.isEmpty() && !until.isEmpty() && chapters.indexOf(until) < chapters.indexOf(from)) {
            throw CommandException.usage("expected --until to name a chapter that does not come before that of --from,"
                    + " but " + until + " comes before " + from);
        }
        servers.setProperties(context);
        Language language = lesson.language(context);
        Path results = context.settings().directory();
        RunDirectory.requireWritable(results);
        RunDirectory run = RunDirectory.of(results, "demo");
        String command = "minicluster demo"
                + (from.isEmpty() ? "" : " --from " + from)
                + (until.isEmpty() ? "" : " --until " + until);
        LabOptions options = lesson.of(
                        language, run.name(), Texts.ofHomework(language).get("title"), command + servers.repeated())
                .chapters(given(from), given(until));
        PrintStream out = context.terminal().out();
        int exit = CtrlC.during(context.terminal(), in -> run.made(() -> Lab.demo(options, out, in)));
        run.report(language, context);
        return exit;
    }

    private static void requireChapter(String option, String typed) {
        if (!typed.isEmpty() && !Lab.chapters().contains(typed)) {
            throw CommandException.usage("expected " + option + " to name a chapter, but was \"" + typed
                    + "\"; chapters are " + String.join(", ", Lab.chapters()));
        }
    }

    private static Optional<String> given(String chapter) {
        return Optional.of(chapter).filter(typed -> !typed.isEmpty());
    }
}
