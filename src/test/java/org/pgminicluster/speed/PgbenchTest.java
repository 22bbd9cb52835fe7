package org.pgminicluster.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PgbenchTest {

    @Test
    void its_transactions_are_read() {
        assertThat(Pgbench.transactions("duration: 6 s\nnumber of transactions actually processed: 41234\n"))
                .isEqualTo(41234);
    }

    @Test
    void what_it_says_in_their_place_is_told() {
        assertThatThrownBy(() -> Pgbench.transactions("connection refused"))
                .hasMessage("expected pgbench to tell its transactions, but was:\nconnection refused");
    }
}
