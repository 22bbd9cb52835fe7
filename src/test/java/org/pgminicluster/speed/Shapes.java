package org.pgminicluster.speed;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.pgminicluster.topology.Topology;

/** Topologies of any size. */
final class Shapes {

    private static final String TABLE = "CREATE TABLE item (id integer PRIMARY KEY, name text)";

    private Shapes() {}

    /** n1 writes, all others copy from it. */
    static Topology star(int nodes) {
        Topology.Builder star = Topology.named("star").schema(TABLE);
        star.node("n1", node -> node.publishes("items", "item"));
        IntStream.rangeClosed(2, nodes)
                .forEach(i ->
                        star.node("n" + i, node -> node.readOnly("item").subscribes("items_" + i, "n1", "items")));
        return star.build();
    }

    /** n1 writes, each of the others copies from the one before. */
    static Topology chain(int nodes) {
        Topology.Builder chain = Topology.named("chain").schema(TABLE);
        for (int i = 1; i <= nodes; i++) {
            int at = i;
            chain.node("n" + at, node -> {
                if (at < nodes) {
                    node.publishes("items", "item");
                }
                if (at > 1) {
                    node.readOnly("item").subscribes("items_" + at, "n" + (at - 1), "items");
                }
            });
        }
        return chain.build();
    }

    /** n2 copies that many tables from n1, each with a row. */
    static Topology tables(int tables) {
        String schema = IntStream.rangeClosed(1, tables)
                .mapToObj(i -> "CREATE TABLE item_" + i + " (id integer PRIMARY KEY, name text);")
                .collect(Collectors.joining("\n"));
        String rows = IntStream.rangeClosed(1, tables)
                .mapToObj(i -> "INSERT INTO item_" + i + " VALUES (1, 'one');")
                .collect(Collectors.joining("\n"));
        return Topology.named("tables")
                .schema(schema)
                .node("n1", node -> node.seed(rows).publication("items", publication -> publication.allTables()))
                .node("n2", node -> node.subscribes("items_2", "n1", "items"))
                .build();
    }

    /** n2 copies a table of that many rows from n1. */
    static Topology rows(int rows) {
        return star(2).seeded(
                        "n1", "INSERT INTO item SELECT i, 'row ' || i FROM generate_series(1, " + rows + ") AS i");
    }
}
