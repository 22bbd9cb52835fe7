package org.pgminicluster.lab;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Texts;

/** docs/problems.md: what the runs of all problems have recorded. */
final class ProblemsPage {

    private final Texts texts = Texts.ofProblems(Language.EN);
    private final PageMask mask = new PageMask();
    private final Map<String, Run> runs;
    private final int major;

    /**
     * What was recorded of one problem.
     *
     * @param names the addresses that its nodes had, as a conninfo has them, each with what stands there where every node
     *     has a machine of its own
     */
    record Run(List<Entry> entries, Map<String, String> names) {}

    ProblemsPage(Map<String, Run> runs, int major) {
        this.runs = runs;
        this.major = major;
    }

    String text() {
        return HEAD.formatted(major, list())
                + Lab.problems().stream().map(this::section).collect(Collectors.joining("\n"))
                + TAIL;
    }

    private String list() {
        return Lab.problems().stream()
                .map(problem -> "- [%s](#%s)\n".formatted(title(problem), problem.id()))
                .collect(Collectors.joining());
    }

    private String title(Problem problem) {
        return texts.get(problem.id() + ".title");
    }

    private String section(Problem problem) {
        Run run = runs.getOrDefault(problem.id(), new Run(List.of(), Map.of()));
        UnaryOperator<String> named = PageStory.named(run.names());
        UnaryOperator<String> masked = text -> mask.mask(named.apply(text));
        PageStory story = new PageStory(run.entries(), problem.topology(), masked);
        String stage = PageStage.of(problem.topology()).stream().map(masked).collect(Collectors.joining("\n"));
        String majors = texts.find(problem.id() + ".majors")
                .map(differs -> "\n**Other majors.** " + differs + "\n")
                .orElse("");
        return """

                <a id="%s"></a>

                ## %s

                %s

                <details><summary>What is typed first, on bare servers</summary>

                %s
                </details>

                **What happens**

                %s
                **Why.** %s

                **What helps.** %s

                %s%s
                Scenario: `ProblemsIT`, `%s`. Manual: [%s](%s).
                """.formatted(
                        problem.id(),
                        title(problem),
                        texts.get(problem.id() + ".question"),
                        PageStory.block("sql", stage),
                        story.happening(),
                        texts.get(problem.id() + ".cause"),
                        texts.get(problem.id() + ".cure"),
                        story.cure(),
                        majors,
                        problem.id(),
                        problem.page(),
                        problem.manual(major));
    }

    private static final String HEAD = """
            # Problems that people meet

            Each of these was made to happen on real servers, PostgreSQL %s, cured there, and the cure was proved by a row
            that arrived. What servers say is quoted from that run; only what differs from run to run is masked, such as
            `<LSN>` and `<address>`. This page is written by `ProblemsIT`; do not edit it by hand. `ProblemsByHandIT` types
            what it says on bare servers, and looks whether these say the same.

            To type one of them yourself, from its first line to its last, take a machine for each node, named `vm1`, `vm2`
            and so on, with a fresh server that nobody else uses. Its `postgresql.conf` has

            ```
            listen_addresses = '*'
            log_line_prefix = '%%m [%%p] %%b '
            ```

            A node that is a standby has an empty `$PGDATA` and no server yet. `vm1 $` is a shell there, as the user who runs
            the server, with `PGDATA` set; its `~/.pgpass` has the line `*:*:*:*:PASSWORD`, and that is what you answer to
            `\\password`. `/* vm1 # */` is psql there, as the superuser, in the database `rep`. For `<LSN>` in a statement
            put what `SELECT pg_current_wal_lsn();` says on vm1 at that moment.

            %s""";

    private static final String TAIL = """

            ## What is not covered

            - **Power loss.** The servers run with `fsync = off` and are ended by signals. What the disk would have lost
              is never lost here, so nothing on this page says what survives when the power fails.
            - **The clock.** No clock is set back or forward. What depends on time stamps, such as which of two conflicting
              rows is newer, is not shown.
            - **Disks that are full, and broken data.** A slot that keeps WAL is shown; a publisher that stops because
              of it is not.
            """;
}
