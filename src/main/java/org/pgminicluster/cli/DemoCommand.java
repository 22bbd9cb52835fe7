package org.pgminicluster.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.pgminicluster.lab.Lab;
import org.pgminicluster.lab.LabOptions;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.lab.lesson.Texts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The homework as a lesson, on servers of its own, with a report at the end. */
@Command(name = "demo", description = "Tell the homework step by step, and write a report.")
final class DemoCommand implements Callable<Integer> {

    private final Context context;

    @Mixin
    private final ServerOptions servers = new ServerOptions();

    @Option(names = "--standby", description = "With vm4 as a hot standby of vm3, which is lost at the end.")
    private boolean standby;

    @Mixin
    private final LessonOptions lesson = new LessonOptions();

    DemoCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        servers.setProperties(context);
        Language language = lesson.language(context);
        Path results = context.settings().directory();
        RunDirectory.requireWritable(results);
        RunDirectory run = RunDirectory.of(results, "demo");
        LabOptions options = lesson.of(
                language,
                run.name(),
                Texts.ofHomework(language).get("title"),
                "minicluster demo" + (standby ? " --standby" : "") + servers.repeated());
        PrintStream out = context.terminal().out();
        int exit = CtrlC.during(
                context.terminal(),
                in -> run.made(() -> standby ? Lab.demoWithStandby(options, out, in) : Lab.demo(options, out, in)));
        run.report(language, context);
        return exit;
    }
}
