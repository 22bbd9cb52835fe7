package org.pgminicluster.cli;

import java.util.List;
import java.util.Optional;
import java.util.Properties;

/**
 * The command line. Exits with 0 if all is as expected, 1 if a check failed, 2 if it cannot be told (no cluster, nothing
 * to run servers with, a wait that ran out, an output that could not be written), 64 if the command line itself is wrong.
 */
public final class Main {

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
            exit = commands(context, args).run(args);
        } catch (CommandException e) {
            exit = CommandRunner.failed(e, terminal);
        }
        return arrived(exit, terminal);
    }

    /** What nobody could read was not told, however well all else went. */
    private static int arrived(int exit, Terminal terminal) {
        Optional<String> lost = terminal.lost();
        if (lost.isEmpty()) {
            return exit;
        }
        if (!terminal.isLeft()) {
            terminal.err()
                    .println(terminal.red("minicluster: ")
                            + "expected the output to be written to the end, but was not (" + lost.get()
                            + "); give it a place that takes all of it");
        }
        return exit == Exit.OK ? Exit.INCONCLUSIVE : exit;
    }

    private static CommandRunner commands(Context context, String... args) {
        CommandRunner runner = new CommandRunner(context.terminal(), new Root(context), command -> {
            try (DaemonClient daemon = DaemonClient.connect(context)) {
                return daemon.send(command.sent(List.of(args)));
            }
        });
        return runner.with("demo", new DemoCommand(context))
                .with("up", new UpCommand(context))
                .with("practice", new PracticeCommand(context))
                .with("status", new StatusCommand())
                .with("sql", new SqlCommand(context))
                .with("check", new CheckCommand(context))
                .with("watch", new WatchCommand())
                .with("restart", new RestartCommand())
                .with("basebackup", new BaseBackupCommand())
                .with("backup", new BackupCommand())
                .with("restore", new RestoreCommand())
                .with("pitr", PitrCommand.withVerbs())
                .with("fault", FaultCommand.withVerbs())
                .with("run", new RunCommand(context))
                .with("list", new ListCommand(context))
                .with("explain", new ExplainCommand(context))
                .with("report", new ReportCommand(context))
                .with("logs", new LogsCommand(context))
                .with("down", new DownCommand(context))
                .with("doctor", new DoctorCommand(context));
    }
}
