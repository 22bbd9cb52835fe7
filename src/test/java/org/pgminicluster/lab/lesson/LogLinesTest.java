package org.pgminicluster.lab.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** One message out of a log that several processes write. */
class LogLinesTest {

    private static final String LOG = """
            2026-01-01 00:00:00.001 UTC [17] walsender LOG:  logical decoding found initial starting point at 0/15
            2026-01-01 00:00:00.001 UTC [18] logical replication worker ERROR:  duplicate key
            2026-01-01 00:00:00.001 UTC [17] walsender DETAIL:  Waiting for transactions older than 5.
            2026-01-01 00:00:00.002 UTC [18] logical replication worker DETAIL:  Key (id)=(1)
            \talready exists.
            2026-01-01 00:00:00.002 UTC [18] logical replication worker STATEMENT:  COPY test
            \tfrom here
            2026-01-01 00:00:00.003 UTC [18] logical replication worker LOG:  another message
            """;

    @Test
    void a_message_has_the_lines_of_its_process_without_time_and_pid() {
        assertThat(LogLines.around(LOG, "duplicate key")).isEqualTo("""
                logical replication worker ERROR:  duplicate key
                DETAIL:  Key (id)=(1)
                already exists.""");
    }

    @Test
    void a_detail_is_shown_with_the_line_that_it_belongs_to() {
        assertThat(LogLines.around(LOG, "Waiting for transactions")).isEqualTo("""
                walsender LOG:  logical decoding found initial starting point at 0/15
                DETAIL:  Waiting for transactions older than 5.""");
    }

    @Test
    void nothing_is_made_up() {
        assertThat(LogLines.around(LOG, "no such words")).isEmpty();
    }
}
