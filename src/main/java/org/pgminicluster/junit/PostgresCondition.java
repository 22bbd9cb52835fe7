package org.pgminicluster.junit;

import java.lang.reflect.AnnotatedElement;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;
import org.opentest4j.TestAbortedException;
import org.pgminicluster.server.ServerSettings;

/** Behind {@link RequiresPostgres}. */
final class PostgresCondition implements ExecutionCondition {

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<RequiresPostgres> found = context.getElement().flatMap(PostgresCondition::on);
        if (found.isEmpty()) {
            return ConditionEvaluationResult.enabled("needs no particular PostgreSQL");
        }
        RequiresPostgres required = checked(found.get(), context);
        ServerSettings settings = Settings.of(context);
        OptionalInt major = settings.major();
        if (major.isEmpty()) {
            return ConditionEvaluationResult.enabled("\"" + settings.postgres()
                    + "\" does not tell which PostgreSQL it is; the servers will, and the test " + needs(required));
        }
        return lacking(required, major.getAsInt())
                .map(ConditionEvaluationResult::disabled)
                .orElseGet(
                        () -> ConditionEvaluationResult.enabled(needs(required) + ", and runs on " + major.getAsInt()));
    }

    /**
     * For images whose names do not tell their major.
     *
     * @throws TestAbortedException if the running servers are not what the test or a class around it needs
     */
    static void recheck(ExtensionContext context, int major) {
        for (Optional<ExtensionContext> c = Optional.of(context);
                c.isPresent();
                c = c.get().getParent()) {
            c.get()
                    .getElement()
                    .flatMap(PostgresCondition::on)
                    .flatMap(required -> lacking(required, major))
                    .ifPresent(reason -> {
                        throw new TestAbortedException(reason);
                    });
        }
    }

    private static Optional<RequiresPostgres> on(AnnotatedElement element) {
        return AnnotationSupport.findAnnotation(element, RequiresPostgres.class);
    }

    private static RequiresPostgres checked(RequiresPostgres required, ExtensionContext context) {
        String what = "expected @RequiresPostgres on " + context.getDisplayName() + " to have ";
        if (required.because().isBlank()) {
            throw new ExtensionConfigurationException(
                    what + "a reason, but because is blank; say what it needs that" + " other versions lack");
        }
        if (required.min() > required.max()) {
            throw new ExtensionConfigurationException(what + "a min that is not above its max, but they are "
                    + required.min() + " and " + required.max());
        }
        if (required.min() <= 0 && required.max() == Integer.MAX_VALUE) {
            throw new ExtensionConfigurationException(what + "a min or a max, but has neither");
        }
        return required;
    }

    private static Optional<String> lacking(RequiresPostgres required, int major) {
        return major >= required.min() && major <= required.max()
                ? Optional.empty()
                : Optional.of(needs(required) + ", because " + required.because() + ", but runs on " + major);
    }

    private static String needs(RequiresPostgres required) {
        int min = required.min();
        int max = required.max();
        if (max == Integer.MAX_VALUE) {
            return "needs PostgreSQL " + min + " or later";
        }
        if (min <= 0) {
            return "needs PostgreSQL " + max + " or earlier";
        }
        return "needs PostgreSQL " + (min == max ? min : min + " to " + max);
    }
}
