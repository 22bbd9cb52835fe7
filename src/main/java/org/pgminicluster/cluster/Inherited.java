package org.pgminicluster.cluster;

import java.util.ArrayList;
import java.util.List;
import org.pgminicluster.journal.Row;
import org.pgminicluster.script.Conninfo;

/**
 * A subscription as a standby has it from its primary, and how far the standby has come with it. The position is that of
 * the origin, which is replayed with every commit, and can be read in recovery.
 *
 * @param oid that of its row, which is another one when it is made again
 * @param name the subscription's name
 * @param subscriber the node whose catalogs have it, through its database
 * @param publisher the node that it follows, through the database that it follows
 * @param slot the slot that it streams from
 * @param role the role by which it logs in
 * @param enabled whether it is to run
 * @param publications their names, as a text array
 * @param applied up to where the publisher's commits are applied here; zero before the first one
 * @see <a href="https://www.postgresql.org/docs/13/replication-origins.html">Replication Progress Tracking</a>
 */
record Inherited(
        long oid,
        String name,
        Node subscriber,
        Node publisher,
        String slot,
        String role,
        boolean enabled,
        String publications,
        Lsn applied) {

    private static final String ALL = """
            SELECT s.oid, s.subname, d.datname, s.subslotname, s.subconninfo, s.subenabled, s.subpublications,
                   coalesce(o.remote_lsn, '0/0')
              FROM pg_subscription s
              JOIN pg_database d ON d.oid = s.subdbid
              LEFT JOIN pg_replication_origin_status o ON o.external_id = 'pg_' || s.oid
             WHERE s.subslotname IS NOT NULL
             ORDER BY 2""";

    /** All that have a slot and follow a node of this cluster. */
    static List<Inherited> on(Node node) {
        List<Inherited> all = new ArrayList<>();
        for (Row row : node.look(ALL).values()) {
            Conninfo conninfo = Conninfo.parse(row.text(4));
            Link.publisher(node.cluster(), conninfo)
                    .ifPresent(publisher -> all.add(new Inherited(
                            Long.parseLong(row.text(0)),
                            row.text(1),
                            node.in(row.text(2)),
                            publisher,
                            row.text(3),
                            conninfo.get("user").orElse(""),
                            "t".equals(row.get(5)),
                            row.text(6),
                            Lsn.parse(row.text(7)))));
        }
        return all;
    }

    /** Whether another node has the same one, be it in another state. */
    boolean isNamedLike(Inherited other) {
        return name.equals(other.name) && subscriber.database().equals(other.subscriber.database());
    }

    @Override
    public String toString() {
        return "subscription " + name + " on " + subscriber.name();
    }
}
