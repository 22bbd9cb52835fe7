package org.pgminicluster.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgminicluster.topology.TableName;

class LedgerTest {

    private static Ledger ledger(boolean counted) {
        return new Ledger(
                "vm1", "vm1", new TableName("public", "c"), new TableName("public", "canary"), counted, List.of());
    }

    @Test
    void the_counter_row_is_put_in_where_it_does_not_come_by_a_copy() {
        String tables = """
                CREATE TABLE public.c (one integer PRIMARY KEY DEFAULT 1, n bigint NOT NULL);
                CREATE TABLE public.canary (seq bigint NOT NULL, part integer NOT NULL, op integer NOT NULL);
                """;

        assertThat(ledger(true).schema(false)).isEqualTo(tables);
        assertThat(ledger(true).schema(true)).isEqualTo(tables + "INSERT INTO public.c VALUES (1, 0);\n");
    }

    @Test
    void where_the_counter_does_not_travel_the_last_transaction_tells_how_far_a_copy_has_come() {
        assertThat(ledger(true).progress()).isEqualTo("SELECT n FROM public.c");
        assertThat(ledger(false).progress()).isEqualTo("SELECT coalesce(max(seq), 0) FROM public.canary");
    }
}
