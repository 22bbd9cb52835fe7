package org.pgminicluster.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.journal.JournalFile;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.journal.Trace.Verdict;
import org.pgminicluster.lab.check.CheckedNode;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.report.Report;

/**
 * What a check has come to as a run like any other: a journal, and the page that somebody hands in.
 *
 * @param title of the page
 * @param command what was typed
 */
record CheckRecord(Language language, String title, String command) {

    /** The words of the point that has the versions of all servers. */
    private static final String VERSIONS = "servers-done";

    /**
     * Writes journal and report.
     *
     * @param written what was tried and taken back, in words
     * @return the page
     */
    Path write(List<CheckedNode> nodes, CheckView.Data result, String written, Path results) {
        RunDirectory run = RunDirectory.of(results, "check");
        run.made(() -> {
            Journal journal = new Journal();
            try (JournalFile file = JournalFile.record(journal, run.journal())) {
                record(nodes, result, written, journal);
            }
            return Exit.OK;
        });
        return run.writeReport(language);
    }

    private void record(List<CheckedNode> nodes, CheckView.Data result, String written, Journal journal) {
        String at = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        journal.add(null, new Trace.Run(title, command, at, language.code()));
        journal.add(
                null, new Trace.Examined(nodes.stream().map(CheckRecord::place).toList(), versions(result), written));
        result.points()
                .forEach(point -> journal.add(
                        null,
                        new Trace.Judged(
                                point.title(),
                                verdict(point.verdict()),
                                point.why(),
                                point.findings().stream()
                                        .map(seen -> new Trace.Sighting(
                                                verdict(seen.verdict()), seen.seen(), seen.explained()))
                                        .toList())));
    }

    private static Trace.Place place(CheckedNode node) {
        @Nullable String database = node.isFixed() ? node.database() : null;
        return new Trace.Place(node.name(), node.address().toString(), node.user(), database == null ? "" : database);
    }

    private static Verdict verdict(String word) {
        return Verdict.valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    private static String versions(CheckView.Data result) {
        Optional<String> said = result.points().stream()
                .flatMap(point -> point.findings().stream())
                .filter(finding -> finding.id().equals(VERSIONS))
                .map(CheckView.FindingData::seen)
                .findFirst();
        return said.map(it -> it.replaceFirst("\\A.*?PostgreSQL ", "").replaceFirst("\\.\\z", ""))
                .orElse("");
    }

    /** A copy for somebody who has said where: Markdown by its name, else the page. */
    Path copy(Path page, Path target) {
        Report report = Report.of(page.resolveSibling(RunDirectory.JOURNAL)).in(language.locale());
        if (target.toString().toLowerCase(Locale.ROOT).endsWith(".md")) {
            report.writeMarkdown(target);
        } else {
            report.writeHtml(target);
        }
        return target;
    }
}
