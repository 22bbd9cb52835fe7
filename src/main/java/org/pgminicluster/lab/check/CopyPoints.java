package org.pgminicluster.lab.check;

import java.util.ArrayList;
import java.util.List;
import org.pgminicluster.state.RecoveryState;

/** What protects vm3: a backup, and a hot standby. */
final class CopyPoints {

    private CopyPoints() {}

    static List<Point> backup(SeenHomework homework, Evidence evidence) {
        Survey vm3 = homework.vm3();
        boolean ready = !homework.shared().isEmpty()
                && homework.shared().stream().allMatch(shared -> vm3.receives(shared.name()));
        Finding otherwise = ready && evidence.isReadOnly()
                ? Finding.untold("backup-read-only", vm3.node())
                : Finding.notYet("backup-later", vm3.node());
        return List.of(new Point(
                "backup", List.of(vm3.node()), List.of(evidence.backup().orElse(otherwise))));
    }

    static List<Point> standby(SeenHomework homework, Evidence evidence) {
        Survey vm3 = homework.vm3();
        List<Finding> findings = homework.vm4()
                .map(vm4 -> standby(homework, vm4, evidence))
                .orElseGet(() -> List.of(Finding.notYet(
                        "standby-none",
                        vm3.node(),
                        vm3.address().host(),
                        Integer.toString(vm3.address().port()))));
        return List.of(new Point("standby", List.of("vm4", vm3.node()), findings));
    }

    private static List<Finding> standby(SeenHomework homework, Survey vm4, Evidence evidence) {
        Survey vm3 = homework.vm3();
        RecoveryState recovery = vm4.recovery();
        boolean copy = isCopy(vm4, vm3);
        // Servers that were made from one template have one identity, and nothing is said by that.
        boolean tells = !isCopy(homework.vm1(), vm3) && !isCopy(homework.vm2(), vm3);
        if (recovery == null) {
            return List.of(
                    copy && tells
                            ? Finding.wrong("standby-promoted", vm4.node(), vm3.node())
                            : Finding.notYet("standby-no-copy", vm4.node(), vm3.node()));
        }
        if (!copy) {
            return List.of(Finding.wrong("standby-of-other", vm4.node(), vm3.node()));
        }
        List<Finding> findings = new ArrayList<>();
        boolean hidden = !vm4.server().monitor();
        if (!recovery.receiver().equals("streaming") && !hidden) {
            findings.add(Finding.wrong("standby-not-streaming", vm4.node(), vm3.node(), recovery.receiver()));
        } else if (!evidence.isReplayed()) {
            findings.add(Finding.wrong("standby-behind", vm4.node(), vm3.node()));
        } else {
            findings.add(Finding.done("standby-done", vm4.node(), vm3.node(), String.valueOf(recovery.replayed())));
        }
        if (recovery.slot().isEmpty()) {
            findings.add(Finding.remark("standby-slotless", vm4.node(), vm3.node()));
        }
        return findings;
    }

    private static boolean isCopy(Survey one, Survey other) {
        return one.server().identity().equals(other.server().identity());
    }
}
