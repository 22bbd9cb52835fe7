package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.lab.lesson.Texts;

/** What {@code practice} prints. */
class PracticeTaskTest {

    private static final List<RunningCluster.Address> ADDRESSES = List.of(
            new RunningCluster.Address("vm1", "127.0.0.1", 32768, "postgres", true, "postgres", "vm1", 5432),
            new RunningCluster.Address("vm3", "", 0, "postgres", false, "postgres", "vm3", 5432));

    private static List<String> lines(Language language, int width, boolean inContainers) {
        Terminal terminal = new Terminal(
                OutputStream.nullOutputStream(),
                OutputStream.nullOutputStream(),
                InputStream.nullInputStream(),
                false,
                false,
                width);
        return new PracticeTask(Texts.ofPractice(language), terminal)
                .lines(
                        "practice: PostgreSQL 13.23, container",
                        ADDRESSES,
                        "target/minicluster/up/passfile",
                        inContainers ? "../pg_hba.conf" : "pg_hba.conf",
                        inContainers);
    }

    @Test
    void begins_with_how_to_get_in_from_here_and_from_the_other_nodes() {
        assertThat(String.join("\n", lines(Language.EN, 80, true))).startsWith("""
                ┌ practice: PostgreSQL 13.23, container ────────────────────────┐
                │ vm1  psql -h 127.0.0.1 -p 32768 -U postgres                   │
                │      jdbc:postgresql://127.0.0.1:32768/postgres?user=postgres │
                │      for the other nodes: host=vm1 port=5432                  │
                │ vm3  is down                                                  │
                │      for the other nodes: host=vm3 port=5432                  │
                └───────────────────────────────────────────────────────────────┘
                The password of postgres is in a file that psql and JDBC find by
                  export PGPASSFILE=target/minicluster/up/passfile
                """);
    }

    @ParameterizedTest
    @EnumSource
    void has_every_line_of_the_homework(Language language) {
        List<String> lines = lines(language, 80, false);

        for (int line = 1; line <= 7; line++) {
            String begin = line + ". ";
            assertThat(lines).filteredOn(each -> each.startsWith(begin)).hasSize(1);
        }
        assertThat(lines).noneMatch(line -> line.startsWith("8. "));
    }

    @ParameterizedTest
    @EnumSource
    void says_what_can_be_typed(Language language) {
        assertThat(lines(language, 80, true))
                .contains(
                        "    minicluster sql vm1 -d rep -f FILE",
                        "    minicluster restart vm1",
                        "    COPY (SELECT 'host rep ROLE all md5') TO PROGRAM 'cat >> ../pg_hba.conf';",
                        "    SELECT pg_reload_conf();",
                        "    minicluster basebackup vm4 'host=vm3 port=5432 user=ROLE ...' SLOT",
                        "    minicluster check",
                        "    minicluster down");
    }

    @ParameterizedTest
    @CsvSource({"EN,an editor,node's container", "RU,в редакторе,в контейнере узла"})
    void tells_where_pg_hba_conf_is_by_what_servers_run_in(Language language, String process, String container) {
        String asProcesses = String.join(" ", lines(language, 1000, false));
        String inContainers = String.join(" ", lines(language, 1000, true));

        assertThat(asProcesses).contains(process).doesNotContain(container);
        assertThat(inContainers).doesNotContain(process).contains(container);
    }

    @ParameterizedTest
    @CsvSource({"EN,80", "RU,80", "EN,200", "RU,200"})
    void fits_the_terminal_and_no_line_is_longer_than_one_reads(Language language, int width) {
        assertThat(lines(language, width, true))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(Math.min(width, 100)));
    }
}
