package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.cluster.Session;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.topology.Topology;

/** Somebody subscribes who may not. */
final class NotSuperuserSubscriber implements Problem {

    @Override
    public String id() {
        return "not-superuser-subscriber";
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

        vm2.execute("CREATE ROLE app");
        String subscribe = Stages.subscribe("test_sub", vm2, vm1, "test_pub");
        try (Session app = vm2.session()) {
            app.execute("SET ROLE app");
            lesson.refused(
                    vm2,
                    app,
                    subscribe,
                    Wording.of("must be superuser to create subscriptions")
                            .since(16, "permission denied to create subscription"));
        }

        lesson.cure();
        vm2.execute(subscribe);
        vm1.execute("INSERT INTO test VALUES (1, 'one')");
        lesson.proof(vm2, "test", Row.of(1, "one"));
    }
}
