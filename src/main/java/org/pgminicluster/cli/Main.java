package org.pgminicluster.cli;

import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.pgminicluster.MiniClusterException;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line. Exits with 0 if all is as expected, 1 if a check failed, 2 if it cannot be told (no cluster, nothing
 * to run servers with, a wait that ran out, an output that could not be written), 64 if the command line itself is wrong.
 */
public final class Main {

    private static final String BROKEN_PIPE = "Broken pipe";

    /** What the parser of the command line takes at least. Whoever has less sees the lines of its help wrapped. */
    private static final int NARROWEST_HELP = 55;

    private Main() {}

    public static void main(String[] args) {
        // Named here and not found on the class path, since a library must not bring a logging configuration along.
        System.setProperty("logback.configurationFile", "org/pgminicluster/cli/logback.xml");
        Properties properties = System.getProperties();
        Terminal terminal = Terminal.ofThisProcess(properties, System.getenv());
        System.exit(run(new Context(terminal, properties), args));
    }

    static int run(Context context, String... args) {
        Terminal terminal = context.terminal();
        int exit;
        try {
            Arguments.requireWhole(List.of(args), context.properties());
            exit = commandLine(context).execute(args);
        } catch (CommandException e) {
            exit = failed(e, terminal);
        }
        return arrived(exit, terminal);
    }

    /** What nobody could read was not told, however well all else went. */
    private static int arrived(int exit, Terminal terminal) {
        Optional<String> lost = terminal.lost();
        if (lost.isEmpty()) {
            return exit;
        }
        // Who reads no further wants no more words.
        if (!lost.get().contains(BROKEN_PIPE)) {
            terminal.err()
                    .println(terminal.red("minicluster: ")
                            + "expected the output to be written to the end, but was not (" + lost.get()
                            + "); give it a place that takes all of it");
        }
        return exit == Exit.OK ? Exit.INCONCLUSIVE : exit;
    }

    static CommandLine commandLine(Context context) {
        Terminal terminal = context.terminal();
        CommandLine line = new CommandLine(new Root(context));
        line.addSubcommand("demo", new DemoCommand(context));
        line.addSubcommand("up", new UpCommand(context));
        line.addSubcommand("status", new StatusCommand(context));
        line.addSubcommand("sql", new SqlCommand(context));
        line.addSubcommand("watch", new WatchCommand(context));
        line.addSubcommand("fault", FaultCommand.withVerbs(context));
        line.addSubcommand("run", new RunCommand(context));
        line.addSubcommand("list", new ListCommand(context));
        line.addSubcommand("explain", new ExplainCommand(context));
        line.addSubcommand("report", new ReportCommand(context));
        line.addSubcommand("logs", new LogsCommand(context));
        line.addSubcommand("down", new DownCommand(context));
        line.addSubcommand("doctor", new DoctorCommand(context));
        line.addSubcommand(Keeper.NAME, new Keeper(context));
        line.setOut(new java.io.PrintWriter(terminal.out(), true));
        line.setErr(new java.io.PrintWriter(terminal.err(), true));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(terminal.hasColour() ? Ansi.ON : Ansi.OFF));
        line.setUsageHelpWidth(Math.max(NARROWEST_HELP, Math.min(terminal.width(), 100)));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((e, given) -> wrongUsage(e, terminal));
        line.setExecutionExceptionHandler((e, command, parsed) -> failed(e, terminal));
        return line;
    }

    private static int wrongUsage(ParameterException e, Terminal terminal) {
        CommandSpec spec = e.getCommandLine().getCommandSpec();
        terminal.err().println(terminal.red("minicluster: ") + message(e, spec));
        terminal.err().println("See " + spec.qualifiedName() + " --help.");
        return Exit.USAGE;
    }

    private static String message(ParameterException e, CommandSpec spec) {
        if (e instanceof UnmatchedArgumentException unmatched
                && spec.parent() == null
                && !unmatched.getUnmatched().get(0).startsWith("-")) {
            return String.valueOf(
                    Nearest.unknown("the command", unmatched.getUnmatched().get(0), Root.commands(e.getCommandLine()))
                            .getMessage());
        }
        if (e instanceof UnmatchedArgumentException unmatched) {
            return String.valueOf(Nearest.unknown(
                            "the option",
                            unmatched.getUnmatched().get(0),
                            spec.options().stream()
                                    .filter(option -> !option.hidden())
                                    .map(option -> option.longestName())
                                    .toList())
                    .getMessage());
        }
        if (e instanceof MissingParameterException missing) {
            return "expected " + missing.getMissing().get(0).paramLabel() + " to be given, but was not";
        }
        return String.valueOf(e.getMessage());
    }

    /** What is said on purpose is one message; anything else is our own fault, and all of it is shown. */
    private static int failed(Exception e, Terminal terminal) {
        if (e instanceof MiniClusterException && String.valueOf(e.getMessage()).isEmpty()) {
            // Nobody listens any more.
            return Exit.of(e);
        }
        if (e instanceof MiniClusterException) {
            terminal.err().println(terminal.red("minicluster: ") + e.getMessage());
        } else {
            e.printStackTrace(terminal.err());
        }
        return Exit.of(e);
    }
}
