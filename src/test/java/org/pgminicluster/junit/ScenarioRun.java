package org.pgminicluster.junit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder.request;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs a test class within a test, watched by a {@link ScenarioListener} and no other. */
final class ScenarioRun {

    private static final ObjectMapper JSON = new ObjectMapper();

    private ScenarioRun() {}

    /** Returns what the listener told at the end. */
    static List<String> of(Class<?> type, Path results, String run) {
        List<String> told = new ArrayList<>();
        LauncherConfig config = LauncherConfig.builder()
                .enableTestExecutionListenerAutoRegistration(false)
                .addTestExecutionListeners(new ScenarioListener(plan -> results, run, told::add))
                .build();
        LauncherFactory.create(config)
                .execute(request().selectors(selectClass(type)).forExecution().build());
        return told;
    }

    /** What is in the file, as anybody else would read it. */
    static List<Map<String, Object>> scenariosIn(Path results) throws IOException {
        JsonNode scenarios =
                JSON.readTree(results.resolve("scenarios.json").toFile()).get("scenarios");
        return JSON.convertValue(scenarios, new TypeReference<List<Map<String, Object>>>() {});
    }
}
