package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.topology.Topology;

/** A publisher that does not let the subscriber in. */
final class PgHba implements Problem {

    /** Written by the server itself: the one file that a person would open in an editor. */
    private static String hba(String... lines) {
        return "DO $$ BEGIN EXECUTE format('COPY (VALUES (''" + String.join("''), (''", lines)
                + "'')) TO %L', current_setting('hba_file')); END $$";
    }

    @Override
    public String id() {
        return "pg-hba";
    }

    @Override
    public String page() {
        return "auth-pg-hba-conf";
    }

    @Override
    public Topology topology() {
        return Stages.following(vm1 -> vm1.publishes("test_pub", "test"));
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm2 = lesson.node("vm2");

        vm1.execute(hba("host all postgres all scram-sha-256"));
        Stages.reload(vm1);
        String subscribe = Stages.subscribe("test_sub", vm2, vm1, "test_pub");
        lesson.refused(
                vm2,
                subscribe,
                Wording.of("no pg_hba.conf entry for replication connection from host")
                        .since(14, "no pg_hba.conf entry for host"));

        lesson.cure();
        vm1.execute(hba("host all postgres all scram-sha-256", "host rep +replicator all scram-sha-256"));
        Stages.reload(vm1);
        vm2.execute(subscribe);
        vm1.execute("INSERT INTO test VALUES (1, 'one')");
        lesson.proof(vm2, "test", Row.of(1, "one"));
    }
}
