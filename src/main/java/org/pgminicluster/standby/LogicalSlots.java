package org.pgminicluster.standby;

import java.util.LinkedHashMap;
import java.util.Map;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.state.ServerState;
import org.pgminicluster.state.SlotState;
import org.pgminicluster.state.StateReader;

/** The slots of a publisher that subscriptions can go on from: a standby's copies of its primary's are nobody's. */
final class LogicalSlots {

    private LogicalSlots() {}

    /** By name. */
    static Map<String, SlotState> on(Member publisher) {
        Map<String, SlotState> all = new LinkedHashMap<>();
        ServerState state = StateReader.server(publisher);
        state.slots().stream()
                .filter(slot -> !slot.physical() && !slot.temporary() && !(state.standby() && slot.synced()))
                .forEach(slot -> all.put(slot.name(), slot));
        return all;
    }
}
