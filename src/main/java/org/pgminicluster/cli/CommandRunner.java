package org.pgminicluster.cli;

import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParseResult;

/**
 * Reads a command line and carries it out. The definition of a command is one class wherever it is read: here to help,
 * and to refuse what is wrong before anybody is asked, and in the daemon to do it.
 */
final class CommandRunner {

    /** What the parser of the command line takes at least. Whoever has less sees the lines of its help wrapped. */
    private static final int NARROWEST_HELP = 55;

    private static final int WIDEST_HELP = 100;

    /** Carries out, or has carried out, what is for the daemon. */
    @FunctionalInterface
    interface InCluster {
        int run(ClusterCommand command) throws InterruptedException;
    }

    private final Terminal terminal;
    private final CommandLine line;

    /** @param inCluster what to do with what is for the daemon */
    CommandRunner(Terminal terminal, Object root, InCluster inCluster) {
        this.terminal = terminal;
        this.line = new CommandLine(root);
        line.setExecutionStrategy(parsed -> carryOut(parsed, inCluster));
    }

    CommandRunner with(String name, Object command) {
        line.addSubcommand(name, command);
        return this;
    }

    static int helpWidth(Terminal terminal) {
        return Math.max(NARROWEST_HELP, Math.min(terminal.width(), WIDEST_HELP));
    }

    /** Returns the exit code; whatever goes wrong has been told. */
    int run(String... args) {
        line.setOut(new PrintWriter(terminal.out(), true));
        line.setErr(new PrintWriter(terminal.err(), true));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.hasColour() ? Ansi.ON : Ansi.OFF));
        line.setUsageHelpWidth(helpWidth(terminal));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((e, given) -> {
            UsageError error = UsageError.of(e);
            say(error.message(), terminal);
            terminal.err().println("See " + error.command() + " --help.");
            return Exit.USAGE;
        });
        line.setExecutionExceptionHandler((e, command, parsed) -> failed(e, terminal));
        return line.execute(args);
    }

    private int carryOut(ParseResult parsed, InCluster inCluster) {
        @Nullable Integer helped = CommandLine.executeHelpRequest(parsed);
        if (helped != null) {
            return helped;
        }
        List<CommandLine> typed = parsed.asCommandLineList();
        Object command = typed.get(typed.size() - 1).getCommand();
        try {
            if (command instanceof ClusterCommand ours) {
                return inCluster.run(ours);
            }
            return command instanceof Callable<?> ours && ours.call() instanceof Integer exit ? exit : Exit.OK;
        } catch (Exception e) {
            return failed(e, terminal);
        }
    }

    /** What is said on purpose is one message; anything else is our own fault, and all of it is shown. */
    static int failed(Exception e, Terminal terminal) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
            return Exit.INCONCLUSIVE;
        }
        if (e instanceof InvalidPathException path) {
            say(
                    "expected \"" + path.getInput() + "\" to be a path that this locale can write, but was not ("
                            + path.getReason() + "); set LC_ALL=C.UTF-8",
                    terminal);
            return Exit.USAGE;
        }
        String message = String.valueOf(e.getMessage());
        if (!(e instanceof MiniClusterException)) {
            e.printStackTrace(terminal.err());
        } else if (!message.isEmpty()) {
            say(Hints.inCommands(message), terminal);
        }
        return Exit.of(e);
    }

    private static void say(String message, Terminal terminal) {
        terminal.err().println(terminal.red("minicluster: ") + message);
    }

    /** The text of a constant as it is typed. */
    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
