package org.pgminicluster.junit;

import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGenerator;

/** Shows a test by the sentence that its method's name is, without the parameters. */
final class ClaimNames extends DisplayNameGenerator.Standard {

    @Override
    public String generateDisplayNameForMethod(
            List<Class<?>> enclosingInstanceTypes, Class<?> testClass, Method testMethod) {
        return claim(testMethod);
    }

    @Override
    @SuppressWarnings("deprecation") // JUnit before 5.12 asks for nothing else
    public String generateDisplayNameForMethod(Class<?> testClass, Method testMethod) {
        return claim(testMethod);
    }

    private static String claim(Method testMethod) {
        return testMethod.getName().replace('_', ' ');
    }
}
