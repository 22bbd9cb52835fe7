package org.pgminicluster.cli.byhand;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pgminicluster.script.Script;
import org.pgminicluster.script.Step;

/** The statements of a set-up in the order in which a person would type them; what several nodes get is shown once. */
public final class SetUpByHand {

    private SetUpByHand() {}

    public static List<HandCommand> of(Script script) {
        List<HandCommand> commands = new ArrayList<>();
        for (Step.Phase phase : Step.Phase.values()) {
            Map<Step.Command, List<String>> nodes = new LinkedHashMap<>();
            script.phase(phase)
                    .forEach(step -> nodes.computeIfAbsent(step.command(), command -> new ArrayList<>())
                            .add(step.node()));
            nodes.forEach((command, names) -> commands.add(
                    command instanceof Step.BaseBackup
                            ? HandCommand.shell(command.toString())
                            : HandCommand.sql(String.join(", ", names), command.toString())));
        }
        return commands;
    }
}
