package org.pgminicluster.junit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import java.util.Map;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;

/** Runs test classes as JUnit would, inside a test. */
final class Runs {

    private Runs() {}

    /** Where a start would fail at once, with another message than the one that is looked for. */
    static EngineExecutionResults withoutServers(Class<?>... tests) {
        return with(Map.of("minicluster.servers", "none"), tests);
    }

    static EngineExecutionResults with(Map<String, String> parameters, Class<?>... tests) {
        EngineTestKit.Builder kit = EngineTestKit.engine("junit-jupiter").configurationParameters(parameters);
        for (Class<?> test : tests) {
            kit = kit.selectors(selectClass(test));
        }
        return kit.execute();
    }

    /** The messages of all that failed, tests and classes. */
    static List<String> failures(EngineExecutionResults results) {
        return throwables(results).stream().map(Throwable::getMessage).toList();
    }

    static List<Throwable> throwables(EngineExecutionResults results) {
        return results.allEvents().failed().stream()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class)
                        .getThrowable()
                        .orElseThrow())
                .toList();
    }

    /** The reasons of all that was skipped, tests and classes. */
    static List<String> skips(EngineExecutionResults results) {
        return results.allEvents().skipped().stream()
                .map(event -> event.getRequiredPayload(String.class))
                .toList();
    }

    /** The tests and classes that succeeded, by their display names. */
    static List<String> successes(EngineExecutionResults results) {
        return results.testEvents().succeeded().stream()
                .map(Event::getTestDescriptor)
                .map(descriptor -> descriptor.getDisplayName())
                .sorted()
                .toList();
    }
}
