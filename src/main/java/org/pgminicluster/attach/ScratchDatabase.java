package org.pgminicluster.attach;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.script.Sql;
import org.pgminicluster.script.Step;
import org.pgminicluster.session.Session;

/**
 * A database of its own beside one that stands, in which the topology is made for a moment, so that both can be compared by
 * what catalogs say of them.
 */
final class ScratchDatabase implements AutoCloseable {

    private static final String PREFIX = "minicluster_scratch_";

    private final Member maintenance;
    private final Member database;

    private ScratchDatabase(Member maintenance, Member database) {
        this.maintenance = maintenance;
        this.database = database;
    }

    /** Whether it is one, of which no journal tells. */
    static boolean is(String database) {
        return database.startsWith(PREFIX);
    }

    /** @param maintenance the server, seen through a database that is always there */
    static ScratchDatabase make(Member maintenance) {
        String name = PREFIX + UUID.randomUUID().toString().replace("-", "");
        quietly(maintenance, "CREATE DATABASE " + name);
        return new ScratchDatabase(maintenance, maintenance.in(name));
    }

    /** Makes there what the steps make. */
    void carryOut(List<Step> steps, Consumer<Step> carryOut) {
        steps.forEach(step -> carryOut.accept(
                new Step(step.node(), database.database(), step.phase(), step.reason(), step.command())));
    }

    Set<String> objects() {
        return CatalogObjects.in(database);
    }

    Map<String, String> tables() {
        return CatalogObjects.tables(database);
    }

    Map<String, String> publications() {
        return CatalogObjects.publications(database);
    }

    @Override
    public void close() {
        database.disconnect();
        quietly(maintenance, "DROP DATABASE IF EXISTS " + Sql.identifier(database.database()));
    }

    private static void quietly(Member node, String sql) {
        try (Session session = node.session()) {
            session.recordedBy(event -> {}).execute(sql);
        }
    }
}
