package org.pgminicluster.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.server.ServerKind;

/** A test that needs another version or other servers is skipped with the reason, and no server is started for that. */
class RequirementsTest {

    private static EngineExecutionResults on(String postgres, Class<?> tests) {
        return Runs.with(Map.of("minicluster.postgres", postgres, "minicluster.servers", "process"), tests);
    }

    @Test
    void an_older_version_skips_a_test_and_says_why() {
        assertThat(Runs.skips(on("13", Versions.class)))
                .containsExactlyInAnyOrder(
                        "needs PostgreSQL 16 or later, because origin=none came with 16, but runs on 13",
                        "needs PostgreSQL 14, because only 14 did that, but runs on 13");
    }

    @Test
    void a_newer_version_skips_a_test_and_says_why() {
        assertThat(Runs.skips(on("18", Versions.class)))
                .containsExactlyInAnyOrder(
                        "needs PostgreSQL 14, because only 14 did that, but runs on 18",
                        "needs PostgreSQL 13 to 15, because 16 says it in other words, but runs on 18",
                        "needs PostgreSQL 13 or earlier, because 14 copies in two steps, but runs on 18");
    }

    @Test
    void a_version_within_the_bounds_runs_the_test() {
        assertThat(Runs.successes(on("16", Versions.class))).containsExactly("from16()");
        assertThat(Runs.successes(on("14", Versions.class))).containsExactly("from13To15()", "only14()");
        assertThat(Runs.successes(on("13", Versions.class))).containsExactly("from13To15()", "upTo13()");
    }

    @Test
    void the_tag_of_an_image_tells_the_version() {
        assertThat(Runs.successes(on("postgres:14-alpine", Versions.class)))
                .containsExactly("from13To15()", "only14()");
        assertThat(Runs.successes(on("localhost:5000/pgvector/pgvector:pg16", Versions.class)))
                .containsExactly("from16()");
    }

    @Test
    void an_image_that_does_not_tell_its_version_skips_nothing() {
        EngineExecutionResults results = on("acme/database:latest", Versions.class);
        assertThat(Runs.skips(results)).isEmpty();
        assertThat(Runs.successes(results)).hasSize(4);
    }

    static class Versions {
        @Test
        @RequiresPostgres(min = 16, because = "origin=none came with 16")
        void from16() {}

        @Test
        @RequiresPostgres(min = 14, max = 14, because = "only 14 did that")
        void only14() {}

        @Test
        @RequiresPostgres(min = 13, max = 15, because = "16 says it in other words")
        void from13To15() {}

        @Test
        @RequiresPostgres(max = 13, because = "14 copies in two steps")
        void upTo13() {}
    }

    @Test
    void a_class_is_skipped_as_a_whole_with_what_is_nested_in_it() {
        EngineExecutionResults results = on("13", WholeClass.class);
        assertThat(Runs.skips(results))
                .containsExactly("needs PostgreSQL 15 or later, because row filters came with 15, but runs on 13");
        assertThat(results.testEvents().started().count()).isZero();
    }

    @MiniClusterTest
    @Homework
    @RequiresPostgres(min = 15, because = "row filters came with 15")
    static class WholeClass {
        @Test
        void test(Node vm1) {}

        @Nested
        class Inner {
            @Test
            void test(Node vm1) {}
        }
    }

    @Test
    void other_servers_skip_a_test_and_say_why() {
        EngineExecutionResults results =
                Runs.with(Map.of("minicluster.servers", "process", "minicluster.cache", "/proc/none"), Servers.class);
        assertThat(Runs.skips(results))
                .containsExactly("needs servers in containers, because a network is cut, but runs them as processes");
        assertThat(Runs.successes(results)).containsExactly("process()");
    }

    static class Servers {
        @Test
        @RequiresServers(value = ServerKind.CONTAINER, because = "a network is cut")
        void container() {}

        @Test
        @RequiresServers(value = ServerKind.PROCESS, because = "a file is written into a data directory")
        void process() {}
    }

    @Test
    void a_program_that_is_not_installed_skips_a_test_and_says_what_to_do(@TempDir Path empty) throws IOException {
        Path pretended = Files.writeString(empty.resolve("pg_dump"), "#!/bin/sh\necho 'pg_dump (PostgreSQL) 14.2'\n");
        assertThat(pretended.toFile().setExecutable(true)).isTrue();
        EngineExecutionResults results = Runs.with(
                Map.of(
                        "minicluster.servers", "process",
                        "minicluster.postgres", "14",
                        "minicluster.programs", empty.toString()),
                Programs.class);
        assertThat(Runs.successes(results)).containsExactly("dump()");
        assertThat(Runs.skips(results))
                .containsExactly("needs pg_restore for PostgreSQL 14 or later, which is not in " + empty + INSTALL);

        assertThat(Runs.skips(Runs.with(
                        Map.of(
                                "minicluster.servers", "process",
                                "minicluster.postgres", "15",
                                "minicluster.programs", empty.toString()),
                        Programs.class)))
                .containsExactlyInAnyOrder(
                        "needs pg_dump for PostgreSQL 15 or later, which is not in " + empty + INSTALL,
                        "needs pg_dump for PostgreSQL 15 or later, which is not in " + empty + INSTALL);
    }

    private static final String INSTALL = "; install postgresql-client, say where it is with"
            + " -Dminicluster.programs=DIRECTORY, or run with -Dminicluster.servers=container";

    static class Programs {
        @Test
        @RequiresProgram("pg_dump")
        void dump() {}

        @Test
        @RequiresProgram({"pg_dump", "pg_restore"})
        void dumpAndRestore() {}
    }

    @Test
    void a_requirement_without_a_reason_or_a_meaning_is_refused() {
        assertThat(Runs.failures(on("13", Wrong.class)))
                .containsExactlyInAnyOrder(
                        failed(
                                "PostgresCondition",
                                "Postgres on blank() to have a reason, but because is blank; say what"
                                        + " it needs that other versions lack"),
                        failed(
                                "PostgresCondition",
                                "Postgres on crossed() to have a min that is not above its max, but"
                                        + " they are 16 and 13"),
                        failed("PostgresCondition", "Postgres on boundless() to have a min or a max, but has neither"),
                        failed(
                                "ServersCondition",
                                "Servers on blankServers() to have a reason, but because is blank; say"
                                        + " what it needs that other servers lack"));
    }

    private static String failed(String condition, String message) {
        return "Failed to evaluate condition [org.pgminicluster.junit." + condition + "]: expected @Requires" + message;
    }

    static class Wrong {
        @Test
        @RequiresPostgres(min = 16, because = " ")
        void blank() {}

        @Test
        @RequiresPostgres(min = 16, max = 13, because = "of a mistake")
        void crossed() {}

        @Test
        @RequiresPostgres(because = "of a mistake")
        void boundless() {}

        @Test
        @RequiresServers(value = ServerKind.CONTAINER, because = "")
        void blankServers() {}
    }
}
