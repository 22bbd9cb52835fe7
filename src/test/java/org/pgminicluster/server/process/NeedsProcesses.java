package org.pgminicluster.server.process;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.pgminicluster.server.ServerSettings;

/** Runs unless the run is about containers alone: never with {@code -Dminicluster.servers=container}. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsProcesses.Condition.class)
@interface NeedsProcesses {

    final class Condition implements ExecutionCondition {
        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            return ServerSettings.fromSystemProperties().kind() == ServerSettings.Kind.CONTAINER
                    ? ConditionEvaluationResult.disabled("this run is about containers")
                    : ConditionEvaluationResult.enabled("local processes were asked for, or whatever serves");
        }
    }
}
