package org.pgminicluster.journal;

import java.util.Optional;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** How a subscription or a standby is, in one vocabulary for all who show it; judged by what both of its ends have said. */
@API(status = API.Status.MAINTAINED)
public enum Health {
    /** It gets what is committed. */
    STREAMING,
    /** The first copy of a table is not there yet. */
    COPYING,
    /** It has no table to follow. */
    NO_TABLE,
    /** Its apply worker does not run. */
    NO_WORKER,
    /** Nobody reads its slot. */
    SLOT_NOT_IN_USE,
    /** The publisher has no such slot. */
    SLOT_GONE,
    /** WAL that its slot needs is gone. */
    SLOT_LOST,
    /** It has no slot. */
    NO_SLOT,
    /** It is not to run. */
    DISABLED,
    /** The publisher, or primary, does not answer. */
    PUBLISHER_DOWN;

    /**
     * That of a subscription.
     *
     * @param publisher what its publisher has said last; empty if nobody knows who that is
     */
    public static Health of(Trace.Subscription subscription, Optional<Trace.Probe> publisher) {
        @Nullable String name = subscription.slot();
        if (!subscription.enabled()) {
            return DISABLED;
        }
        if (name == null) {
            return NO_SLOT;
        }
        Optional<Trace.Slot> slot = publisher.flatMap(probe -> probe.logicalSlot(name));
        if (publisher.isPresent()) {
            if (publisher.get().lsn() == null) {
                return PUBLISHER_DOWN;
            }
            if (slot.isEmpty()) {
                return SLOT_GONE;
            }
            if (slot.get().isLost()) {
                return SLOT_LOST;
            }
        }
        if (!subscription.working()) {
            return NO_WORKER;
        }
        if (slot.isPresent() && !slot.get().active()) {
            return SLOT_NOT_IN_USE;
        }
        if (subscription.tables().isEmpty()) {
            return NO_TABLE;
        }
        return subscription.notCopied().isEmpty() ? STREAMING : COPYING;
    }

    /**
     * That of a standby.
     *
     * @param primary what its primary has said last
     * @param slot its slot there, if it has one
     */
    public static Health ofStandby(Trace.Probe primary, @Nullable String slot) {
        if (primary.lsn() == null) {
            return PUBLISHER_DOWN;
        }
        Optional<Trace.Slot> held = primary.slots().stream()
                .filter(it -> it.name().equals(slot) || it.physical() && it.active())
                .findFirst();
        if (held.isPresent() && held.get().isLost()) {
            return SLOT_LOST;
        }
        return held.isPresent() && held.get().active() ? STREAMING : SLOT_NOT_IN_USE;
    }
}
