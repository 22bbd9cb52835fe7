package org.pgminicluster.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What must not leave this machine in a report. */
class MasksTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "host=vm1 password=pass1 user=u; host=vm1 password=******** user=u",
                "CONNECTION 'host=vm1 password=''two words'' user=u'; CONNECTION 'host=vm1 password=******** user=u'",
                "CREATE ROLE r LOGIN PASSWORD 'it''s'; CREATE ROLE r LOGIN PASSWORD '********'",
                "postgresql://me:pass1@vm1/rep; postgresql://me:********@vm1/rep",
                "hash SCRAM-SHA-256$4096:abc$def:ghi end; hash ******** end",
                "passfile=/tmp/a/b/passfile x; passfile=…/passfile x",
                "in /home/me/target/vm1.log, line 3; in …/vm1.log, line 3",
                "~/tests/run/vm1.log; …/vm1.log",
                "C:\\Users\\me\\run\\vm1.log; …/vm1.log",
                "socket \"/tmp/run-1/.s.PGSQL.5432\"; socket \"…/.s.PGSQL.5432\"",
            })
    void is_hidden(String text, String shown) {
        assertThat(Masks.mask("sql", text)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "replayed 0/16B3748",
                "/* vm1 # */ SELECT 1 /* a comment */",
                "https://www.postgresql.org/docs/13/app-psql.html",
                "SELECT a / b / c",
                "and/or",
                "\\password replicator_vm2",
                "password_encryption is scram-sha-256",
                "the password is hashed on this side",
                "0572c408b9b09ec3c8bbea85aa3603e9",
            })
    void stays(String text) {
        assertThat(Masks.mask("sql", text)).isEqualTo(text);
    }

    @Test
    void a_path_after_a_line_break_is_one_too() {
        assertThat(Masks.mask("text", "a\n/tmp/run/x.log\tb")).isEqualTo("a\n…/x.log\tb");
    }

    @Test
    void a_script_for_other_machines_keeps_their_paths_but_no_password() {
        assertThat(Masks.mask("script", "passfile=/var/lib/postgresql/.pgpass password=pass1"))
                .isEqualTo("passfile=/var/lib/postgresql/.pgpass password=********");
    }
}
