package org.pgminicluster.speed;

import java.lang.management.ManagementFactory;

/**
 * What this JVM holds.
 *
 * @param heapMiB what is still in use after garbage was collected
 * @param threads how many there are
 */
record Footprint(double heapMiB, int threads) {

    private static final double MIB = 1024 * 1024;
    private static final int COLLECTIONS = 2;

    static Footprint now() {
        // What a first collection finalizes, a second one takes.
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return new Footprint(
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / MIB,
                ManagementFactory.getThreadMXBean().getThreadCount());
    }

    Footprint minus(Footprint earlier) {
        return new Footprint(heapMiB - earlier.heapMiB, threads - earlier.threads);
    }

    /** With 1 MiB for each thread, which is the most that its stack can grow to. */
    double atMostMiB() {
        return Math.max(0, heapMiB) + Math.max(0, threads);
    }
}
