package org.pgminicluster.junit;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.pgminicluster.junit.ScenarioResult.Outcome;
import org.pgminicluster.report.SuiteReport;
import org.pgminicluster.server.Notice;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes how every test of a {@link MiniClusterTest} ended to {@code scenarios.json} in {@code minicluster.directory},
 * and says a summary; a report for people is in {@code report/index.html} beside it. JUnit finds it by itself. Where no
 * such test ran, nothing is written. What has begun and not ended is there too, so that a JVM that dies is missed.
 *
 * <p>The file holds one run. Test JVMs that are given the same system property {@code minicluster.run} are parts of
 * one run; without it every JVM is a run of its own.
 */
@API(status = API.Status.MAINTAINED)
public final class ScenarioListener implements TestExecutionListener {

    private final Function<TestPlan, Path> directory;
    private final String run;
    private final Consumer<String> teller;
    private final Map<UniqueId, Long> startNanos = new ConcurrentHashMap<>();
    private final Map<UniqueId, Map<String, String>> facts = new ConcurrentHashMap<>();
    private final Map<UniqueId, ScenarioResult> results = Collections.synchronizedMap(new LinkedHashMap<>());
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile @Nullable TestPlan plan;

    /** JUnit makes it. */
    public ScenarioListener() {
        this(
                plan -> Settings.of(plan.getConfigurationParameters()::get).directory(),
                System.getProperty("minicluster.run", ofThisJvm()),
                line -> Notice.say(log(), line));
    }

    ScenarioListener(Function<TestPlan, Path> directory, String run, Consumer<String> teller) {
        this.directory = directory;
        this.run = run;
        this.teller = teller;
    }

    /** Not before it is needed: this class is loaded in projects that use nothing else of the library, too. */
    private static Logger log() {
        return LoggerFactory.getLogger(ScenarioListener.class);
    }

    private static String ofThisJvm() {
        ProcessHandle self = ProcessHandle.current();
        return self.info().startInstant().map(Instant::toString).orElse("?") + " " + self.pid();
    }

    @Override
    public void testPlanExecutionStarted(TestPlan testPlan) {
        plan = testPlan;
        startNanos.clear();
        facts.clear();
        results.clear();
        begun.set(false);
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        TestPlan known = plan;
        if (known != null && test.getSource().flatMap(Scenario::of).isPresent() && begun.compareAndSet(false, true)) {
            Path where = directory.apply(known);
            new ScenarioFile(where).begin(run, ofThisJvm());
            SuiteReport.remove(where);
        }
        startNanos.put(test.getUniqueIdObject(), System.nanoTime());
    }

    @Override
    public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
        if (entry.getKeyValuePairs().containsKey(ClusterFacts.POSTGRES)) {
            facts.put(test.getUniqueIdObject(), entry.getKeyValuePairs());
        }
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        methodsWithoutResult(test).forEach(method -> add(method, Outcome.SKIPPED, reason, null));
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        Outcome outcome = outcome(result);
        String reason = reason(result);
        Throwable thrown = result.getThrowable().orElse(null);
        if (test.isTest()) {
            add(test, outcome, reason, thrown);
        } else if (outcome != Outcome.PASSED) {
            // What was not reached because of that ended with it; after the last one it is the class's own result.
            List<TestIdentifier> notReached = methodsWithoutResult(test);
            if (notReached.isEmpty()) {
                add(test, outcome, reason, thrown);
            }
            notReached.forEach(method -> add(method, outcome, reason, thrown));
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan testPlan) {
        if (!results.isEmpty()) {
            Path where = directory.apply(testPlan);
            ScenarioFile file = new ScenarioFile(where);
            ScenarioResults all = file.end(run, ofThisJvm(), List.copyOf(results.values()));
            teller.accept(all.summary() + "; see " + file.path());
            report(where);
        }
    }

    /** Of all parts of the run so far. Whether it can be written says nothing about the tests. */
    private void report(Path where) {
        try {
            teller.accept("what happened in each is in " + SuiteReport.write(where, Locale.ENGLISH));
        } catch (RuntimeException e) {
            teller.accept("the report of the scenarios was not written: " + e);
        }
    }

    /** The test methods at or below it, each once, of which neither itself nor any invocation has a result yet. */
    private List<TestIdentifier> methodsWithoutResult(TestIdentifier test) {
        return atAndBelow(test)
                .filter(ScenarioListener::isMethod)
                .filter(method ->
                        parent(method).filter(ScenarioListener::isMethod).isEmpty())
                .filter(method ->
                        atAndBelow(method).noneMatch(invocation -> results.containsKey(invocation.getUniqueIdObject())))
                .toList();
    }

    private Stream<TestIdentifier> atAndBelow(TestIdentifier test) {
        TestPlan known = plan;
        return Stream.concat(Stream.of(test), known == null ? Stream.of() : known.getDescendants(test).stream());
    }

    private Optional<TestIdentifier> parent(TestIdentifier test) {
        TestPlan known = plan;
        return known == null ? Optional.empty() : known.getParent(test);
    }

    private static boolean isMethod(TestIdentifier test) {
        return test.getSource().filter(MethodSource.class::isInstance).isPresent();
    }

    private void add(TestIdentifier test, Outcome outcome, @Nullable String reason, @Nullable Throwable thrown) {
        test.getSource().flatMap(Scenario::of).ifPresent(scenario -> {
            UniqueId id = test.getUniqueIdObject();
            Map<String, String> known = factsFor(test);
            long start = startNanos.getOrDefault(id, System.nanoTime());
            results.put(
                    id,
                    new ScenarioResult(
                            id.toString(),
                            scenario.name(),
                            displayName(test),
                            outcome,
                            reason,
                            TestLine.of(scenario.name(), thrown),
                            known.get(ClusterFacts.POSTGRES),
                            known.get(ClusterFacts.SERVERS),
                            known.get(ClusterFacts.LOGS),
                            (System.nanoTime() - start) / 1_000_000,
                            scenario.behaviours()));
        });
    }

    /** A cluster that a class started is the one that its methods use. */
    private Map<String, String> factsFor(TestIdentifier test) {
        for (Optional<TestIdentifier> at = Optional.of(test); at.isPresent(); at = parent(at.get())) {
            Map<String, String> found = facts.get(at.get().getUniqueIdObject());
            if (found != null) {
                return found;
            }
        }
        return Map.of();
    }

    private String displayName(TestIdentifier test) {
        return parent(test)
                .filter(ScenarioListener::isMethod)
                .map(method -> method.getDisplayName() + " " + test.getDisplayName())
                .orElse(test.getDisplayName());
    }

    private static Outcome outcome(TestExecutionResult result) {
        return switch (result.getStatus()) {
            case SUCCESSFUL -> Outcome.PASSED;
            case ABORTED -> Outcome.ABORTED;
            case FAILED -> Outcome.FAILED;
        };
    }

    private static @Nullable String reason(TestExecutionResult result) {
        return result.getThrowable()
                .map(thrown -> result.getStatus() == TestExecutionResult.Status.ABORTED && thrown.getMessage() != null
                        ? thrown.getMessage()
                        : thrown.toString())
                .map(String::strip)
                .orElse(null);
    }
}
