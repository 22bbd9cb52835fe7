package org.pgminicluster.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.EnvironmentException;

/** Runs the psql that is installed; it finds the password in a file. */
final class Psql {

    private static final int SCRIPT_ERROR = 3;

    private final Context context;
    private final Path program;

    Psql(Context context, Path program) {
        this.context = context;
        this.program = program;
    }

    /** Lets somebody type. */
    int type(Kept.Address address) {
        return run(address, List.of(), List.of("-v", "PROMPT1=" + address.node() + ":%/%R%x%# "));
    }

    int execute(Kept.Address address, Path file) {
        return run(address, List.of("-X", "-v", "ON_ERROR_STOP=1", "-f", file.toString()), List.of());
    }

    /** @param command one of psql's own, such as {@code \\d test} */
    int execute(Kept.Address address, String command) {
        return run(address, List.of("-X", "-c", command), List.of());
    }

    private int run(Kept.Address address, List<String> shown, List<String> unsaid) {
        List<String> command = new ArrayList<>(List.of(
                "psql",
                "-h",
                address.host(),
                "-p",
                Integer.toString(address.port()),
                "-U",
                "postgres",
                "-d",
                address.database()));
        command.addAll(shown);
        Path passfile = context.home().passfile();
        context.terminal()
                .typed(Typed.shell("PGPASSFILE=" + context.shown(passfile) + " "
                        + command.stream().map(Psql::quoted).collect(Collectors.joining(" "))));
        command.addAll(unsaid);
        command.set(0, program.toString());
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("PGPASSFILE", passfile.toString());
        builder.environment().putIfAbsent("PGAPPNAME", "minicluster sql");
        restoreLocale(builder.environment());
        try {
            Process psql = builder.start();
            Interrupt.ignore();
            int exit = psql.waitFor();
            return exit == SCRIPT_ERROR ? Exit.FAILED : exit;
        } catch (IOException e) {
            throw new EnvironmentException("expected " + program + " to start, but it did not (" + e + ")", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandException.inconclusive("interrupted while psql ran");
        }
    }

    /** As a shell takes it. */
    private static String quoted(String word) {
        return word.matches("[\\p{L}\\p{N}_./:=@%+,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** It reads and shows text as the caller's terminal does. */
    static void restoreLocale(Map<String, String> environment) {
        @Nullable String before = environment.remove(Terminal.CALLERS_LOCALE);
        if (before != null && before.isEmpty()) {
            environment.remove("LC_ALL");
        } else if (before != null) {
            environment.put("LC_ALL", before);
        }
    }
}
