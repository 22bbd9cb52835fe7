package org.pgminicluster.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.cli.byhand.HandCommand;
import org.pgminicluster.cli.byhand.ShellWord;

/** Runs the psql that is installed; it finds the password in a file. */
final class Psql {

    static final String STANDARD_INPUT = "-";

    private static final int SCRIPT_ERROR = 3;

    private final Context context;
    private final Path program;

    Psql(Context context, Path program) {
        this.context = context;
        this.program = program;
    }

    /** Lets somebody type. */
    int type(RunningCluster.Address address) {
        return run(
                address,
                List.of(),
                List.of("-v", "PROMPT1=" + address.node() + ":%/%R%x%# "),
                Map.of("PSQLRC", PsqlStart.startupFile(context.directory()).toString()));
    }

    /** @param file its path, or {@link #STANDARD_INPUT} */
    int execute(RunningCluster.Address address, String file) {
        return run(
                address,
                List.of("-X", "-v", "ON_ERROR_STOP=1", "-f", file),
                List.of("-f", PsqlStart.file(context.directory()).toString()),
                Map.of());
    }

    /** @param command one of psql's own, such as {@code \\d test} */
    int executeCommand(RunningCluster.Address address, String command) {
        return run(address, List.of("-X", "-c", command), List.of(), Map.of());
    }

    private int run(
            RunningCluster.Address address, List<String> shown, List<String> unsaid, Map<String, String> environment) {
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
        int told = command.size();
        command.addAll(shown);
        Path passfile = context.directory().passfile();
        context.terminal()
                .typed(HandCommand.shell("PGPASSFILE=" + context.shown(passfile) + " "
                        + command.stream().map(ShellWord::quoted).collect(Collectors.joining(" "))));
        command.addAll(told, unsaid);
        command.set(0, program.toString());
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("PGPASSFILE", passfile.toString());
        builder.environment().putIfAbsent("PGAPPNAME", "minicluster sql");
        builder.environment().putAll(environment);
        restoreLocale(builder.environment());
        try {
            Process psql = builder.start();
            CtrlC.ignore();
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
