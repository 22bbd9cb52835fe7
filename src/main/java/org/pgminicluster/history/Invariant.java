package org.pgminicluster.history;

import org.apiguardian.api.API;

/** What must hold, whatever happens. */
@API(status = API.Status.EXPERIMENTAL)
public enum Invariant {
    I1("no acknowledged row is lost"),
    I2("no row is there that nobody wrote"),
    I3("nothing is applied twice"),
    I4("a copy is a prefix of what was committed"),
    I5("a transaction is there whole or not at all"),
    I6("writes on a read-only copy are refused"),
    I6_SEEN("I6'", "a write on a read-only copy that got through is seen"),
    I7("what is confirmed to the publisher is durable on the subscriber"),
    I8("the slots are there, in use and not lost, and no others of theirs are left"),
    I9("the WAL that slots hold back is bounded"),
    I10("the origin's progress never goes back but over a crash"),
    I11("reads on a copy never go backwards"),
    I12("nothing that the promoted node lacks was confirmed on the slot that it goes on with"),
    I13("all are equal again within the bound"),
    I14("the workers run, and no error comes again and again"),
    I15("a failover that is refused goes through when the standby has replayed what it lacked"),
    I16("a planned switch-over disturbs no writer");

    private final String id;
    private final String claim;

    Invariant(String claim) {
        this.id = name();
        this.claim = claim;
    }

    Invariant(String id, String claim) {
        this.id = id;
        this.claim = claim;
    }

    /** Its number. */
    public String id() {
        return id;
    }

    /** What it says. */
    public String claim() {
        return claim;
    }

    @Override
    public String toString() {
        return id;
    }
}
