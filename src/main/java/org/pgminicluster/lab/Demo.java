package org.pgminicluster.lab;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.lab.lesson.Language;

/** Runs the homework on real servers and prints it step by step. */
public final class Demo {

    private static final int USAGE = 64;

    private Demo() {}

    /**
     * Exits with 0 if everything was as expected, 1 if not, 2 if this machine cannot run it or the
     * output cannot be written, 64 if the arguments are none
     * of {@code --pause} and {@code --lang en|ru}.
     */
    public static void main(String[] args) {
        // Named here and not found on the class path, since a library must not bring a logging configuration along.
        System.setProperty("logback.configurationFile", "org/pgminicluster/lab/logback.xml");
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        LabOptions options;
        try {
            options = options(List.of(args));
        } catch (MiniClusterException e) {
            System.err.println(e.getMessage());
            System.exit(USAGE);
            return;
        }
        int exit = Lab.demo(options, out, System.in);
        if (out.checkError()) {
            System.err.println(
                    "expected the output to be written to the end, but was not; give it a place that takes all of"
                            + " it");
            exit = exit == Lab.AS_EXPECTED ? Lab.CANNOT_RUN : exit;
        }
        System.exit(exit);
    }

    static LabOptions options(List<String> args) {
        LabOptions options = LabOptions.defaults();
        for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
            String arg = rest.next();
            if (arg.equals("--pause")) {
                // Nobody presses Enter in a pipe.
                options = options.withPause(System.console() != null);
            } else if (arg.equals("--lang") && rest.hasNext()) {
                options = options.in(Language.of(rest.next()));
            } else {
                throw new MiniClusterException(
                        "expected the arguments to be --pause and --lang en|ru, but was " + args + "; leave it out");
            }
        }
        return options;
    }
}
