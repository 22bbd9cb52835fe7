package org.pgminicluster.junit;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/** Which JUnit will do. */
final class JUnitVersion {

    private static final int FIRST_OF_5 = 10;
    private static final Pattern MAJOR_5 = Pattern.compile("5\\.(\\d+)\\b.*");

    private JUnitVersion() {}

    /**
     * @throws ExtensionConfigurationException if the one that runs the tests is too old
     */
    static void check() {
        refusal(Test.class.getPackage().getImplementationVersion()).ifPresent(refusal -> {
            throw new ExtensionConfigurationException(refusal);
        });
    }

    /** What is wrong with it; one that does not tell its version, as in a module, is taken for new enough. */
    static Optional<String> refusal(@Nullable String version) {
        Matcher minor = MAJOR_5.matcher(version == null ? "" : version);
        return minor.matches() && Integer.parseInt(minor.group(1)) < FIRST_OF_5
                ? Optional.of("expected JUnit Jupiter to be 5." + FIRST_OF_5 + " or newer, but was " + version
                        + "; take a newer org.junit:junit-bom")
                : Optional.empty();
    }
}
