package org.pgminicluster.cli.byhand;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.server.ServerKind;

/**
 * What a server is at one moment, as far as faults change it without a statement that the journal has.
 *
 * @param started when its postmaster began; empty if it does not answer
 * @param loaded when it last read its files; empty if it does not answer
 * @param refusals the lines of {@code pg_hba.conf} that refuse a role, in their order
 * @param settings those that it was started with
 * @param slots its replication slots
 */
record NodeFacts(
        String started, String loaded, List<Refusal> refusals, Map<String, String> settings, Set<String> slots) {

    private static final Pattern REFUSAL = Pattern.compile("(?m)^host (\\S+) \"(.+)\" all reject$");

    /** A role that is refused for a database, or for physical replication. */
    record Refusal(String database, String role) {
        /** As it stands in {@code pg_hba.conf}. */
        String line() {
            return "host " + database + " \"" + role + "\" all reject";
        }
    }

    boolean answers() {
        return !started.isEmpty();
    }

    static NodeFacts of(Node node, ServerByHand byHand, Optional<NodeFacts> before) {
        if (!node.isRunning() || node.isPaused()) {
            return silent(byHand, before);
        }
        try (Look look = new Look(node)) {
            List<String> times = look.rows("SELECT pg_postmaster_start_time(), pg_conf_load_time()")
                    .get(0);
            Map<String, String> settings = new LinkedHashMap<>();
            look.rows("SELECT name, setting FROM pg_settings WHERE source = 'command line' ORDER BY 1")
                    .forEach(row -> settings.put(row.get(0), row.get(1)));
            return new NodeFacts(
                    times.get(0),
                    times.get(1),
                    look
                            .rows("SELECT database[1], user_name[1] FROM pg_hba_file_rules WHERE auth_method = 'reject'"
                                    + " ORDER BY line_number")
                            .stream()
                            .map(row -> new Refusal(row.get(0), row.get(1)))
                            .toList(),
                    settings,
                    new LinkedHashSet<>(look.column("SELECT slot_name FROM pg_replication_slots ORDER BY 1")));
        } catch (MiniClusterException e) {
            // It went away just now.
            return silent(byHand, before);
        }
    }

    /** As it was when it answered, but for what it will read when it is started; who can look into a container? */
    private static NodeFacts silent(ServerByHand byHand, Optional<NodeFacts> before) {
        Path hba = Path.of(byHand.hba());
        try {
            List<Refusal> refusals = byHand.kind() == ServerKind.PROCESS && Files.exists(hba)
                    ? refusals(Files.readString(hba))
                    : before.map(NodeFacts::refusals).orElse(List.of());
            return new NodeFacts(
                    "",
                    "",
                    refusals,
                    before.map(NodeFacts::settings).orElse(Map.of()),
                    before.map(NodeFacts::slots).orElse(Set.of()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Refusal> refusals(String text) {
        return REFUSAL.matcher(text).results().map(NodeFacts::refusal).toList();
    }

    private static Refusal refusal(MatchResult line) {
        return new Refusal(line.group(1), line.group(2));
    }

    /** The settings that this has and the other one has not. */
    Map<String, String> settingsSince(NodeFacts before) {
        return settings.entrySet().stream()
                .filter(setting -> !Optional.ofNullable(before.settings.get(setting.getKey()))
                        .equals(Optional.of(setting.getValue())))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, Map.Entry::getValue, (first, second) -> first, LinkedHashMap::new));
    }
}
