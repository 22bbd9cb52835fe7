package org.pgminicluster.server.container;

import java.util.HashMap;
import java.util.Map;
import org.pgminicluster.server.Owner;

/** The labels on everything that is made at the engine. */
final class EngineLabels {

    /** On all that this library makes; its value is the group's name. */
    static final String GROUP = "org.pgminicluster";
    /** The node that a container is. */
    static final String NODE = "org.pgminicluster.node";

    private EngineLabels() {}

    static Map<String, String> ofGroup(String group) {
        Map<String, String> labels = new HashMap<>(Owner.current().toMap());
        labels.put(GROUP, group);
        return Map.copyOf(labels);
    }
}
