package org.pgminicluster.standby;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.state.SlotState;
import org.pgminicluster.state.SubscribedTable;
import org.pgminicluster.state.SubscriptionState;
import org.pgminicluster.state.SyncState;
import org.pgminicluster.topology.TableName;

/**
 * One publisher with one table, one subscription of vm3 to it, and vm4, the standby of vm3, as small as they can be. A
 * commit is one row, and its position is the row. What is decided is decided by the rules of this package, or by others to
 * be found wanting.
 *
 * @param commits the positions of the publisher's commits to the table
 * @param written up to where the publisher has written its WAL, with what is not published
 * @param published whether the table is
 * @param own where the subscription's slot is; null if there is none
 * @param failover where the failover slot is; null if there is none
 * @param history vm3 after each record of its WAL
 * @param replayed how many of these vm4 has replayed
 * @param received up to where the apply worker has got
 * @param alive whether vm3 is
 * @param known up to where vm4 was seen to have everything, by the subscription's oid
 * @param provided the last oid that has had a failover slot
 * @param look what the keeper of the failover slot has read of vm4, the publisher, and then of vm3
 */
record FailoverModel(
        List<Integer> commits,
        int written,
        boolean published,
        @Nullable Integer own,
        @Nullable Integer failover,
        List<Catalog> history,
        int replayed,
        int received,
        boolean alive,
        Map<Integer, Integer> known,
        int provided,
        @Nullable Look look) {

    static final String SLOT = "sub";
    private static final String FAILOVER_SLOT = "failover_vm4_sub";
    private static final TableName TABLE = new TableName("public", "test");

    /**
     * What one of the pair has.
     *
     * @param oid of the subscription; 0 if there is none
     * @param origin up to where it has applied; 0 before it has applied anything
     * @param table how far the table is; null if it is not subscribed to
     * @param since where it became ready
     */
    record Catalog(
            int oid, boolean enabled, int origin, @Nullable SyncState table, int since, List<Integer> rows) {
        Catalog {
            rows = List.copyOf(rows);
        }

        Catalog with(boolean enable) {
            return new Catalog(oid, enable, origin, table, since, rows);
        }
    }

    record Look(
            int standbysOid,
            @Nullable Integer own,
            @Nullable Integer failover,
            @Nullable Catalog primary) {}

    /** By what a failover is decided. */
    interface Rules {
        List<String> obstacles(FailoverFacts facts);

        Optional<Lsn> reached(Followed standbys, Lsn known);

        /** Whether a subscription that is disabled is led to its failover slot, too. */
        boolean takesDisabled();
    }

    /** Those of this package. */
    static final Rules TODAYS = new Rules() {
        @Override
        public List<String> obstacles(FailoverFacts facts) {
            return CarryOver.obstacles(facts);
        }

        @Override
        public Optional<Lsn> reached(Followed standbys, Lsn known) {
            return Positions.reached(standbys, known);
        }

        @Override
        public boolean takesDisabled() {
            return true;
        }
    };

    /** Subscribed, copied and streaming, with a standby that was made then. */
    static FailoverModel streaming() {
        Catalog begun = new Catalog(1, true, 1, SyncState.READY, 1, List.of(1));
        return new FailoverModel(List.of(1), 1, true, 1, 1, List.of(begun), 1, 1, true, Map.of(1, 1), 1, null);
    }

    /** The same of a table that is not published yet. */
    static FailoverModel unpublished() {
        Catalog begun = new Catalog(1, true, 0, null, 0, List.of());
        return new FailoverModel(List.of(1), 1, false, 1, 1, List.of(begun), 1, 1, true, Map.of(1, 1), 1, null);
    }

    /** A standby of a node that subscribes to nothing yet. */
    static FailoverModel unsubscribed() {
        Catalog begun = new Catalog(0, false, 0, null, 0, List.of());
        return new FailoverModel(List.of(1), 1, true, null, null, List.of(begun), 1, 0, true, Map.of(), 0, null);
    }

    private Catalog vm3() {
        return history.get(history.size() - 1);
    }

    private Catalog vm4() {
        return history.get(replayed - 1);
    }

    /** Every step that can be taken now, by its name. */
    Map<String, FailoverModel> steps(List<String> done) {
        Map<String, FailoverModel> steps = new LinkedHashMap<>();
        if (times("write", done) < 2) {
            List<Integer> more = new ArrayList<>(commits);
            more.add(written + 1);
            steps.put("write", publisher(more, written + 1, published, own));
        }
        if (times("write what is not published", done) < 1) {
            steps.put("write what is not published", publisher(commits, written + 1, published, own));
        }
        if (!published) {
            steps.put("add table", publisher(commits, written, true, own));
        }
        // Where vm4 knows of none that runs and has a failover slot, whoever drops its slot says that nobody needs it.
        if (own != null && vm4().oid() != 0 && vm4().enabled() && failover != null && times("drop slot", done) < 1) {
            steps.put("drop slot", publisher(commits, written, published, null));
        }
        if (replayed < history.size()) {
            steps.put("replicate WAL", replicated());
        }
        if (look == null) {
            steps.put("keeper reads slots", looked(new Look(vm4().oid(), own, failover, null)));
        } else if (look.primary() == null && alive) {
            steps.put("keeper asks vm3", looked(new Look(look.standbysOid(), look.own(), look.failover(), vm3())));
        } else {
            steps.put("keeper advances", advanced(look));
        }
        if (alive) {
            steps.put("crash", crashed());
            addOfPrimary(done, steps);
        }
        return steps;
    }

    private static long times(String step, List<String> done) {
        return done.stream().filter(step::equals).count();
    }

    private void addOfPrimary(List<String> done, Map<String, FailoverModel> steps) {
        Catalog now = vm3();
        if (now.oid() == 0) {
            steps.put("create", wrote(new Catalog(1, true, 0, SyncState.DATA_COPY, 0, List.of()), written));
            return;
        }
        if (now.enabled() && own != null) {
            int begin = Math.max(received, Math.max(own, now.origin()));
            Optional<Integer> next =
                    commits.stream().filter(commit -> commit > begin).findFirst();
            if (next.isPresent()) {
                steps.put("apply", applied(now, next.get()));
            } else if (begin < written || received < begin) {
                steps.put("keepalive", at(written));
            }
            if (received > own) {
                steps.put("confirm", publisher(commits, written, published, received));
            }
            if (now.table() == SyncState.DATA_COPY) {
                steps.put(
                        "copy",
                        wrote(new Catalog(now.oid(), true, now.origin(), SyncState.READY, written, commits), own)
                                .at(written));
            }
        }
        if (now.enabled() && times("disable", done) < 1) {
            steps.put("disable", wrote(now.with(false), own));
        }
        if (!now.enabled()) {
            steps.put("enable", wrote(now.with(true), own));
        }
        if (published && now.table() == null) {
            steps.put(
                    "refresh",
                    wrote(new Catalog(now.oid(), now.enabled(), now.origin(), SyncState.DATA_COPY, 0, List.of()), own));
        }
        if (now.table() != null && times("reseed", done) + times("make again without a copy", done) < 1) {
            steps.put("reseed", wrote(new Catalog(now.oid() + 1, true, 0, SyncState.DATA_COPY, 0, List.of()), written));
            steps.put(
                    "make again without a copy",
                    wrote(new Catalog(now.oid() + 1, true, 0, SyncState.READY, 0, now.rows()), written));
        }
    }

    private FailoverModel publisher(List<Integer> all, int to, boolean publish, @Nullable Integer slot) {
        return new FailoverModel(
                List.copyOf(all),
                to,
                publish,
                slot,
                failover,
                history,
                replayed,
                received,
                alive,
                known,
                provided,
                look);
    }

    private FailoverModel replicated() {
        return new FailoverModel(
                commits,
                written,
                published,
                own,
                failover,
                history,
                replayed + 1,
                received,
                alive,
                known,
                provided,
                look);
    }

    private FailoverModel looked(@Nullable Look next) {
        return new FailoverModel(
                commits, written, published, own, failover, history, replayed, received, alive, known, provided, next);
    }

    private FailoverModel crashed() {
        return new FailoverModel(
                commits, written, published, own, failover, history, replayed, received, false, known, provided, look);
    }

    private FailoverModel at(int position) {
        return new FailoverModel(
                commits, written, published, own, failover, history, replayed, position, alive, known, provided, look);
    }

    /** A slot that is made anew begins where the publisher is, and so does its worker. */
    private FailoverModel wrote(Catalog next, @Nullable Integer slot) {
        List<Catalog> more = new ArrayList<>(history);
        more.add(next);
        return new FailoverModel(
                commits,
                written,
                published,
                slot,
                failover,
                List.copyOf(more),
                replayed,
                next.oid() == vm3().oid() ? received : written,
                alive,
                known,
                provided,
                look);
    }

    private FailoverModel applied(Catalog now, int commit) {
        if (now.table() != SyncState.READY) {
            return at(commit);
        }
        List<Integer> rows = new ArrayList<>(now.rows());
        rows.add(commit);
        return wrote(new Catalog(now.oid(), true, commit, SyncState.READY, now.since(), rows), own)
                .at(commit);
    }

    /** As {@link FailoverSlots#advance()} does it. */
    private FailoverModel advanced(Look seen) {
        Catalog standbys = vm4();
        if (standbys.oid() == 0 || standbys.oid() != seen.standbysOid()) {
            return looked(null);
        }
        List<Followed> primarys = seen.primary() == null || seen.primary().oid() == 0
                ? List.of()
                : List.of(followed("vm3", seen.primary()));
        Followed followed = followed("vm4", standbys);
        if (seen.failover() == null) {
            boolean made = seen.own() != null
                    && own != null
                    && primarys.stream().anyMatch(followed::isAlike)
                    && provided < standbys.oid();
            return new FailoverModel(
                    commits,
                    written,
                    published,
                    own,
                    made ? own : failover,
                    history,
                    replayed,
                    received,
                    alive,
                    known,
                    made ? standbys.oid() : provided,
                    null);
        }
        int carried =
                (int) Positions.carried(Optional.ofNullable(seen.own()).map(at -> slot(SLOT, at)), primarys, followed)
                        .position();
        Map<Integer, Integer> more = new HashMap<>(known);
        more.merge(standbys.oid(), carried, Math::max);
        return new FailoverModel(
                commits,
                written,
                published,
                own,
                failover == null ? null : Math.max(failover, carried),
                history,
                replayed,
                received,
                alive,
                Map.copyOf(more),
                Math.max(provided, standbys.oid()),
                null);
    }

    private static Followed followed(String node, Catalog catalog) {
        @Nullable SyncState table = catalog.table();
        return new Followed(
                node,
                "vm1",
                SLOT,
                new SubscriptionState(
                        catalog.oid(),
                        "sub",
                        "rep",
                        node.equals("vm4"),
                        catalog.enabled(),
                        SLOT,
                        "",
                        "{pub}",
                        null,
                        null,
                        catalog.origin() == 0 ? null : new Lsn(catalog.origin()),
                        false,
                        table == null
                                ? List.of()
                                : List.of(new SubscribedTable(
                                        TABLE,
                                        "test",
                                        table,
                                        catalog.since() == 0 ? null : new Lsn(catalog.since())))));
    }

    private static SlotState slot(String name, int at) {
        Lsn position = new Lsn(at);
        return new SlotState(
                name, false, "pgoutput", "rep", false, false, null, "", position, position, "reserved", position, null);
    }

    private FailoverFacts facts() {
        Map<String, SlotState> slots = new HashMap<>();
        if (own != null) {
            slots.put(SLOT, slot(SLOT, own));
        }
        if (failover != null) {
            slots.put(FAILOVER_SLOT, slot(FAILOVER_SLOT, failover));
        }
        List<Followed> standbys = vm4().oid() == 0 ? List.of() : List.of(followed("vm4", vm4()));
        Optional<List<Followed>> primarys =
                !alive ? Optional.empty() : Optional.of(vm3().oid() == 0 ? List.of() : List.of(followed("vm3", vm3())));
        return new FailoverFacts(
                "vm3",
                "vm4",
                standbys,
                primarys,
                Map.of(
                        "vm1",
                        new FailoverFacts.Publisher(
                                slots,
                                alive || !published ? Map.of() : Map.of((long) vm4().oid(), List.of(TABLE)),
                                alive || own == null || !standbys.isEmpty() ? List.of() : List.of(SLOT))),
                subscription -> FAILOVER_SLOT,
                subscription -> new Lsn(known.getOrDefault((int) subscription.oid(), 0)));
    }

    /** What would be wrong after a failover now; empty if it is refused, or nothing is. */
    Optional<String> harmOfFailover(Rules rules) {
        FailoverFacts facts = facts();
        if (!rules.obstacles(facts).isEmpty()) {
            return Optional.empty();
        }
        Catalog standbys = vm4();
        List<Integer> wanted = inTheEnd(vm3(), own == null ? null : Math.max(own, vm3().origin()));
        List<Integer> got = inTheEnd(standbys, beginning(rules, facts, standbys));
        List<Integer> lost = new ArrayList<>(wanted);
        lost.removeAll(got);
        return !lost.isEmpty()
                ? Optional.of("lost " + lost)
                : got.stream().distinct().count() < got.size() ? Optional.of("twice in " + got) : Optional.empty();
    }

    private @Nullable Integer beginning(Rules rules, FailoverFacts facts, Catalog standbys) {
        if (standbys.oid() == 0) {
            return null;
        }
        if (!standbys.enabled() && !rules.takesDisabled()) {
            return own == null ? null : Math.max(own, standbys.origin());
        }
        if (failover == null) {
            return null;
        }
        Followed followed = facts.inherited().get(0);
        Optional<Lsn> origin = Positions.origin(
                followed,
                slot(FAILOVER_SLOT, failover),
                rules.reached(followed, facts.known().apply(followed)));
        return Math.max(failover, origin.map(at -> (int) at.position()).orElse(standbys.origin()));
    }

    /** All rows that one has when it has streamed from there, sooner or later enabled. */
    private List<Integer> inTheEnd(Catalog one, @Nullable Integer from) {
        if (one.table() == SyncState.DATA_COPY && from != null) {
            return commits;
        }
        List<Integer> rows = new ArrayList<>(one.rows());
        if (one.table() == SyncState.READY && from != null) {
            commits.stream().filter(commit -> commit > from).forEach(rows::add);
        }
        return rows;
    }
}
