package org.pgminicluster.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pgminicluster.script.Script;
import org.pgminicluster.script.Step;

/** The statements of a set-up in the order in which a person would type them; what several nodes get is shown once. */
final class SetUpText {

    private SetUpText() {}

    static List<Typed> of(Script script) {
        List<Typed> typed = new ArrayList<>();
        for (Step.Phase phase : Step.Phase.values()) {
            Map<Step.Command, List<String>> nodes = new LinkedHashMap<>();
            script.phase(phase)
                    .forEach(step -> nodes.computeIfAbsent(step.command(), command -> new ArrayList<>())
                            .add(step.node()));
            nodes.forEach((command, names) -> typed.add(
                    command instanceof Step.BaseBackup
                            ? Typed.shell(command.toString())
                            : Typed.sql(String.join(", ", names), command.toString())));
        }
        return typed;
    }
}
