package org.pgminicluster.history;

import java.util.List;

/**
 * A subscription, and what it brings.
 *
 * @param subscriber who has it
 * @param subscription its name
 * @param publisher whom it follows
 * @param slot its slot there
 * @param durable whether what is applied is on disk before it is seen
 * @param ledgers what comes by it
 */
record Feed(Site subscriber, String subscription, Site publisher, String slot, boolean durable, List<Ledger> ledgers) {

    Feed {
        ledgers = List.copyOf(ledgers);
    }

    /** What comes straight from where it is written, so that positions there and here can be compared. */
    List<Ledger> firstHand() {
        return ledgers.stream()
                .filter(ledger -> ledger.place().equals(publisher.name()))
                .toList();
    }

    /** As a standby has it that takes over, with the slot that it goes on with. */
    Feed takenOverBy(String standby, String otherSlot) {
        return new Feed(subscriber.on(standby), subscription, publisher, otherSlot, durable, ledgers);
    }
}
