package org.pgminicluster.relay;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;
import org.pgminicluster.EnvironmentException;

/** Skips a test that slows a link where no server can reach the relay, which is in this JVM: an engine on another host. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsRelay.Handler.class)
public @interface NeedsRelay {

    /** Only the server knows, when it is asked for its way to this JVM, and it says so. */
    final class Handler implements TestExecutionExceptionHandler {

        private static final String OUT_OF_REACH = "nothing in this JVM can be reached";

        @Override
        public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
            String message = String.valueOf(failure.getMessage());
            if (failure instanceof EnvironmentException && message.contains(OUT_OF_REACH)) {
                throw new TestAbortedException(message);
            }
            throw failure;
        }
    }
}
