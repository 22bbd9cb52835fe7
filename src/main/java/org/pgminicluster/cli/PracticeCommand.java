package org.pgminicluster.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.lab.lesson.Texts;
import org.pgminicluster.lab.practice.Lessons;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts servers on which something is to be done by hand, the homework or another lesson, and says what. */
@Command(
        name = "practice",
        description = "Start servers to do the homework or another lesson on yourself.",
        footer = {
            "%nFor the homework, vm1 to vm4 are as freshly installed. Other lessons begin with",
            "something that is broken, or is to be changed. Servers stay up: what is up",
            "already stays as it is, and the task is printed again. minicluster check says",
            "how far you are, minicluster down ends it. docs/lessons.md says how to write",
            "a lesson of one's own."
        })
final class PracticeCommand implements Callable<Integer> {

    private final Context context;

    @Mixin
    private final ServerOptions servers = new ServerOptions();

    @Option(names = "--lang", paramLabel = "LANG", description = "The task's language: en or ru.")
    private Language language = Language.EN;

    @Option(names = "--lesson", paramLabel = "NAME", description = "A lesson's name or its file; else the homework.")
    private String lesson = LessonChoice.HOMEWORK;

    @Option(names = "--list", description = "List the lessons, and start nothing.")
    private boolean list;

    @Option(
            names = "--validate",
            paramLabel = "FILE",
            description = "Look whether a file is a lesson, and start nothing.")
    private @Nullable Path validated;

    PracticeCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Language readable = LessonOptions.readable(language, context);
        if (list) {
            list(readable);
        } else if (validated != null) {
            validate(validated);
        } else {
            start(readable);
        }
        return Exit.OK;
    }

    private void start(Language readable) {
        @Nullable LessonChoice choice = LessonChoice.of(lesson);
        @Nullable LessonWish wish = null;
        if (choice != null) {
            String name = choice.lesson().name();
            @Nullable
            String file = Lessons.names().contains(lesson)
                    ? null
                    : Path.of(lesson).toAbsolutePath().toString();
            wish = new LessonWish(name, file, LessonMajors.newer(choice.lesson(), servers.settings(context), context));
        }
        new StartUnlessUp(context, servers, Topologies.PRACTICE, wish).run(readable, true, () -> show(readable));
    }

    private void list(Language readable) {
        Texts texts = Texts.ofLessons(readable);
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(LessonChoice.HOMEWORK, texts.get("homework.title")));
        Lessons.names()
                .forEach(name ->
                        rows.add(List.of(name, Lessons.named(name).title().in(readable))));
        int widest = rows.stream().mapToInt(row -> row.get(0).length()).max().orElse(0);
        rows.forEach(row -> context.terminal()
                .out()
                .println(row.get(0) + " ".repeat(widest - row.get(0).length() + 2) + row.get(1)));
        context.terminal().out().println();
        context.terminal().out().println(texts.get("list.more"));
    }

    private void validate(Path file) {
        LessonChoice choice = LessonChoice.ofFile(file);
        context.terminal()
                .out()
                .println(file + " is a lesson: " + choice.lesson().points().size() + " points, "
                        + choice.lesson().start().size() + " steps to begin with");
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
