package org.pgminicluster.history;

import java.util.Arrays;

/**
 * What one publisher writes: a table of the homework, a counter row that every transaction takes, and a canary table
 * without a key. The counter's row lock is held to the end of the commit, so the counter's order is the order of commits,
 * without holes; a row that is applied twice is there twice, since no key keeps it out.
 */
public enum Source {
    /** {@code test}, written on vm1. */
    N1("vm1", "test", "n1"),
    /** {@code test2}, written on vm2. */
    N2("vm2", "test2", "n2");

    private final String publisher;
    private final String table;
    private final String prefix;

    Source(String publisher, String table, String prefix) {
        this.publisher = publisher;
        this.table = table;
        this.prefix = prefix;
    }

    /** The node that writes it. */
    public String publisher() {
        return publisher;
    }

    /** The table of the homework. */
    public String table() {
        return table;
    }

    /** The table with the counter row. */
    public String counter() {
        return prefix + "_seq";
    }

    /** The table without a key, which has two rows for each transaction. */
    public String canary() {
        return prefix + "_canary";
    }

    String[] tables() {
        return new String[] {table, counter(), canary()};
    }

    String schema() {
        return """
                CREATE TABLE %1$s (id integer PRIMARY KEY, name text);
                CREATE TABLE %2$s (one integer PRIMARY KEY DEFAULT 1, n bigint NOT NULL);
                CREATE TABLE %3$s (seq bigint NOT NULL, part integer NOT NULL, op integer NOT NULL);
                INSERT INTO %2$s VALUES (1, 0);
                """.formatted(table, counter(), canary());
    }

    static Source writtenOn(String node) {
        return Arrays.stream(values())
                .filter(source -> source.publisher.equals(node))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("nothing is written on " + node));
    }
}
