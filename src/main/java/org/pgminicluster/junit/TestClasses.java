package org.pgminicluster.junit;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The class of a test and those around it. */
final class TestClasses {

    private TestClasses() {}

    /** From the inside out. JUnit itself tells those around it only from 5.12.1 on. */
    static List<Class<?>> insideOut(ExtensionContext context) {
        Set<Class<?>> classes = new LinkedHashSet<>();
        for (Optional<ExtensionContext> c = Optional.of(context);
                c.isPresent();
                c = c.get().getParent()) {
            c.get().getTestClass().ifPresent(classes::add);
        }
        return new ArrayList<>(classes);
    }
}
