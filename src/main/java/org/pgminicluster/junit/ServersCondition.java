package org.pgminicluster.junit;

import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.pgminicluster.server.ServerKind;

/** Behind {@link RequiresServers}. */
final class ServersCondition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<RequiresServers> found = context.getElement()
                .flatMap(element -> AnnotationSupport.findAnnotation(element, RequiresServers.class));
        if (found.isEmpty()) {
            return ConditionEvaluationResult.enabled("needs no particular servers");
        }
        RequiresServers required = found.get();
        if (required.because().isBlank()) {
            throw new ExtensionConfigurationException("expected @RequiresServers on " + context.getDisplayName()
                    + " to have a reason, but because is blank; say what it needs that other servers lack");
        }
        ServerKind kind = Settings.kind(context);
        if (kind == required.value()) {
            return ConditionEvaluationResult.enabled("needs servers " + in(kind) + ", and has them");
        }
        return ConditionEvaluationResult.disabled("needs servers " + in(required.value()) + ", because "
                + required.because() + ", but runs them " + in(kind));
    }

    private static String in(ServerKind kind) {
        return switch (kind) {
            case CONTAINER -> "in containers";
            case PROCESS -> "as processes";
            case ATTACHED -> "that run already";
        };
    }
}
