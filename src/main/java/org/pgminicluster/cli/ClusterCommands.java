package org.pgminicluster.cli;

import picocli.CommandLine.Command;

/** The commands that the daemon carries out: some are typed, some are what others need of it. */
@Command(name = "minicluster")
final class ClusterCommands {

    static CommandRunner addTo(CommandRunner runner) {
        return runner.with("status", new StatusCommand())
                .with("watch", new WatchCommand())
                .with("restart", new RestartCommand())
                .with("basebackup", new BaseBackupCommand())
                .with("backup", new BackupCommand())
                .with("restore", new RestoreCommand())
                .with("pitr", PitrCommand.withVerbs())
                .with("fault", FaultCommand.withVerbs())
                .with(QueryCommand.NAME, new QueryCommand())
                .with(AddressesCommand.NAME, new AddressesCommand())
                .with(PlacesCommand.NAME, new PlacesCommand())
                .with(CardCommand.NAME, new CardCommand())
                .with(NoteCommand.NAME, new NoteCommand())
                .with(TaskCommand.NAME, new TaskCommand())
                .with(EndCommand.NAME, new EndCommand());
    }
}
