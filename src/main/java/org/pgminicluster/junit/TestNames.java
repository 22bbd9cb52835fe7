package org.pgminicluster.junit;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/** Names of tests, for directories and for messages. */
final class TestNames {

    private static final Pattern INVOCATION = Pattern.compile("-invocation:#(\\d+)");
    private static final Namespace NAMESPACE = Namespace.create(TestNames.class);

    private TestNames() {}

    /**
     * A directory's name for a test: its class, its method, and the numbers of the invocations where there are several.
     * Where two tests of a run would have the same, for instance two overloaded methods, the second gets {@code -2}.
     */
    static String of(ExtensionContext context) {
        List<String> parts = new ArrayList<>();
        TestClasses.insideOut(context).forEach(type -> parts.add(0, type.getSimpleName()));
        context.getTestMethod().ifPresent(method -> parts.add(method.getName()));
        Matcher invocation = INVOCATION.matcher(context.getUniqueId());
        while (invocation.find()) {
            parts.add(invocation.group(1));
        }
        return unique(String.join(".", parts), context);
    }

    private static String unique(String wanted, ExtensionContext context) {
        Map<?, ?> known = Stored.in(
                context.getRoot().getStore(NAMESPACE), "names", ConcurrentHashMap<String, String>::new, Map.class);
        @SuppressWarnings("unchecked")
        Map<String, String> owners = (Map<String, String>) known;
        String id = context.getUniqueId();
        for (int number = 1; ; number++) {
            String name = number == 1 ? wanted : wanted + "-" + number;
            String owner = owners.putIfAbsent(name, id);
            if (owner == null || owner.equals(id)) {
                return name;
            }
        }
    }

    /** Such as {@code ReadOnlyCopyIT.a_row_arrives}. */
    static String plain(Class<?> type, Method method) {
        return type.getSimpleName() + "." + method.getName();
    }
}
