package org.pgminicluster.relay;

import java.time.Duration;
import org.apiguardian.api.API;

/**
 * How slow a connection is, in each direction: every byte arrives that much later than it was sent, and no more than so
 * many a second. The order of bytes stays.
 *
 * @param latency added to the way of every byte
 * @param jitter the most that is added to it at random
 * @param bytesPerSecond how many bytes pass in a second, or 0 for any number
 */
@API(status = API.Status.MAINTAINED)
public record Slowness(Duration latency, Duration jitter, long bytesPerSecond) {

    /**
     * @throws IllegalArgumentException if a value is negative
     */
    public Slowness {
        if (latency.isNegative() || jitter.isNegative() || bytesPerSecond < 0) {
            throw new IllegalArgumentException("expected latency, jitter and bytes per second to be 0 or more, but was "
                    + latency + ", " + jitter + ", " + bytesPerSecond);
        }
    }

    /** That much later, without jitter, any number of bytes. */
    public static Slowness latency(Duration latency) {
        return new Slowness(latency, Duration.ZERO, 0);
    }

    /** At once, but no more than so many bytes a second. */
    public static Slowness rate(long bytesPerSecond) {
        return new Slowness(Duration.ZERO, Duration.ZERO, bytesPerSecond);
    }

    /** The same with up to that much more at random. */
    public Slowness withJitter(Duration most) {
        return new Slowness(latency, most, bytesPerSecond);
    }

    /** The same with no more than so many bytes a second. */
    public Slowness withRate(long bytes) {
        return new Slowness(latency, jitter, bytes);
    }
}
