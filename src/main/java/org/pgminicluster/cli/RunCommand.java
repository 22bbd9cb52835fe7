package org.pgminicluster.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.pgminicluster.lab.Lab;
import org.pgminicluster.lab.LabOptions;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Texts;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Makes problems happen, each on servers of its own, cures them and proves the cure. */
@Command(
        name = "run",
        description = "Make a problem happen, cure it, prove the cure.",
        footer = "%nminicluster list has their names.")
final class RunCommand implements Callable<Integer> {

    private final Context context;

    @Parameters(paramLabel = "PROBLEM", arity = "1..*", description = "Such as slot-name-clash.")
    private List<String> ids = new ArrayList<>();

    @Mixin
    private final ServerOptions servers = new ServerOptions();

    @Mixin
    private final LessonOptions lesson = new LessonOptions();

    RunCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        List<Problem> problems = ids.stream().map(Catalogue::problem).toList();
        Language language = lesson.language(context);
        Texts texts = Texts.ofProblems(language);
        servers.setProperties(context);
        Path results = context.settings().directory();
        RunDirectory.requireWritable(results);
        int exit = Exit.OK;
        for (Problem problem : problems) {
            exit = Exit.worse(exit, run(problem, texts, results, language));
        }
        return exit;
    }

    private int run(Problem problem, Texts texts, Path results, Language language) throws InterruptedException {
        RunDirectory run = RunDirectory.of(results, problem.id());
        LabOptions options = lesson.of(
                language,
                run.name(),
                texts.get(problem.id() + ".title"),
                "minicluster run " + problem.id() + servers.repeated());
        int exit = CtrlC.during(
                context.terminal(),
                in -> run.made(
                        () -> Lab.run(problem, options, context.terminal().out(), in)));
        run.report(language, context);
        return exit;
    }
}
