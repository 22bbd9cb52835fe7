package org.pgminicluster.lab.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where connection strings lead, in each form that libpq reads. */
class LeadTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "host=vm1 port=5433 dbname=rep user=repl password=secret | vm1 | 5433 | repl | true",
                "host=vm1 user='a b' | vm1 | 5432 | a b | false",
                "dbname=rep | localhost | 5432 | '' | false",
                "host=name hostaddr=10.0.0.1 user=u | 10.0.0.1 | 5432 | u | false",
                "postgresql://u:p@vm1:5433/rep | vm1 | 5433 | u | true",
                "postgres://u@[::1]/rep?sslmode=require | ::1 | 5432 | u | false",
                "postgresql://vm1/rep?sslmode=require&password=p | vm1 | 5432 | '' | true",
                "nonsense | '' | 0 | '' | false",
                "'' | '' | 0 | '' | false",
                "host=vm1 port=many | '' | 0 | '' | false"
            })
    void a_string_leads_somewhere(String conninfo, String host, int port, String user, boolean password) {
        assertThat(Lead.of(conninfo)).isEqualTo(new Lead(host, port, user, password));
    }

    @Test
    void a_password_is_in_no_text() {
        assertThat(Lead.of("host=vm1 user=u password=secret").toString()).doesNotContain("secret");
        assertThat(Lead.of("postgresql://u:secret@vm1/rep").toString()).doesNotContain("secret");
    }
}
