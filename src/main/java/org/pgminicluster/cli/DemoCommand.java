package org.pgminicluster.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.pgminicluster.lab.Lab;
import org.pgminicluster.lab.lesson.Language;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The homework as a lesson, on servers of its own, with a report at the end. */
@Command(name = "demo", description = "Tell the homework step by step, and write a report.")
final class DemoCommand implements Callable<Integer> {

    private final Context context;

    @Mixin
    private final ServerOptions servers = new ServerOptions();

    @Mixin
    private final LessonOptions lesson = new LessonOptions();

    DemoCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        servers.setProperties(context);
        Language language = lesson.language(context);
        Path results = context.settings().directory();
        RunDirectory.requireWritable(results);
        RunDirectory run = RunDirectory.of(results, "demo");
        int exit = Lab.demo(
                lesson.of(language, run.name(), "The homework", "minicluster demo" + servers.repeated()),
                context.terminal().out(),
                context.terminal().in());
        run.report(language, context);
        return exit;
    }
}
