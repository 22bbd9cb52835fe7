package org.pgminicluster.lab.check;

import java.util.List;
import org.pgminicluster.topology.TableName;

/**
 * A publication.
 *
 * @param everything whether it is one of all tables
 * @param acts what it publishes: {@code INSERT} and so on
 * @param tables those that it has now
 */
record PublicationFacts(String name, boolean everything, List<String> acts, List<TableName> tables) {

    PublicationFacts {
        acts = List.copyOf(acts);
        tables = List.copyOf(tables);
    }

    boolean has(TableName table) {
        return tables.contains(table);
    }
}
