package org.pgminicluster.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * One database of a node and what is in it.
 *
 * @param name the database's name
 * @param schema scripts that make its schema, in order
 * @param migrations code that makes its schema, after the scripts, in order
 * @param seed scripts that put the first rows in, before anything is guarded, published or subscribed
 * @param owns tables that this node writes though it publishes them nowhere
 * @param readOnly tables that are read-only copies here: direct writes are refused by triggers, their guards
 * @param publications what leaves
 * @param subscriptions what comes in
 */
@API(status = API.Status.MAINTAINED)
public record DatabaseSpec(
        String name,
        List<SqlScript> schema,
        List<Migration> migrations,
        List<SqlScript> seed,
        List<TableName> owns,
        List<TableName> readOnly,
        List<Publication> publications,
        List<Subscription> subscriptions) {

    public DatabaseSpec {
        schema = List.copyOf(schema);
        migrations = List.copyOf(migrations);
        seed = List.copyOf(seed);
        owns = List.copyOf(owns);
        readOnly = List.copyOf(readOnly);
        publications = List.copyOf(publications);
        subscriptions = List.copyOf(subscriptions);
    }

    /**
     * The former name of {@link #readOnly()}.
     *
     * @deprecated say {@link #readOnly()}; this one goes with the next release
     */
    @Deprecated
    public List<TableName> guards() {
        return readOnly;
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
        return new DatabaseSpec(name, all, migrations, seed, owns, readOnly, publications, subscriptions);
    }

    DatabaseSpec seeded(SqlScript rows) {
        List<SqlScript> all = new ArrayList<>(seed);
        all.add(rows);
        return new DatabaseSpec(name, schema, migrations, all, owns, readOnly, publications, subscriptions);
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
