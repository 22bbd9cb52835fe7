package org.pgminicluster.junit;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The line of a test that a failure came from: what its author wants to see first. */
final class TestLine {

    private TestLine() {}

    /**
     * The innermost frame of the test's own class, without what the JVM writes in front of it.
     *
     * @param scenario {@code class#method}, or only the class
     * @return null if the failure was in no line of it, such as one of its extensions'
     */
    static @Nullable String of(String scenario, @Nullable Throwable thrown) {
        String test = scenario.split("#")[0];
        return Stream.iterate(thrown, it -> it != null, Throwable::getCause)
                .limit(20)
                .flatMap(cause -> Stream.of(cause.getStackTrace()))
                .filter(frame -> frame.getClassName().equals(test)
                        || frame.getClassName().startsWith(test + "$"))
                .findFirst()
                .map(frame -> frame.getClassName() + "." + frame.getMethodName() + "(" + frame.getFileName() + ":"
                        + frame.getLineNumber() + ")")
                .orElse(null);
    }
}
