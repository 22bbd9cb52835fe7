package org.pgminicluster.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.runtime.NodeTable;

/** The table of who has which rows; it is noted in the journal too. */
final class Holders {

    private Holders() {}

    static String table(MiniCluster cluster, List<Node> nodes, List<String> tables) {
        List<Row> rows = new ArrayList<>();
        for (String table : tables) {
            List<Trace.Copy> copies = new ArrayList<>();
            for (Node node : nodes) {
                NodeTable read = node.table(table).quietly();
                Rows held = read.rows();
                String checksum = read.checksum();
                rows.add(Row.of(
                        table,
                        node.name(),
                        held.size(),
                        held.values().stream().map(Row::toString).collect(Collectors.joining(" ")),
                        checksum));
                copies.add(new Trace.Copy(node.name(), held.size(), checksum));
            }
            cluster.journal().add(null, new Trace.Copies(table, copies));
        }
        return new Rows(List.of("table", "node", "count", "rows", "checksum"), rows).toString();
    }
}
