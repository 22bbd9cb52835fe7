package org.pgminicluster.junit;

import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.pgminicluster.cluster.MiniCluster;

/** Behind {@link RequiresProgram}. */
final class ProgramCondition implements ExecutionCondition {

    private static final String REMEDY = "; install postgresql-client, say where it is with"
            + " -Dminicluster.programs=DIRECTORY, or run with -Dminicluster.servers=container";

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<RequiresProgram> found = context.getElement()
                .flatMap(element -> AnnotationSupport.findAnnotation(element, RequiresProgram.class));
        if (found.isEmpty()) {
            return ConditionEvaluationResult.enabled("needs no program");
        }
        return Arrays.stream(found.get().value())
                .flatMap(program ->
                        MiniCluster.whyLacking(Settings.of(context), Settings.kind(context), program).stream())
                .findFirst()
                .map(lacking -> ConditionEvaluationResult.disabled("needs " + lacking + REMEDY))
                .orElseGet(() -> ConditionEvaluationResult.enabled("has the programs that it needs"));
    }
}
