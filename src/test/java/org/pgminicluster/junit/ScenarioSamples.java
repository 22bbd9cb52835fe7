package org.pgminicluster.junit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Test classes that only a test runs; none of them starts a cluster. */
final class ScenarioSamples {

    private static final String UNSET = "org.pgminicluster.never.set";
    /** How JUnit begins the reason for a test that is skipped for want of that property. */
    static final String UNMET = "System property [" + UNSET + "] does not exist ==> ";

    private ScenarioSamples() {}

    @MiniClusterTest
    static class Outcomes {

        @Test
        void passes(TestReporter reporter) {
            reporter.publishEntry(Map.of(
                    ClusterFacts.POSTGRES, "13.23", ClusterFacts.SERVERS, "process", ClusterFacts.LOGS, "/logs"));
            reporter.publishEntry("something", "else");
        }

        @Test
        void fails() {
            throw new IllegalStateException("broken");
        }

        @Test
        void aborts() {
            Assumptions.abort("not here");
        }

        @Test
        @EnabledIfSystemProperty(named = UNSET, matches = ".*", disabledReason = "needs another JVM")
        void is_skipped() {}
    }

    @MiniClusterTest
    @Behaviour("class")
    static class Behaviours {

        @Test
        @Behaviour({"method", "another"})
        void of_both() {}

        @Test
        void of_the_class() {}

        @Nested
        @Behaviour("inner")
        class Inner {

            @Test
            void of_all_around() {}
        }
    }

    @MiniClusterTest
    static class Parameterized {

        @ParameterizedTest
        @ValueSource(ints = {7, 8})
        void takes_a_number(int number) {
            assertTrue(number == 7, "not 7");
        }

        @ParameterizedTest
        @MethodSource("there_is_none")
        void has_no_source(int number) {}
    }

    @MiniClusterTest
    static class BrokenBefore {

        @BeforeAll
        static void before() {
            throw new IllegalStateException("before");
        }

        @Test
        void never_runs() {}
    }

    @MiniClusterTest
    static class BrokenAfter {

        @AfterAll
        static void after() {
            throw new IllegalStateException("after");
        }

        @Test
        void passes() {}
    }

    @MiniClusterTest
    @EnabledIfSystemProperty(named = UNSET, matches = ".*", disabledReason = "none of it")
    static class Skipped {

        @Test
        void one() {}

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void parameterized(int number) {}
    }

    @MiniClusterTest
    static class OnlyInTheSecondPart {

        @Test
        void passes_then() {
            assertTrue(Boolean.getBoolean(OnlyInTheSecondPart.class.getName()));
        }
    }

    @MiniClusterTest
    static class Reads {

        /** Names the file that it reads; what it holds takes the name's place. */
        @Test
        void what_is_written_while_it_runs() throws IOException {
            String name = Reads.class.getName();
            System.setProperty(name, Files.readString(Path.of(System.getProperty(name))));
        }
    }

    static class Ordinary {

        @Test
        void has_no_cluster() {}
    }
}
