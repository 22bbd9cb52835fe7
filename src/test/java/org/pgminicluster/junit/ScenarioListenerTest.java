package org.pgminicluster.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractListAssert;
import org.assertj.core.api.ObjectAssert;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.junit.ScenarioSamples.Behaviours;
import org.pgminicluster.junit.ScenarioSamples.BrokenAfter;
import org.pgminicluster.junit.ScenarioSamples.BrokenBefore;
import org.pgminicluster.junit.ScenarioSamples.OnlyInTheSecondPart;
import org.pgminicluster.junit.ScenarioSamples.Ordinary;
import org.pgminicluster.junit.ScenarioSamples.Outcomes;
import org.pgminicluster.junit.ScenarioSamples.Parameterized;
import org.pgminicluster.junit.ScenarioSamples.Reads;
import org.pgminicluster.junit.ScenarioSamples.Skipped;

/** What comes to be written in {@code scenarios.json}. */
class ScenarioListenerTest {

    @TempDir
    Path directory;

    @Test
    void every_outcome_is_written_with_its_reason() throws IOException {
        run("one", Outcomes.class);

        results("scenario", "outcome", "reason")
                .containsExactlyInAnyOrder(
                        tuple(in(Outcomes.class, "passes"), "passed", null),
                        tuple(in(Outcomes.class, "fails"), "failed", "java.lang.IllegalStateException: broken"),
                        tuple(in(Outcomes.class, "aborts"), "aborted", "not here"),
                        tuple(
                                in(Outcomes.class, "is_skipped"),
                                "skipped",
                                ScenarioSamples.UNMET + "needs another JVM"));
    }

    @Test
    void the_line_of_the_test_where_it_failed_is_written() throws IOException {
        run("one", Outcomes.class);

        results("scenario", "place")
                .contains(tuple(in(Outcomes.class, "passes"), null), tuple(in(Outcomes.class, "is_skipped"), null))
                .anySatisfy(fails -> assertThat(String.valueOf(fails.toList().get(1)))
                        .matches("org\\.pgminicluster\\.junit\\.ScenarioSamples\\$Outcomes\\.fails"
                                + "\\(ScenarioSamples\\.java:\\d+\\)"));
    }

    @Test
    void servers_and_version_are_those_that_were_published() throws IOException {
        run("one", Outcomes.class);

        results("scenario", "postgres", "servers", "logs")
                .contains(
                        tuple(in(Outcomes.class, "passes"), "13.23", "process", "/logs"),
                        tuple(in(Outcomes.class, "fails"), null, null, null));
    }

    @Test
    void behaviours_are_those_of_the_method_and_its_classes() throws IOException {
        run("one", Behaviours.class);

        results("scenario", "behaviours")
                .containsExactlyInAnyOrder(
                        tuple(in(Behaviours.class, "of_both"), List.of("method", "another", "class")),
                        tuple(in(Behaviours.class, "of_the_class"), List.of("class")),
                        tuple(in(Behaviours.Inner.class, "of_all_around"), List.of("inner", "class")));
    }

    @Test
    void every_invocation_of_a_parameterized_test_is_written_with_the_methods_name() throws IOException {
        run("one", Parameterized.class);

        results("scenario", "displayName", "outcome")
                .containsExactlyInAnyOrder(
                        tuple(in(Parameterized.class, "takes_a_number"), "takes a number [1] number = 7", "passed"),
                        tuple(in(Parameterized.class, "takes_a_number"), "takes a number [2] number = 8", "failed"),
                        tuple(in(Parameterized.class, "has_no_source"), "has no source", "failed"));
    }

    @Test
    void what_a_broken_class_did_not_reach_has_failed() throws IOException {
        run("one", BrokenBefore.class);

        results("scenario", "outcome", "reason")
                .containsExactly(tuple(
                        in(BrokenBefore.class, "never_runs"), "failed", "java.lang.IllegalStateException: before"));
    }

    @Test
    void a_class_that_breaks_after_its_tests_has_failed_itself() throws IOException {
        run("one", BrokenAfter.class);

        results("scenario", "outcome", "reason")
                .containsExactlyInAnyOrder(
                        tuple(in(BrokenAfter.class, "passes"), "passed", null),
                        tuple(BrokenAfter.class.getName(), "failed", "java.lang.IllegalStateException: after"));
    }

