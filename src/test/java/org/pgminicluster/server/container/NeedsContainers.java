package org.pgminicluster.server.container;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.pgminicluster.server.ServerSettings;

/**
 * Runs where containers are what the run is about: always with {@code -Dminicluster.servers=container}, never with
 * {@code process}, and with {@code auto} if there are any.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsContainers.Condition.class)
@interface NeedsContainers {

    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            ServerSettings settings = ServerSettings.fromSystemProperties();
            return switch (settings.kind()) {
                case CONTAINER -> ConditionEvaluationResult.enabled("containers were asked for");
                case PROCESS -> ConditionEvaluationResult.disabled("this run is about local processes");
                case AUTO ->
                    ContainerServers.whyUnavailable(settings)
                            .map(ConditionEvaluationResult::disabled)
                            .orElseGet(() -> ConditionEvaluationResult.enabled("there are containers"));
            };
        }
    }
}
