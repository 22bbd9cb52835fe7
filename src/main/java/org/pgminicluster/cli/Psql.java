package org.pgminicluster.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    /** @param file a file of statements, or null to let somebody type */
    int run(Kept.Address address, @Nullable Path file) {
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
        if (file != null) {
            command.addAll(List.of("-X", "-v", "ON_ERROR_STOP=1", "-f", file.toString()));
        }
        Path passfile = context.home().passfile();
        context.terminal()
                .typed(Typed.shell("PGPASSFILE=" + context.shown(passfile) + " " + String.join(" ", command)));
        if (file == null) {
            command.addAll(List.of("-v", "PROMPT1=" + address.node() + ":%/%R%x%# "));
        }
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
