package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Topology;

/** A subscription to a publication that is not there. */
final class PublicationMissing implements Problem {

    @Override
    public String id() {
        return "publication-missing";
    }

    @Override
    public String page() {
        return "sql-createsubscription";
    }

    @Override
    public Topology topology() {
        return Stages.following(vm1 -> vm1.publishes("test_pub", "test"));
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm2 = lesson.node("vm2");

        ServerLog.Mark mark1 = vm1.log().mark(), mark2 = vm2.log().mark();
        vm2.execute(Stages.subscribe("test_sub", vm2, vm1, "tets_pub"));
        vm1.execute("INSERT INTO test VALUES (1, 'one')");
        if (lesson.major() < 18) {
            lesson.logged(vm2, mark2, Wording.of("publication \"tets_pub\" does not exist"));
        } else {
            lesson.logged(vm1, mark1, Wording.of("skipped loading publication \"tets_pub\""));
        }
        lesson.holds(vm2, "test");
        lesson.shows(vm2, "pg_subscription_rel", Stages.TABLES);

        lesson.cure();
        vm2.execute("DROP SUBSCRIPTION test_sub");
        vm2.execute(Stages.subscribe("test_sub", vm2, vm1, "test_pub"));
        lesson.proof(vm2, "test", Row.of(1, "one"));
    }
}
