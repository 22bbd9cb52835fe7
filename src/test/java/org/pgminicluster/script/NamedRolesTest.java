package org.pgminicluster.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The roles that a statement takes for granted. */
class NamedRolesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "ALTER TABLE public.t OWNER TO App_Owner | app_owner",
                "ALTER AGGREGATE a(text, \"owner to\") OWNER TO \"Odd \"\"one\"\"\" | Odd \"one\"",
                "ALTER LARGE OBJECT 1 OWNER TO o | o",
                "GRANT SELECT(\"to\"),UPDATE ON TABLE t TO a, GROUP b,\"c\" WITH GRANT OPTION GRANTED BY d | a,b,c,d",
                "GRANT a, b TO c WITH ADMIN OPTION | a,b,c",
                "REVOKE ALL ON SCHEMA public FROM PUBLIC, a | a",
                "REVOKE GRANT OPTION FOR SELECT ON t FROM a CASCADE | a",
                "REVOKE ADMIN OPTION FOR a FROM b | a,b",
                "ALTER DEFAULT PRIVILEGES FOR ROLE a, b IN SCHEMA s GRANT SELECT ON TABLES TO c | a,b,c",
                "ALTER DEFAULT PRIVILEGES FOR USER a REVOKE ALL ON FUNCTIONS FROM PUBLIC | a",
                "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO c | c",
                "CREATE POLICY p ON t FOR SELECT TO a, PUBLIC, b USING (x TO y) | a,b",
                "ALTER POLICY p ON t TO a | a",
                "CREATE SCHEMA s AUTHORIZATION a | a",
                "CREATE SCHEMA AUTHORIZATION a | a",
                "SET SESSION AUTHORIZATION 'it''s' | it's",
                "CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'b') | a",
            })
    void roles_that_are_to_be_there(String sql, String roles) {
        assertThat(NamedRoles.of("-- a comment\n" + sql)).containsExactlyElementsOf(List.of(roles.split(",")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 'ALTER TABLE t OWNER TO a'",
                "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ GRANT SELECT ON t TO a $$",
                "ALTER TABLE t OWNER TO CURRENT_USER",
                "GRANT USAGE ON SCHEMA public TO public",
                "ALTER TABLE t RENAME TO a",
                "ALTER POLICY p ON t RENAME TO a",
                "CREATE ROLE a IN ROLE b",
                "SET SESSION AUTHORIZATION DEFAULT",
                "SET ROLE a",
                "ALTER TABLE t ADD COLUMN owner text",
                "ALTER SEQUENCE s OWNED BY t.id",
                "CREATE POLICY p ON t USING (true)",
                "COMMENT ON TABLE t IS 'GRANT a TO b'",
                "GRANT",
                ""
            })
    void others_name_none(String sql) {
        assertThat(NamedRoles.of(sql)).isEmpty();
    }

    @Test
    void a_set_of_statements_that_a_dump_writes_again_and_again() {
        assertThat(DumpOrigin.saysNothingTo(13, "SET transaction_timeout = 0")).isTrue();
        assertThat(DumpOrigin.saysNothingTo(17, "SET transaction_timeout = 0")).isFalse();
        assertThat(DumpOrigin.saysNothingTo(13, "SET transaction_timeout = 5")).isFalse();
        assertThat(DumpOrigin.saysNothingTo(11, "SET default_table_access_method = heap"))
                .isTrue();
        assertThat(DumpOrigin.saysNothingTo(12, "SET default_table_access_method = heap"))
                .isFalse();
    }
}
