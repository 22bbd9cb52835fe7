package org.pgminicluster.history;

import org.pgminicluster.topology.Publication;
import org.pgminicluster.topology.Topology;

/** Topologies that are not the homework, of kinds that people have. */
final class OwnTopologies {

    private static final String ITEM =
            "CREATE TABLE item (id integer PRIMARY KEY, name text NOT NULL, price numeric(9, 2) DEFAULT 0);";

    private OwnTopologies() {}

    /** What comes to the middle goes on to the end, and everything that is copied is guarded. */
    static Topology chain() {
        return Topology.named("chain")
                .schema(ITEM)
                .node(
                        "head",
                        head -> head.seed("INSERT INTO item VALUES (1, 'first', 1), (2, 'second', 2)")
                                .publishes("items", "item"))
                .node(
                        "middle",
                        middle -> middle.readOnly("item")
                                .publishes("items_on", "item")
                                .subscribes("middle_items", "head", "items"))
                .node("tail", tail -> tail.readOnly("item").subscribes("tail_items", "middle", "items_on"))
                .build();
    }

    /** Branches write the same table, each with keys of its own, and the office has all; prices go the other way. */
    static Topology star() {
        return Topology.named("star")
                .schema("""
                        CREATE TABLE sale (branch uuid, number bigint, paid boolean, PRIMARY KEY (branch, number));
                        CREATE TABLE price (item text PRIMARY KEY, cents integer NOT NULL);
                        """)
                .node(
                        "office",
                        office -> office.publishes("prices", "price")
                                .subscribes("from_north", "north", "sales")
                                .subscribes("from_south", "south", "sales"))
                .node(
                        "north",
                        north -> north.readOnly("price")
                                .publishes("sales", "sale")
                                .subscribes("north_prices", "office", "prices"))
                .node(
                        "south",
                        south -> south.readOnly("price")
                                .publishes("sales", "sale")
                                .subscribes("south_prices", "office", "prices"))
                .build();
    }

    /** Two databases on each node, each going its own way; one publishes all of its tables without listing them. */
    static Topology twoDatabases() {
        return Topology.named("two databases")
                .database("shop")
                .schema(ITEM)
                .node(
                        "left",
                        left -> left.publishes("items", "item")
                                .database(
                                        "log",
                                        log -> log.schema("CREATE TABLE line (at timestamptz PRIMARY KEY, text text)")
                                                .readOnly("line")
                                                .subscribes("left_lines", "right", "all_lines")))
                .node(
                        "right",
                        right -> right.readOnly("item")
                                .subscribes("right_items", "left", "items")
                                .database(
                                        "log",
                                        log -> log.schema("CREATE TABLE line (at timestamptz PRIMARY KEY, text text)")
                                                .publication("all_lines", all -> all.allTables())))
                .build();
    }

    /** Every type of which values are made up, and tables that are left out. */
    static Topology types() {
        return Topology.named("types")
                .schema("""
                        CREATE SCHEMA sales;
                        CREATE TYPE mood AS ENUM ('good', 'bad', 'so so');
                        CREATE DOMAIN code AS varchar(12) CHECK (length(VALUE) > 2);
                        CREATE TABLE sales."every type" (
                            "the id" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                            small smallint NOT NULL, amount numeric(12, 3), big numeric, f4 real, f8 double precision,
                            short varchar(6) NOT NULL, fixed char(5), long text, yes boolean NOT NULL, day date,
                            stamp timestamp, stamptz timestamptz NOT NULL, clock time, span interval, uid uuid,
                            doc json, docb jsonb NOT NULL, raw bytea, feeling mood NOT NULL, feelings mood[],
                            numbers integer[] NOT NULL, texts text[], coded code, address inet,
                            place point, made timestamptz NOT NULL DEFAULT now(),
                            twice integer GENERATED ALWAYS AS (small * 2) STORED);
                        CREATE TABLE sales.customer (id serial PRIMARY KEY, name text NOT NULL UNIQUE);
                        CREATE TABLE sales.ordered (
                            id uuid, line smallint, customer integer REFERENCES sales.customer, item text, PRIMARY KEY (id, line));
                        CREATE TABLE sales.needs_customer (
                            id integer PRIMARY KEY, customer integer NOT NULL REFERENCES sales.customer);
                        CREATE TABLE sales.even (id integer PRIMARY KEY CHECK (id % 2 = 0));
                        CREATE TABLE sales.area (id integer PRIMARY KEY, shape polygon NOT NULL);
                        CREATE TABLE sales.log (line text);
                        """)
                .node(
                        "source",
                        source -> source.seed("INSERT INTO sales.customer (name) VALUES ('one'), ('two')")
                                .publishes(
                                        "all_of_it",
                                        "sales.every type",
                                        "sales.customer",
                                        "sales.ordered",
                                        "sales.needs_customer",
                                        "sales.even",
                                        "sales.area",
                                        "sales.log"))
                .node(
                        "copy",
                        copy -> copy.readOnly("sales.every type", "sales.customer")
                                .subscribes("all_of_it_copy", "source", "all_of_it"))
                .build();
    }

