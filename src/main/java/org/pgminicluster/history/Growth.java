package org.pgminicluster.history;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.pgminicluster.history.KeyedTable.Column;
import org.pgminicluster.script.Sql;
import org.pgminicluster.topology.TableName;

/**
 * A table that comes into a ledger's publication while a history goes on. Each transaction of the ledger writes a row of it,
 * whether it is published or not.
 *
 * @param table the table
 * @param route its ledger's
 */
record Growth(TableName table, Route route) {

    static Growth of(Route route) {
        TableName counter = route.ledger().counter();
        return new Growth(new TableName(counter.schema(), counter.name().replace("_counter", "_added")), route);
    }

    /** Whether there is one publication that lists its tables, and nobody passes on what it brings. */
    static boolean isPossible(HistoryTopology history, Route route) {
        return !history.waitsAlready(route.origin())
                && route.hops().stream()
                        .allMatch(hop -> hop.from().equals(route.origin()) && Reseeding.listsAll(hop.publication()))
                && publications(route).size() == 1;
    }

    private static List<String> publications(Route route) {
        return route.hops().stream()
                .map(hop -> hop.publication().name())
                .distinct()
                .toList();
    }

    String publication() {
        return Sql.identifier(publications(route).get(0));
    }

    /** Where it arrives. */
    String create() {
        return "CREATE TABLE IF NOT EXISTS " + Sql.table(table) + " (seq bigint PRIMARY KEY)";
    }

    String truncate() {
        return "TRUNCATE " + Sql.table(table);
    }

    /** Where it is written: a row with the first canary row of each transaction. */
    List<String> write() {
        TableName function = new TableName(table.schema(), table.name() + "_too");
        return List.of(
                create(),
                "CREATE OR REPLACE FUNCTION " + Sql.table(function) + "() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                        + " INSERT INTO " + Sql.table(table) + " VALUES (NEW.seq); RETURN NULL; END $$",
                "DROP TRIGGER IF EXISTS added_too ON "
                        + Sql.table(route.ledger().canary()),
                "CREATE TRIGGER added_too AFTER INSERT ON "
                        + Sql.table(route.ledger().canary())
                        + " FOR EACH ROW WHEN (NEW.part = 1) EXECUTE PROCEDURE "
                        + Sql.table(function) + "()");
    }

    KeyedTable keyed() {
        return new KeyedTable(
                table, List.of(new Column("seq", "v", false, false)), List.of("seq"), Set.<KeyedTable.Ability>of());
    }

    /** All followers, each with the subscription by which it follows. */
    Stream<Hop> followers() {
        return route.hops().stream();
    }
}
