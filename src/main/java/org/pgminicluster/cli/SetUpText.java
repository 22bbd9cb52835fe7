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
            Map<String, List<String>> nodes = new LinkedHashMap<>();
            script.phase(phase)
                    .forEach(step -> nodes.computeIfAbsent(step.command().toString(), text -> new ArrayList<>())
                            .add(step.node()));
            nodes.forEach((text, names) -> typed.add(Typed.sql(String.join(", ", names), text)));
        }
        return typed;
    }
}
