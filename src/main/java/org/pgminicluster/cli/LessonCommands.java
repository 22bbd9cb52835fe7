package org.pgminicluster.cli;

import java.util.ArrayList;
import java.util.List;
import org.pgminicluster.lab.practice.PracticeLesson;
import org.pgminicluster.lab.practice.StartStep;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The commands that make a lesson's start state, as they are typed after {@code minicluster}. */
final class LessonCommands {

    private LessonCommands() {}

    /** What of them is no command, a sentence each. */
    static List<String> wrong(PracticeLesson lesson, String file) {
        List<String> wrong = new ArrayList<>();
        for (int i = 0; i < lesson.start().size(); i++) {
            if (lesson.start().get(i) instanceof StartStep.Command command) {
                try {
                    line().parseArgs(command.words().toArray(String[]::new));
                } catch (ParameterException e) {
                    wrong.add("expected start[" + i + "].command of " + file + " to be a command, but was \""
                            + String.join(" ", command.words()) + "\" ("
                            + UsageError.of(e).message()
                            + "); see minicluster " + command.words().get(0) + " --help");
                }
            }
        }
        return wrong;
    }

    private static CommandLine line() {
        return new CommandLine(new ClusterCommands())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .addSubcommand("restart", new RestartCommand())
                .addSubcommand("basebackup", new BaseBackupCommand())
                .addSubcommand("fault", FaultCommand.withVerbs());
    }
}
