package org.pgminicluster.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.state.Lsn;

class RecoveryTargetTest {

    @Test
    void each_says_itself_by_one_setting() {
        assertThat(RecoveryTarget.restorePoint("before it")).hasToString("recovery_target_name = before it");
        assertThat(RecoveryTarget.xid(742)).hasToString("recovery_target_xid = 742");
        assertThat(RecoveryTarget.lsn(Lsn.parse("0/3000060"))).hasToString("recovery_target_lsn = 0/3000060");
        assertThat(RecoveryTarget.time(Instant.EPOCH))
                .hasToString("recovery_target_time = 1970-01-01 00:00:00.000000+00");
        assertThat(RecoveryTarget.immediate()).hasToString("recovery_target = immediate");
    }

    @Test
    void what_is_named_can_be_left_out() {
        RecoveryTarget before = RecoveryTarget.xid(742).exclusive();

        assertThat(before).hasToString("recovery_target_xid = 742, exclusive");
        assertThat(before.settings())
                .isEqualTo(Map.of(
                        "recovery_target_xid", "742",
                        "recovery_target_inclusive", "off",
                        "recovery_target_action", "promote"));
    }

    @Test
    void a_point_holds_nothing_that_could_be_left_out() {
        assertThatThrownBy(() -> RecoveryTarget.immediate().exclusive())
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected what a recovery stops before to be a transaction, a time or an LSN, but was"
                        + " recovery_target = immediate; recover to it as it is");
        assertThatThrownBy(() -> RecoveryTarget.restorePoint("p").exclusive()).isInstanceOf(MiniClusterException.class);
    }
}
