package org.pgminicluster.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.topology.HomeworkTopology;

/** A failover and the way back, typed by hand after what was printed for the same. */
@Order(1)
@ResourceLock("the containers of this JVM that are called up")
@RequiresStandbys
class TakeOverByHandIT {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_failover_and_the_old_primary_as_a_standby(boolean guarded) throws Exception {
        try (Typist minicluster = new Typist(
                guarded ? HomeworkTopology.withGuardedStandby() : HomeworkTopology.withStandby(), directory)) {
            // There and back, so that slots have the names that they will have the next time.
            takeOver(minicluster, "vm3", "vm4");
            takeOver(minicluster, "vm4", "vm3");
            Map<String, List<String>> before = minicluster.settled();

            minicluster.command("fault kill vm3");
            String failOver = minicluster.command("fault failover vm3 vm4");
            Map<String, List<String>> takenOver = minicluster.settled();
            String rejoin = minicluster.command("fault rejoin vm3");
            Map<String, List<String>> rejoined = minicluster.settled();
            takeOver(minicluster, "vm4", "vm3");
            minicluster.awaitState(before);

            minicluster.command("fault kill vm3");
            minicluster.type(failOver);
            try {
                minicluster.awaitState(takenOver);
                minicluster.type(rejoin);
                minicluster.awaitState(rejoined);
            } finally {
                minicluster.endByHand("vm3");
                minicluster.endByHand("vm4");
            }
        }
    }

    private static void takeOver(Typist minicluster, String from, String to) {
        minicluster.command("fault kill " + from);
        minicluster.command("fault failover " + from + " " + to);
        minicluster.command("fault rejoin " + from);
        minicluster.settled();
    }
}
