package org.pgminicluster.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apiguardian.api.API;

/** What can be said of any database, the topology's own or another. */
@API(status = API.Status.MAINTAINED)
public abstract sealed class DatabaseBuilder<B extends DatabaseBuilder<B>>
        permits DatabaseSpec.Builder, NodeSpec.Builder {

    private final String name;
    private final List<SqlScript> schema = new ArrayList<>();
    private final List<Migration> migrations = new ArrayList<>();
    private final List<SqlScript> seed = new ArrayList<>();
    private final List<TableName> owns = new ArrayList<>();
    private final List<TableName> readOnly = new ArrayList<>();
    private final List<Publication> publications = new ArrayList<>();
    private final List<Subscription> subscriptions = new ArrayList<>();

    DatabaseBuilder(String name) {
        this.name = name;
    }

    /** Runs the statements, one or many, when the schema is made. */
    public B schema(String sql) {
        schema.add(SqlScript.inline(sql));
        return self();
    }

    /** Runs a file of statements, from the class path or the file system, when the schema is made. */
    public B schemaFrom(String resourceOrFile) {
        schema.add(SqlScript.from(resourceOrFile));
        return self();
    }

    /**
     * Lets code make the schema, after the scripts and before the first rows: {@code
     * migrates(dataSource -> Flyway.configure().dataSource(dataSource).load().migrate())}.
     */
    public B migrates(Migration migration) {
        migrations.add(migration);
        return self();
    }

    /** Puts the first rows in, before anything is guarded, published or subscribed. */
    public B seed(String sql) {
        seed.add(SqlScript.inline(sql));
        return self();
    }

    /** Runs a file of statements that puts the first rows in, from the class path or the file system. */
    public B seedFrom(String resourceOrFile) {
        seed.add(SqlScript.from(resourceOrFile));
        return self();
    }

    /** Tables that this node writes; those that it publishes and does not receive are its own anyway. */
    public B owns(String... tables) {
        owns.addAll(TableName.listOf(tables));
        return self();
    }

    /** Tables that are read-only copies here: a guard refuses direct writes, replicated ones pass. */
    public B readOnly(String... tables) {
        readOnly.addAll(TableName.listOf(tables));
        return self();
    }

    /**
     * The former name of {@link #readOnly}.
     *
     * @deprecated say {@link #readOnly}; this one goes with the next release
     */
    @Deprecated
    public B guards(String... tables) {
        return readOnly(tables);
    }

    /** A publication of whole tables. */
    public B publishes(String publication, String... tables) {
        return publication(publication, p -> p.tables(tables));
    }

    public B publication(String publication, Consumer<Publication.Builder> spec) {
        Publication.Builder builder = new Publication.Builder(publication);
        spec.accept(builder);
        publications.add(builder.build());
        return self();
    }

    /** A subscription with PostgreSQL's defaults. */
    public B subscribes(String subscription, String publisherNode, String... publicationNames) {
        return subscription(subscription, s -> s.to(publisherNode, publicationNames));
    }

    public B subscription(String subscription, Consumer<Subscription.Builder> spec) {
        Subscription.Builder builder = new Subscription.Builder(subscription);
        spec.accept(builder);
        subscriptions.add(builder.build(name));
        return self();
    }

    abstract B self();

    DatabaseSpec buildDatabase() {
        return new DatabaseSpec(name, schema, migrations, seed, owns, readOnly, publications, subscriptions);
    }
}
