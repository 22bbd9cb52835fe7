package org.pgminicluster.cli;

import java.util.List;
import java.util.Properties;

/** What the JVM could not read of a command line is refused: it has put a substitute in the text's place. */
final class Arguments {

    private static final char SUBSTITUTE = '\uFFFD';

    private Arguments() {}

    /**
     * @throws CommandException if an argument, or a property of ours, is not as it was typed
     */
    static void requireWhole(List<String> args, Properties properties) {
        for (int i = 0; i < args.size(); i++) {
            requireWhole("argument " + (i + 1), args.get(i), properties);
        }
        properties.stringPropertyNames().stream()
                .filter(name -> name.startsWith("minicluster."))
                .sorted()
                .forEach(name -> requireWhole("-D" + name, properties.getProperty(name), properties));
    }

    private static void requireWhole(String what, String text, Properties properties) {
        if (text.indexOf(SUBSTITUTE) >= 0) {
            throw CommandException.usage("expected " + what + " to be text in this locale's encoding, "
                    + properties.getProperty("sun.jnu.encoding", "UTF-8") + ", but was \""
                    + text.replace(SUBSTITUTE, '?') + "\" where each ? could not be read; type it in that encoding, set"
                    + " LC_ALL=C.UTF-8 if it is UTF-8, or give SQL by a file and -f");
        }
    }
}
