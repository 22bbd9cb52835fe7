package org.pgminicluster.lab.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.pgminicluster.script.Sql;
import org.pgminicluster.state.SlotState;

/** One slot for each subscription, and none that nobody reads. */
final class SlotPoints {

    private static final int NEEDED = 4;

    private SlotPoints() {}

    static List<Point> of(SeenHomework homework, Evidence evidence) {
        List<Finding> findings = new ArrayList<>();
        List<String> used = new ArrayList<>();
        for (Survey server : homework.nodes()) {
            for (SlotState slot : server.wal().slots()) {
                if (!slot.name().isEmpty() && !slot.temporary() && !slot.synced() && !slot.copiesATable()) {
                    judge(homework, server, slot, findings, used);
                }
            }
        }
        if (findings.isEmpty()) {
            findings.add(
                    used.size() >= NEEDED
                            ? Finding.done("slots-done", String.join(", ", used))
                            : Finding.notYet("slots-few", Integer.toString(used.size()), Integer.toString(NEEDED)));
        }
        return List.of(new Point("slots", List.of(), findings));
    }

    private static void judge(
            SeenHomework homework, Survey server, SlotState slot, List<Finding> findings, List<String> used) {
        String where = slot.name() + " (" + server.node() + ")";
        if (slot.physical()) {
            boolean wanted = slot.active()
                    || homework.vm4()
                            .filter(it -> it.recovery() != null
                                    && it.recovery().slot().equals(slot.name()))
                            .isPresent();
            if (!wanted) {
                findings.add(orphan(server, slot));
            }
            return;
        }
        if (!Objects.equals(slot.database(), server.database())) {
            return;
        }
        List<SubscriptionLink> users = homework.links().stream()
                .filter(link -> link.publisher() != null
                        && link.publisher().node().equals(server.node())
                        && link.subscription()
                                .slot()
                                .filter(slot.name()::equals)
                                .isPresent())
                .toList();
        if (users.size() > 1) {
            findings.add(Finding.wrong(
                    "slot-name-clash",
                    server.node(),
                    slot.name(),
                    users.stream()
                            .map(link -> link.name() + " (" + link.subscriber().node() + ")")
                            .collect(Collectors.joining(", "))));
        } else if (users.size() == 1) {
            used.add(where);
        } else if (!slot.active()) {
            findings.add(orphan(server, slot));
        }
    }

    private static Finding orphan(Survey server, SlotState slot) {
        Long retained = slot.retained();
        return Finding.wrong(
                "orphan-slot",
                server.node(),
                slot.name(),
                Long.toString((retained == null ? 0 : retained) >> 10),
                "SELECT pg_drop_replication_slot(" + Sql.literal(slot.name()) + ")");
    }
}
