package org.pgminicluster.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.report.Report;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Draws the report of a run again, from its journal alone. */
@Command(
        name = "report",
        description = "Write the report of a run, from its journal.",
        footer = {"%nNo server is needed. A damaged journal gives a report of what is left of it."})
final class ReportCommand implements Callable<Integer> {

    /** What a report can be. */
    enum Format {
        HTML,
        MD,
        JSON
    }

    private final Context context;

    @Parameters(
            paramLabel = "RUN",
            arity = "0..1",
            description = "A run's name or journal; the last one if not said, up for the cluster that is up.")
    private String run = "";

    @Option(names = "--format", paramLabel = "FORMAT", description = "html (if not said), md, or json: the journal.")
    private Format format = Format.HTML;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to; beside the journal if not said, - for the output.")
    private @Nullable Path output;

    @Option(names = "--lang", paramLabel = "LANG", description = "en or ru; that of the run if not said.")
    private @Nullable Language language;

    @Option(names = "--list", description = "List the runs that there are, the last one first.")
    private boolean list;

    @Option(names = "--json", description = "The list as JSON.")
    private boolean json;

    ReportCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Path results = context.settings().directory();
        if (list) {
            list(results);
            return Exit.OK;
        }
        if (json) {
            throw CommandException.usage(
                    "expected --json to be given with --list, but was given alone; --format json prints the journal");
        }
        Path journal = RunDirectory.find(results, run);
        noteIfUp(journal);
        if (format == Format.JSON) {
            context.terminal().document(read(journal));
            return Exit.OK;
        }
        Report report = inLanguage(Report.of(journal));
        if (report.isEmpty()) {
            throw CommandException.inconclusive("expected " + journal
                    + " to be a journal, but holds no entry that can be read; name the journal.jsonl of a run");
        }
        report.damage().ifPresent(context.terminal().err()::println);
        if (output != null && output.toString().equals("-")) {
            context.terminal().document(format == Format.MD ? report.markdown() : report.html());
            return Exit.OK;
        }
        Path file = output != null ? output : journal.resolveSibling("report." + CommandRunner.word(format));
        if (format == Format.MD) {
            report.writeMarkdown(file);
        } else {
            report.writeHtml(file);
        }
        if (output == null) {
            closeToOthers(file);
        }
        context.terminal().out().println("Report: " + context.shown(file));
        return Exit.OK;
    }

    /** What was made since it was started is in nobody's journal but by a look. */
    private void noteIfUp(Path journal) {
        Optional<DaemonState> up = context.directory().state().filter(state -> !state.isGone());
        if (up.isPresent() && isSame(journal, context.directory().journal())) {
            try (DaemonClient daemon = DaemonClient.connect(context)) {
                daemon.send(List.of(NoteCommand.NAME));
            } catch (CommandException e) {
                context.terminal().err().println(e.getMessage());
            }
        }
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.exists(other) && Files.isSameFile(one, other);
        } catch (IOException e) {
            return false;
        }
    }

    private Report inLanguage(Report report) {
        return language == null
                ? report
                : report.in(LessonOptions.readable(language, context).locale());
    }

    private static void closeToOthers(Path file) {
        try {
            OwnerOnly.made(file);
        } catch (IOException e) {
            throw new EnvironmentException("expected " + file + " to be one's own, but was not (" + e + ")", e);
        }
    }

    /** @param journal what {@code report} takes, too */
    record Listed(String run, String journal) {}

    private void list(Path results) {
        List<String> runs = RunDirectory.all(results);
        if (json) {
            List<Listed> listed = runs.stream()
                    .map(name -> new Listed(
                            name, new RunDirectory(results, name).journal().toString()))
                    .toList();
            context.terminal().json(listed);
        } else {
            runs.forEach(context.terminal().out()::println);
        }
    }

    private static String read(Path journal) {
        try {
            return Files.readString(journal);
        } catch (IOException e) {
            throw new EnvironmentException("expected " + journal + " to be readable, but was not (" + e + ")", e);
        }
    }
}
