package org.pgminicluster.fault;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.pgminicluster.journal.Words;
import org.pgminicluster.runtime.Link;
import org.pgminicluster.runtime.Member;

/** The links whose walsender is frozen on purpose, and what else may keep a link from coming back. */
final class StalledLinks {

    private final List<Link> stalled = new CopyOnWriteArrayList<>();

    void add(Link link) {
        stalled.add(link);
    }

    void remove(Link link) {
        stalled.remove(link);
    }

    boolean has(Link link) {
        return stalled.stream().anyMatch(link::isSame);
    }

    /** Whether the walsender that uses a slot is frozen, and so can neither let it go nor be ended. */
    boolean has(Member publisher, String slot) {
        return stalled.stream()
                .anyMatch(link ->
                        link.slot().equals(slot) && link.publisher().name().equals(publisher.name()));
    }

    /** Why nobody can say that a link must be connected when a fault is healed; empty if it must. */
    Optional<Words> whyAway(Link link) {
        if (!link.subscriber().isAwake() || !link.publisher().isAwake()) {
            return Optional.of(Words.of("away.down"));
        }
        Optional<Link> now = link.current();
        if (now.isEmpty()) {
            return Optional.of(Words.of("away.unused"));
        }
        if (link.publisher().loginRules().isRefused(now.get().role())) {
            return Optional.of(Words.of("away.cut"));
        }
        return has(link) ? Optional.of(Words.of("away.stalled")) : Optional.empty();
    }
}
