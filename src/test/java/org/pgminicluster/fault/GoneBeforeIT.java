package org.pgminicluster.fault;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Homework;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.wait.WaitFailedException;

/** What is to be broken may be gone between the look whether it is there and the deed. */
@MiniClusterTest
@Homework
class GoneBeforeIT {

    @Test
    @RequiresPostgres(min = 13, because = "before, no slot was lost by itself")
    void what_was_gone_before_is_neither_ended_nor_lost(Node vm1) {
        assertThatThrownBy(() ->
                        new Terminated(vm1.member(), 1_999_999_999, "backend", null, new StalledLinks()).inflict())
                .isInstanceOf(MiniClusterException.class)
                .hasMessage(
                        "expected backend 1999999999 to be there when it is terminated, but was gone already; look for"
                                + " another one");
        assertThatThrownBy(() -> new SlotFaults.Lost(vm1.member(), "no_slot").inflict())
                .isInstanceOf(WaitFailedException.class)
                .message()
                .matches(
                        "(?s)waited for slot no_slot on vm1 to be lost, gave up after \\d+\\.\\d s: it is gone, and was not"
                                + " lost before\nlast seen: nothing\n.*");
    }
}
