package org.pgminicluster.server.container;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Settings that came later than their server's container, as the container reads them. */
final class LaterSettings {

    private final Map<String, String> all = new LinkedHashMap<>();

    /** Returns the lines of all that came until now and of these. */
    synchronized String with(Map<String, String> settings) {
        all.putAll(settings);
        return all.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue() + "\n")
                .collect(Collectors.joining());
    }
}
