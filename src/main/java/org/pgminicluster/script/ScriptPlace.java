package org.pgminicluster.script;

import java.util.Locale;
import java.util.Map;
import org.apiguardian.api.API;
import org.pgminicluster.topology.InvalidTopologyException;

/**
 * What places in a script are called.
 *
 * @param name of the script: its file, or whose schema or seed it is
 */
@API(status = API.Status.INTERNAL)
public record ScriptPlace(String name) {

    /** What to do instead of what psql does. */
    private static final Map<String, String> INSTEAD = Map.of(
            "\\i", "give that file to schemaFrom(...) of its own",
            "\\ir", "give that file to schemaFrom(...) of its own",
            "\\include", "give that file to schemaFrom(...) of its own",
            "\\copy", "write COPY ... FROM stdin; with the rows below it and a line \\. after them",
            "\\gexec", "write the statements out that it would make",
            "\\set", "write the value where the variable is used",
            "\\gset", "write the value where the variable is used",
            "\\.", "take it out: there are no rows of COPY that it could end");

    static ScriptPlace of(Step step, Step.Load load) {
        if (!load.script().isInline()) {
            return new ScriptPlace(load.script().origin());
        }
        return new ScriptPlace("the " + step.phase().name().toLowerCase(Locale.ROOT) + " of " + step.node());
    }

    /** A line of it. */
    public String at(int line) {
        return "line " + line + " of " + name;
    }

    InvalidTopologyException refused(int line, String rule, String found, String advice) {
        return new InvalidTopologyException(
                "expected " + at(line) + " to " + rule + ", but was \"" + begin(found) + "\"; " + advice);
    }

    InvalidTopologyException forPsql(int line, String command) {
        int end = command.startsWith("\\.") ? 2 : endOfName(command);
        String advice = INSTEAD.getOrDefault(command.substring(0, end), "take it out, or say it in SQL");
        return refused(line, "be SQL, which a server understands without psql", command, advice);
    }

    private static int endOfName(String command) {
        int end = 1;
        while (end < command.length() && Character.isLetter(command.charAt(end))) {
            end++;
        }
        return end;
    }

    private static String begin(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() <= 200 ? line : line.substring(0, 200) + "...";
    }
}
