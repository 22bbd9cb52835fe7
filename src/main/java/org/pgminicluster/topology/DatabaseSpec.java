package org.pgminicluster.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One database of a node and what is in it.
 *
 * @param name the database's name
 * @param schema scripts that make its schema, in order
 * @param seed scripts that put the first rows in, before anything is guarded, published or subscribed
 * @param owns tables that this node writes though it publishes them nowhere
 * @param guards tables that are read-only copies here: direct writes are refused by triggers
 * @param publications what leaves
 * @param subscriptions what comes in
 */
public record DatabaseSpec(
        String name,
        List<SqlScript> schema,
        List<SqlScript> seed,
        List<TableName> owns,
        List<TableName> guards,
        List<Publication> publications,
        List<Subscription> subscriptions) {

    public DatabaseSpec {
        schema = List.copyOf(schema);
        seed = List.copyOf(seed);
        owns = List.copyOf(owns);
        guards = List.copyOf(guards);
        publications = List.copyOf(publications);
        subscriptions = List.copyOf(subscriptions);
    }

    /** The publication of that name. */
    public Optional<Publication> publication(String publicationName) {
        return publications.stream()
                .filter(publication -> publication.name().equals(publicationName))
                .findFirst();
    }

    DatabaseSpec withSchemaBefore(List<SqlScript> shared) {
        List<SqlScript> all = new ArrayList<>(shared);
        all.addAll(schema);
        return new DatabaseSpec(name, all, seed, owns, guards, publications, subscriptions);
    }

    DatabaseSpec seeded(SqlScript rows) {
        List<SqlScript> all = new ArrayList<>(seed);
        all.add(rows);
        return new DatabaseSpec(name, schema, all, owns, guards, publications, subscriptions);
    }

    /** Says what is in a database that is not the topology's own. */
    public static final class Builder extends DatabaseBuilder<Builder> {

        Builder(String name) {
            super(name);
        }

        @Override
        Builder self() {
            return this;
        }
    }
}
