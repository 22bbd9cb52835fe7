package org.pgminicluster.fault;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.pgminicluster.journal.FaultFacts;
import org.pgminicluster.journal.WaitFor;
import org.pgminicluster.journal.Words;
import org.pgminicluster.runtime.Closing;
import org.pgminicluster.runtime.Link;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.wait.Seen;
import org.pgminicluster.wait.Waits;

/**
 * Publishers refuse the roles by which subscribers log in, and end the connections of them that there are. Nothing
 * between the nodes is touched, so it works wherever servers run; the subscriber sees connections that are closed and
 * not let in again, as with a firewall that rejects.
 */
final class Cut implements FaultAction {

    private static final String END_ALL =
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = ?";

    private final StalledLinks stalled;
    private final Member node;
    private final FaultFacts facts;
    private final Map<Member, Set<String>> refused;
    private final List<Link> links;
    private final List<Member> changed = new ArrayList<>();

    /**
     * @param refused the roles that each publisher refuses; one that is down will when it starts
     * @param links the subscriptions that are known to log in by them
     */
    Cut(StalledLinks stalled, Member node, FaultFacts facts, Map<Member, Set<String>> refused, List<Link> links) {
        this.stalled = stalled;
        this.node = node;
        this.facts = facts;
        this.refused = Collections.unmodifiableMap(new LinkedHashMap<>(refused));
        this.links = List.copyOf(links);
    }

    @Override
    public Member node() {
        return node;
    }

    @Override
    public FaultFacts facts() {
        return facts;
    }

    @Override
    public Words inflict() {
        Map<Member, ServerLog.Mark> marks = new LinkedHashMap<>();
        refused.forEach((publisher, roles) -> {
            marks.put(publisher, publisher.log().mark());
            changed.add(publisher);
            publisher.loginRules().refuse(roles);
        });
        refused.forEach((publisher, roles) -> {
            if (publisher.isAwake()) {
                roles.forEach(role -> awaitLogin(publisher, role, true));
                roles.forEach(role -> awaitNoConnection(publisher, role));
            }
        });
        List<Link> turnedAway = links.stream()
                .filter(link -> link.subscriber().isAwake() && link.publisher().isAwake())
                .toList();
        turnedAway.forEach(link -> awaitTurnedAway(
                link, marks.getOrDefault(node.runtime().member(link.publisher().name()), new ServerLog.Mark(0))));
        Words login = Words.of("proof.refused");
        return turnedAway.isEmpty() ? login : Words.of("proof.turned-away", login, words(turnedAway));
    }

    private void awaitLogin(Member publisher, String role, boolean refusal) {
        WaitFor what = refusal ? WaitFor.refused(publisher.name(), role) : WaitFor.admitted(publisher.name(), role);
        until(what, List.of(publisher), () -> publisher.loginRules().tried(role, refusal));
    }

    private void awaitNoConnection(Member publisher, String role) {
        until(WaitFor.noConnection(role, publisher.name()), List.of(publisher), () -> {
            long left = publisher.look(END_ALL, role).number();
            return Seen.of(left == 0, Words.of("seen.left", left));
        });
    }

    private void until(WaitFor what, List<Member> needed, Supplier<Seen> look) {
        node.runtime().waits().until(what, Waits.USUAL, needed, look);
    }

    /** Only who was turned away has no older attempt under way, which the file was read too early for. */
    private void awaitTurnedAway(Link link, ServerLog.Mark mark) {
        // From 14 on only physical replication is called so; who else asked is seen by the process that answered.
        Pattern refusal = Pattern.compile("(pg_hba.conf rejects replication|walsender FATAL: {2}pg_hba.conf rejects)"
                + " connection .*user " + Pattern.quote("\"" + link.role() + "\""));
        Member publisher = link.publisher();
        WaitFor what = WaitFor.turnedAway(link.words(), publisher.name());
        until(what, List.of(publisher, link.subscriber()), () -> {
            boolean seen = refusal.matcher(publisher.log().since(mark)).find();
            long left = publisher.look(END_ALL, link.role()).number();
            return Seen.of(seen && left == 0, Words.of(seen ? "seen.turned-away" : "seen.not-turned-away", left));
        });
    }

    @Override
    public void undo() {
        Closing closing = new Closing();
        for (Member publisher : List.copyOf(changed)) {
            closing.attempt(() -> {
                publisher.loginRules().admit(refused.getOrDefault(publisher, Set.of()));
                changed.remove(publisher);
            });
        }
        closing.finish();
    }

    @Override
    public Words awaitHealed() {
        return awaitHealed(links);
    }

    /** @param those the subscriptions that are to come back, as they log in now */
    Words awaitHealed(List<Link> those) {
        Set<String> stillRefused = new TreeSet<>();
        refused.forEach((publisher, roles) -> roles.forEach(role -> {
            if (publisher.loginRules().isRefused(role)) {
                stillRefused.add(role);
            } else if (publisher.isAwake()) {
                awaitLogin(publisher, role, false);
            }
        }));
        List<Link> back = new ArrayList<>();
        List<Words> over = new ArrayList<>();
        those.stream().filter(link -> stalled.whyAway(link).isEmpty()).forEach(link -> {
            Optional<Words> why = link.awaitBack(pid -> true);
            why.ifPresentOrElse(over::add, () -> back.add(link));
        });
        Words login =
                stillRefused.isEmpty() ? Words.of("proof.admitted") : Words.of("proof.still-refused", stillRefused);
        Words healed = back.isEmpty() ? login : Words.of("proof.back", login, words(back));
        return over.stream().reduce(healed, (seen, why) -> Words.of("and-then", seen, why));
    }

    private static List<Words> words(List<Link> some) {
        return some.stream().map(Link::words).toList();
    }
}
