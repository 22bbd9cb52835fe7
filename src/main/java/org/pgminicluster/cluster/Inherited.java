package org.pgminicluster.cluster;

import java.util.ArrayList;
import java.util.List;
import org.pgminicluster.journal.Row;
import org.pgminicluster.script.Conninfo;

/**
 * A subscription as a standby has it from its primary, and how far the standby has come with it. The position is that of
 * the origin, which is replayed with every commit, and can be read in recovery.
 *
 * @param name the subscription's name
 * @param subscriber the node whose catalogs have it, through its database
 * @param publisher the node that it follows, through the database that it follows
 * @param slot the slot that it streams from
 * @param role the role by which it logs in
 * @param applied up to where the publisher's commits are applied here; zero before the first one
 * @see <a href="https://www.postgresql.org/docs/13/replication-origins.html">Replication Progress Tracking</a>
 */
record Inherited(String name, Node subscriber, Node publisher, String slot, String role, Lsn applied) {

    private static final String ALL = """
            SELECT s.subname, d.datname, s.subslotname, s.subconninfo, coalesce(o.remote_lsn, '0/0')
              FROM pg_subscription s
              JOIN pg_database d ON d.oid = s.subdbid
              LEFT JOIN pg_replication_origin_status o ON o.external_id = 'pg_' || s.oid
             WHERE s.subslotname IS NOT NULL AND s.subenabled
             ORDER BY 1""";

    /** All that follow a node of this cluster. */
    static List<Inherited> on(Node node) {
        List<Inherited> all = new ArrayList<>();
        for (Row row : node.look(ALL).values()) {
            Conninfo conninfo = Conninfo.parse(row.text(3));
            Link.publisher(node.cluster(), conninfo)
                    .ifPresent(publisher -> all.add(new Inherited(
                            row.text(0),
                            node.in(row.text(1)),
                            publisher,
                            row.text(2),
                            conninfo.get("user").orElse(""),
                            Lsn.parse(row.text(4)))));
        }
        return all;
    }

    @Override
    public String toString() {
        return "subscription " + name + " on " + subscriber.name();
    }
}
