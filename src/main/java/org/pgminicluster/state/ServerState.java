package org.pgminicluster.state;

import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * What a server tells of its WAL and of who reads it.
 *
 * @param standby whether it is in recovery
 * @param written up to where it has written its WAL, or replayed it
 * @param inserted up to where its WAL is in memory, or replayed
 * @param slots its slots, and the walsenders without one
 */
@API(status = API.Status.INTERNAL)
public record ServerState(boolean standby, Lsn written, Lsn inserted, List<SlotState> slots) {

    public ServerState {
        slots = List.copyOf(slots);
    }

    public Optional<SlotState> slot(String name) {
        return slots.stream().filter(slot -> slot.name().equals(name)).findFirst();
    }
}
