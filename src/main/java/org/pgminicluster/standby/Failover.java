package org.pgminicluster.standby;

import java.time.Duration;
import java.util.List;
import org.apiguardian.api.API;

/**
 * A failover that is over.
 *
 * @param from the node that was the primary
 * @param to the standby that has taken its place
 * @param guarded whether its subscriptions went on from failover slots, which keep what the standby had not replayed; if
 *     not, rows that only the old primary had are missing, and no error says so
 * @param subscriptions those that go on there and have caught up with their publishers, or are about to
 * @param remarks what does not go on by itself or was not carried, and what to do about it; a sentence each, none if there
 *     is nothing to say
 * @param took from the beginning of the failover until all of them were connected
 */
@API(status = API.Status.MAINTAINED)
public record Failover(
        String from, String to, boolean guarded, List<String> subscriptions, List<String> remarks, Duration took) {

    public Failover {
        subscriptions = List.copyOf(subscriptions);
        remarks = List.copyOf(remarks);
    }

    /** Such as {@code guarded failover from vm3 to vm4 in 812 ms, going on: vm3_test_sub, vm3_test2_sub}. */
    @Override
    public String toString() {
        return (guarded ? "guarded" : "plain") + " failover from " + from + " to " + to + " in " + took.toMillis()
                + " ms" + (subscriptions.isEmpty() ? "" : ", going on: " + String.join(", ", subscriptions))
                + (remarks.isEmpty() ? "" : "; " + String.join("; ", remarks));
    }
}
