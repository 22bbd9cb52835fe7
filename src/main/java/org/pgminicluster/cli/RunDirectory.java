package org.pgminicluster.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntSupplier;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.lab.lesson.Texts;
import org.pgminicluster.report.Report;

/** Where one run of a lesson is written, its report too; {@code latest} points to the last one. */
record RunDirectory(Path results, String name) {

    static final String LATEST = "latest";
    static final String JOURNAL = "journal.jsonl";

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    static RunDirectory of(Path results, String what) {
        return new RunDirectory(results, LocalDateTime.now().format(STAMP) + "-" + what);
    }

    /** The names of all runs that have a journal, the last one first. */
    static List<String> all(Path results) {
        List<Path> runs = new ArrayList<>();
        if (Files.isDirectory(results)) {
            try (DirectoryStream<Path> directories = Files.newDirectoryStream(results)) {
                for (Path directory : directories) {
                    if (!Files.isSymbolicLink(directory) && Files.exists(directory.resolve(JOURNAL))) {
                        runs.add(directory);
                    }
                }
            } catch (IOException e) {
                throw new EnvironmentException("expected " + results + " to be readable, but was not (" + e + ")", e);
            }
        }
        return runs.stream()
                .sorted(Comparator.comparing(RunDirectory::changed).reversed())
                .map(run -> run.getFileName().toString())
                .toList();
    }

    private static java.time.Instant changed(Path run) {
        try {
            return Files.getLastModifiedTime(run.resolve(JOURNAL)).toInstant();
        } catch (IOException e) {
            return java.time.Instant.EPOCH;
        }
    }

    Path path() {
        return results.resolve(name);
    }

    Path journal() {
        return path().resolve(JOURNAL);
    }

    /** Does what writes into it, and lets nobody else read that. */
    int made(IntSupplier work) {
        try {
            OwnerOnly.directory(path());
            try {
                return work.getAsInt();
            } finally {
                OwnerOnly.filesIn(path());
                if (!Files.exists(journal())) {
                    // Nothing was started, and the reason has been said.
                    Files.delete(path());
                }
            }
        } catch (IOException e) {
            throw unwritable(path(), e);
        }
    }

    /** Writes both forms of the report, says where, and lets {@code latest} point here. */
    void report(Language language, Context context) {
        if (!Files.exists(journal())) {
            return;
        }
        Path html = writeReport(language);
        context.terminal().out().println();
        context.terminal().out().println(Texts.ofLab(language).get("report", context.shown(html)));
    }

    /** The same without a word. */
    Path writeReport(Language language) {
        Report report = Report.of(journal()).in(language.locale());
        Path html = path().resolve("report.html");
        report.writeHtml(html);
        report.writeMarkdown(path().resolve("report.md"));
        closeToOthers();
        pointHere();
        return html;
    }

    private void closeToOthers() {
        try {
            OwnerOnly.filesIn(path());
        } catch (IOException e) {
            throw unwritable(path(), e);
        }
    }

    /** Where links cannot be made, the last run is found by its time. */
    private void pointHere() {
        Path link = results.resolve(LATEST);
        try {
            if (Files.isSymbolicLink(link) || !Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                Files.deleteIfExists(link);
                Files.createSymbolicLink(link, Path.of(name));
            }
        } catch (IOException | UnsupportedOperationException e) {
            // As said.
        }
    }

    /** The run of that name, or the last one, or the one that a path names. */
    static Path find(Path results, String typed) {
        Path given = Path.of(typed);
        if (!typed.isEmpty() && Files.isRegularFile(given)) {
            return given;
        }
        if (!typed.isEmpty() && Files.exists(given.resolve(JOURNAL))) {
            return given.resolve(JOURNAL);
        }
        List<String> known = all(results);
        if (known.isEmpty()) {
            throw CommandException.inconclusive(
                    "expected a run to be in " + results + ", but was none; make one with minicluster demo");
        }
        if (typed.isEmpty() || typed.equals(LATEST)) {
            return results.resolve(known.get(0)).resolve(JOURNAL);
        }
        // The last one of that kind, such as demo, if it is not the whole name.
        return known.stream()
                .filter(name -> name.equals(typed) || name.endsWith("-" + typed))
                .findFirst()
                .map(name -> results.resolve(name).resolve(JOURNAL))
                .orElseThrow(() -> Nearest.unknown("the run", typed, known));
    }

    /** @throws MiniClusterException if nothing can be written there */
    static void requireWritable(Path results) {
        try {
            Files.createDirectories(results);
        } catch (IOException e) {
            throw unwritable(results, e);
        }
    }

    private static EnvironmentException unwritable(Path directory, IOException e) {
        return new EnvironmentException(
                "expected the directory " + directory + " to be writable, but was not (" + e
                        + "); choose another with -Dminicluster.directory=DIRECTORY",
                e);
    }
}