    @Test
    void a_skipped_class_skips_each_of_its_tests() throws IOException {
        run("one", Skipped.class);

        results("scenario", "outcome", "reason")
                .containsExactlyInAnyOrder(
                        tuple(in(Skipped.class, "one"), "skipped", ScenarioSamples.UNMET + "none of it"),
                        tuple(in(Skipped.class, "parameterized"), "skipped", ScenarioSamples.UNMET + "none of it"));
    }

    @Test
    void tests_without_a_cluster_are_not_written() {
        assertThat(run("one", Ordinary.class)).isEmpty();
        assertThat(directory.resolve("results")).doesNotExist();
    }

    @Test
    void the_parts_of_one_run_add_up() throws IOException {
        run("one", BrokenAfter.class);
        run("one", Skipped.class);

        results("outcome").hasSize(4);
    }

    @Test
    void the_summary_is_of_all_parts_of_the_run() {
        run("one", BrokenAfter.class);

        assertThat(run("one", BrokenBefore.class))
                .containsExactly(
                        "3 scenarios: 1 passed, 2 failed, 0 skipped; see "
                                + directory.resolve("results").resolve("scenarios.json"),
                        "what happened in each is in "
                                + directory.resolve("results").resolve("report").resolve("index.html"));
    }

    @Test
    void an_earlier_run_is_replaced() throws IOException {
        run("one", BrokenAfter.class);
        run("two", Skipped.class);

        results("outcome").containsExactly(tuple("skipped"), tuple("skipped"));
    }

    @Test
    void of_a_test_that_ran_twice_in_one_run_the_later_result_counts() throws IOException {
        run("one", OnlyInTheSecondPart.class);
        results("outcome").containsExactly(tuple("failed"));
        System.setProperty(OnlyInTheSecondPart.class.getName(), "true");
        try {
            run("one", OnlyInTheSecondPart.class);
        } finally {
            System.clearProperty(OnlyInTheSecondPart.class.getName());
        }

        results("outcome").containsExactly(tuple("passed"));
    }

    @Test
    void of_an_earlier_run_nothing_is_shown_once_a_test_of_the_next_has_begun() {
        run("one", BrokenAfter.class);
        Path index = directory.resolve("results/report/index.html");
        assertThat(index).exists();
        System.setProperty(
                Reads.class.getName(), index.resolveSibling("../scenarios.json").toString());
        String meanwhile;
        try {
            run("two", Reads.class);
        } finally {
            meanwhile = System.clearProperty(Reads.class.getName());
        }

        assertThat(meanwhile)
                .containsPattern("\"run\" : \"two\",\\s+\"open\" : \\[ \"[^\"]+\" ],\\s+\"scenarios\" : \\[ ]");
        assertThat(directory.resolve("results/scenarios.json")).content().contains("\"open\" : [ ]");
    }

    @Test
    void a_part_that_never_ended_leaves_the_run_incomplete() {
        new ScenarioFile(directory.resolve("results")).begin("one", "a JVM that died");
        run("one", Skipped.class);

        assertThat(directory.resolve("results/report/index.html"))
                .content()
                .contains("Incomplete: 1 test JVMs of this run have not ended."
                        + " They still run, or they died with their results. 2 scenarios: 0 passed");
    }

    @Test
    void nothing_else_is_left_in_the_directory() throws IOException {
        run("one", BrokenAfter.class);

        try (Stream<Path> files = Files.list(directory.resolve("results"))) {
            assertThat(files.map(Path::getFileName).map(Path::toString))
                    .containsExactlyInAnyOrder("report", "runs.jsonl", "scenarios.json", "scenarios.json.lock");
        }
    }

    private List<String> run(String run, Class<?> type) {
        return ScenarioRun.of(type, directory.resolve("results"), run);
    }

    private static String in(Class<?> type, String method) {
        return type.getName() + "#" + method;
    }

    private AbstractListAssert<?, ?, Tuple, ObjectAssert<Tuple>> results(String... fields) throws IOException {
        return assertThat(ScenarioRun.scenariosIn(directory.resolve("results"))).extracting(fields);
    }
}
