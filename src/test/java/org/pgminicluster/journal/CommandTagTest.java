package org.pgminicluster.journal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What psql would print after a statement. */
class CommandTagTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "INSERT INTO test VALUES (1) | 2 | INSERT 0 2",
                "  update test SET x = 1 | 3 | UPDATE 3",
                "DELETE FROM test | 0 | DELETE 0",
                "COPY test FROM STDIN | 4 | COPY 4",
                "MERGE INTO test | 1 | MERGE 1",
                "TRUNCATE test | 0 | TRUNCATE TABLE",
                "CREATE TABLE test(id int) | 0 | CREATE TABLE",
                "create  unique index i ON test(id) | 0 | CREATE INDEX",
                "CREATE OR REPLACE FUNCTION f() RETURNS int | 0 | CREATE FUNCTION",
                "CREATE TEMP TABLE t (id int) | 0 | CREATE TABLE",
                "CREATE UNLOGGED TABLE t (id int) | 0 | CREATE TABLE",
                "CREATE MATERIALIZED VIEW v AS SELECT 1 | 0 | CREATE MATERIALIZED VIEW",
                "CREATE CONSTRAINT TRIGGER t | 0 | CREATE TRIGGER",
                "CREATE EVENT TRIGGER t | 0 | CREATE EVENT TRIGGER",
                "CREATE PUBLICATION p FOR TABLE test | 0 | CREATE PUBLICATION",
                "DROP SUBSCRIPTION IF EXISTS s | 0 | DROP SUBSCRIPTION",
                "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO r | 0 | ALTER DEFAULT PRIVILEGES",
                "ALTER TABLE test DISABLE TRIGGER ALL | 0 | ALTER TABLE",
                "-- why\\nINSERT INTO test VALUES (1) | 1 | INSERT 0 1",
                "/* why */ DROP TABLE test | 0 | DROP TABLE",
                "BEGIN | 0 | BEGIN",
                "GRANT SELECT ON test TO r | 0 | GRANT",
                "SET lock_timeout = 5 | 0 | SET",
                "\\password replicator_vm1 | 0 | ''",
                "'' | 0 | ''"
            })
    void is_what_psql_prints(String sql, long count, String tag) {
        assertThat(CommandTag.of(sql.replace("\\n", "\n"), count)).isEqualTo(tag);
    }
}
