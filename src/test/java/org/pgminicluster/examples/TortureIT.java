package org.pgminicluster.examples;

import org.junit.jupiter.api.Test;
import org.pgminicluster.history.Histories;

class TortureIT {

    @Test
    void no_crash_and_no_cut_link_loses_a_price() {
        Histories.of(OwnTablesIT.shop()).seeds(1, 2, 3).writes(40).run();
    }
}
