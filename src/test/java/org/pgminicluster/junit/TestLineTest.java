package org.pgminicluster.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Where in a test it failed. */
class TestLineTest {

    private static final String SCENARIO = TestLineTest.class.getName() + "#any";

    @Test
    void it_is_the_innermost_line_of_the_tests_class() {
        assertThat(TestLine.of(SCENARIO, failure()))
                .matches(".*\\.TestLineTest\\.(lambda\\$)?failure.*\\(TestLineTest\\.java:\\d+\\)");
    }

    private static RuntimeException failure() {
        try {
            List.of(1).forEach(one -> List.of().get(one));
            throw new IllegalStateException("expected it to fail, but did not; look at the list");
        } catch (IndexOutOfBoundsException e) {
            return e;
        }
    }

    @Test
    void of_what_another_thread_threw_it_is_where_that_was_noticed() {
        Error elsewhere = new AssertionError("elsewhere");
        elsewhere.setStackTrace(new StackTraceElement[] {new StackTraceElement("a.B", "c", "B.java", 1)});
        RuntimeException wrapped = new RuntimeException(elsewhere);
        wrapped.setStackTrace(new StackTraceElement[] {
            new StackTraceElement(TestLineTest.class.getName(), "d", "TestLineTest.java", 9)
        });

        assertThat(TestLine.of(SCENARIO, wrapped)).endsWith(".d(TestLineTest.java:9)");
        assertThat(TestLine.of(SCENARIO, elsewhere)).isNull();
        assertThat(TestLine.of(SCENARIO, null)).isNull();
    }
}
