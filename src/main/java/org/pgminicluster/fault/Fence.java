package org.pgminicluster.fault;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apiguardian.api.API;
import org.pgminicluster.journal.FaultFacts;
import org.pgminicluster.journal.FaultKind;
import org.pgminicluster.runtime.Member;

/** Publishers let a node in no more and end what it has there, so that it takes nothing any more. */
@API(status = API.Status.INTERNAL)
public final class Fence {

    private Fence() {}

    /**
     * Returns when no connection is left; if that fails, all are let in as before.
     *
     * @param refused the roles that each publisher refuses from now on
     */
    public static void raise(Member fenced, Map<Member, Set<String>> refused) {
        Cut cut =
                new Cut(new StalledLinks(), fenced, FaultFacts.of(FaultKind.FENCE, fenced.name()), refused, List.of());
        try {
            cut.inflict();
        } catch (RuntimeException e) {
            try {
                cut.undo();
            } catch (RuntimeException undoing) {
                e.addSuppressed(undoing);
            }
            throw e;
        }
    }

    /** Lets them in again. */
    public static void lower(Map<Member, Set<String>> refused) {
        refused.forEach((publisher, roles) -> publisher.loginRules().admit(roles));
    }
}