    /** Only some rows and some columns leave, and some only when they are inserted. */
    static Topology filtered() {
        return Topology.named("filtered")
                .schema("""
                        CREATE TABLE client (id integer, region text, name text, secret text, PRIMARY KEY (id, region));
                        CREATE TABLE audit (id bigint PRIMARY KEY, line text);
                        """)
                .node(
                        "all",
                        all -> all.publication(
                                        "evens", p -> p.tableWhere("client", "id % 2 = 0", "id", "region", "name"))
                                .publication("odds", p -> p.tableWhere("client", "id % 2 = 1"))
                                .publication("audits", p -> p.tables("audit").publish(Publication.Operation.INSERT)))
                .node("even", even -> even.readOnly("client").subscribes("even_sub", "all", "evens", "audits"))
                .node(
                        "odd",
                        odd -> odd.readOnly("client")
                                .publishes("odds_on", "client")
                                .subscribes("odd_sub", "all", "odds"))
                .node("odder", odder -> odder.readOnly("client").subscribes("odder_sub", "odd", "odds_on"))
                .build();
    }

    /** What the writer computes is an ordinary column on the copy. */
    static Topology generated() {
        String item = "CREATE TABLE item (id integer PRIMARY KEY, net integer NOT NULL, ";
        return Topology.named("generated")
                .node(
                        "shop",
                        shop -> shop.schema(item + "gross integer GENERATED ALWAYS AS (net * 2) STORED)")
                                .publication(
                                        "items",
                                        p -> p.tables("item").generatedColumns(Publication.GeneratedColumns.STORED)))
                .node(
                        "copy",
                        copy -> copy.schema(item + "gross integer)")
                                .readOnly("item")
                                .subscribes("items_sub", "shop", "items"))
                .build();
    }

    /** Nothing but inserts goes to a copy whose table has no key, and which has some rows already. */
    static Topology withoutKey(String seed) {
        return Topology.named("without a key")
                .node(
                        "shop",
                        shop -> shop.schema("CREATE TABLE item (id integer PRIMARY KEY, name text)")
                                .seed("INSERT INTO item VALUES (1, 'one')")
                                .publication("items", p -> p.tables("item").publish(Publication.Operation.INSERT)))
                .node(
                        "copy",
                        copy -> copy.schema("CREATE TABLE item (id integer, name text)")
                                .seed(seed)
                                .readOnly("item")
                                .subscribes("items_sub", "shop", "items"))
                .build();
    }

    /** Both write the same table and take from each other what each has written itself. */
    static Topology bothWrite() {
        return Topology.named("both write")
                .schema(ITEM + "CREATE TABLE note (id integer PRIMARY KEY);")
                .node(
                        "east",
                        east -> east.publishes("items", "item", "note")
                                .subscription(
                                        "east_items",
                                        s -> s.to("west", "items")
                                                .copyData(false)
                                                .with("origin", "none")))
                .node(
                        "west",
                        west -> west.publishes("items", "item")
                                .subscription(
                                        "west_items",
                                        s -> s.to("east", "items")
                                                .copyData(false)
                                                .with("origin", "none")))
                .build();
    }

    /** A reader with a guarded standby, which another one follows, and a publisher with a plain one. */
    static Topology standbys() {
        return Topology.named("standbys")
                .schema(ITEM)
                .node("writer", writer -> writer.publishes("items", "item"))
                .node("reader", reader -> reader.readOnly("item").subscribes("reader_items", "writer", "items"))
                .standby("writer-copy")
                .of("writer")
                .standby("reader-copy")
                .guarded()
                .of("reader")
                .standby("third-copy")
                .of("reader-copy")
                .build();
    }
}
