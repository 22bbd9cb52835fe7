package org.pgminicluster.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgminicluster.report.Block.Cell;

/** A failure is told in a sentence, and shown below it. */
class FailureTextTest {

    private static final String WAIT = """
            org.pgminicluster.wait.WaitFailedException: waited for every table of subscription s on sub to be synced, not within 2.0 s
            last seen: 0 of 1 tables are ready: test=d

            === cluster two
            --- pub: running
              replication slots
                 slot_name | active
                -----------+--------
                 s         | t
                (1 row)
              end of the log
                2026-01-02 03:04:05.678 UTC [42] checkpointer LOG:  checkpoint starting
                2026-01-02 03:04:05.679 UTC [42] checkpointer LOG:  checkpoint complete
            --- sub: down
              end of the log
                (empty)""";

    @Test
    void of_a_wait_the_sentence_says_what_did_not_come_and_what_did() {
        assertThat(FailureText.sentence(WAIT))
                .isEqualTo("waited for every table of subscription s on sub to be synced, not within 2.0 s; last seen:"
                        + " 0 of 1 tables are ready: test=d");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "java.lang.IllegalStateException: broken | IllegalStateException: broken",
                "java.lang.NullPointerException | NullPointerException",
                "java.lang.AssertionError: no | no",
                "org.opentest4j.AssertionFailedError: expected <1> but was <2> | expected <1> but was <2>",
                "it needs 15 | it needs 15",
            })
    void a_class_is_named_only_if_that_says_something(String reason, String sentence) {
        assertThat(FailureText.sentence(reason)).isEqualTo(sentence);
    }

    @Test
    void lines_of_an_assertion_are_read_as_one() {
        assertThat(FailureText.sentence(
                        "org.opentest4j.AssertionFailedError: [rows of vm2] \nexpected: 1\n but was: 2"))
                .isEqualTo("[rows of vm2] expected: 1; but was: 2");
    }

    @Test
    void a_long_sentence_is_cut_and_all_of_it_is_below() {
        String reason = "java.lang.AssertionError: " + "x".repeat(500);

        assertThat(FailureText.sentence(reason)).hasSize(300).endsWith("…");
        assertThat(FailureText.evidence(reason)).containsExactly(new Block.Code("text", reason));
        assertThat(FailureText.evidence("java.lang.AssertionError: short")).isEmpty();
    }

    @Test
    void the_evidence_is_laid_out_node_by_node() {
        assertThat(FailureText.evidence(WAIT))
                .containsExactly(
                        new Block.Code("text", WAIT.substring(0, WAIT.indexOf("\n\n"))),
                        new Block.Heading("evidence-1", "cluster two"),
                        new Block.Heading("evidence-2", "pub: running"),
                        new Block.Table(
                                "replication slots",
                                List.of("slot_name", "active"),
                                List.of(List.of(Cell.of("s"), Cell.of("t")))),
                        new Block.Text(Block.Tone.PLAIN, "end of the log:"),
                        new Block.Code(
                                "text",
                                "2026-01-02 03:04:05.678 UTC [42] checkpointer LOG:  checkpoint starting\n"
                                        + "2026-01-02 03:04:05.679 UTC [42] checkpointer LOG:  checkpoint complete"),
                        new Block.Heading("evidence-6", "sub: down"),
                        new Block.Text(Block.Tone.PLAIN, "end of the log:"),
                        new Block.Code("text", "(empty)"));
    }
}
