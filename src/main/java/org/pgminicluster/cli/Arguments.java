package org.pgminicluster.cli;

import java.util.List;
import java.util.Map;
import java.util.Properties;

/** What the JVM could not read of a command line is refused: it has put a substitute in the text's place. */
final class Arguments {

    private static final char SUBSTITUTE = '\uFFFD';

    private Arguments() {}

    /** Where files are looked for and made if nothing else is said. */
    private static final Map<String, String> PLACES = Map.of(
            "user.dir", "the directory that this is run in",
            "user.home", "the home directory",
            "java.io.tmpdir", "the directory for temporary files");

    /**
     * @throws CommandException if an argument, a property of ours or a place on this machine is not as it was typed
     */
    static void requireWhole(List<String> args, Properties properties) {
        for (int i = 0; i < args.size(); i++) {
            requireWhole(
                    "argument " + (i + 1),
                    args.get(i),
                    properties,
                    "type it in that encoding",
                    ", or give SQL by a file and -f");
        }
        properties.stringPropertyNames().stream()
                .filter(name -> name.startsWith("minicluster."))
                .sorted()
                .forEach(name -> requireWhole(
                        "-D" + name, properties.getProperty(name), properties, "type it in that encoding", ""));
        // Files would be made elsewhere, by a name that nobody has typed.
        PLACES.forEach((name, place) ->
                requireWhole(place, properties.getProperty(name, ""), properties, "take another one", ""));
    }

    private static void requireWhole(String what, String text, Properties properties, String remedy, String more) {
        if (text.indexOf(SUBSTITUTE) >= 0) {
            throw CommandException.usage("expected " + what + " to be text in this locale's encoding, "
                    + properties.getProperty("sun.jnu.encoding", "UTF-8") + ", but was \""
                    + text.replace(SUBSTITUTE, '?') + "\" where each ? could not be read; " + remedy
                    + ", or set LC_ALL=C.UTF-8 if it is UTF-8" + more);
        }
    }
}
