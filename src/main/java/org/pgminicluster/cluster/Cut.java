package org.pgminicluster.cluster;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.pgminicluster.server.ServerLog;

/**
 * Publishers refuse the roles by which subscribers log in, and end the connections of them that there are. Nothing
 * between the nodes is touched, so it works wherever servers run; the subscriber sees connections that are closed and
 * not let in again, as with a firewall that rejects.
 */
final class Cut implements Breakage {

    private static final String END_ALL =
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = ?";

    private final MiniCluster cluster;
    private final Node node;
    private final String what;
    private final Map<Node, Set<String>> refused;
    private final List<Link> links;
    private final List<Node> changed = new ArrayList<>();

    /**
     * @param refused the roles that each publisher refuses; one that is down will when it starts
     * @param links the subscriptions that are known to log in by them
     */
    Cut(MiniCluster cluster, Node node, String what, Map<Node, Set<String>> refused, List<Link> links) {
        this.cluster = cluster;
        this.node = node;
        this.what = what;
        this.refused = Collections.unmodifiableMap(new LinkedHashMap<>(refused));
        this.links = List.copyOf(links);
    }

    @Override
    public Node node() {
        return node;
    }

    @Override
    public String what() {
        return what;
    }

    @Override
    public String inflict() {
        Map<Node, ServerLog.Mark> marks = new LinkedHashMap<>();
        refused.forEach((publisher, roles) -> {
            marks.put(publisher, publisher.log().mark());
            changed.add(publisher);
            cluster.loginRules(publisher).refuse(roles);
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
                link, marks.getOrDefault(cluster.node(link.publisher().name()), new ServerLog.Mark(0))));
        return "pg_hba.conf refuses the login, no connection of it is left"
                + (turnedAway.isEmpty() ? "" : ", and turned away were " + turnedAway);
    }

    private void awaitLogin(Node publisher, String role, boolean refusal) {
        cluster.waits()
                .until(
                        publisher.name() + (refusal ? " to refuse " : " to admit ") + role,
                        MiniCluster.WAIT,
                        List.of(publisher),
                        () -> cluster.loginRules(publisher).tried(role, refusal));
    }

    private void awaitNoConnection(Node publisher, String role) {
        cluster.waits()
                .until(
                        "no connection of " + role + " to be left on " + publisher.name(),
                        MiniCluster.WAIT,
                        List.of(publisher),
                        () -> {
                            long left = publisher.look(END_ALL, role).number();
                            return Probe.of(left == 0, left + " left");
                        });
    }

    /** Only who was turned away has no older attempt under way, which the file was read too early for. */
    private void awaitTurnedAway(Link link, ServerLog.Mark mark) {
        // From 14 on only physical replication is called so; who else asked is seen by the process that answered.
        Pattern refusal = Pattern.compile("(pg_hba.conf rejects replication|walsender FATAL: {2}pg_hba.conf rejects)"
                + " connection .*user " + Pattern.quote("\"" + link.role() + "\""));
        cluster.waits()
                .until(
                        link + " to be turned away by " + link.publisher().name(),
                        MiniCluster.WAIT,
                        List.of(link.publisher(), link.subscriber()),
                        () -> {
                            boolean seen = refusal.matcher(
                                            link.publisher().log().since(mark))
                                    .find();
                            long left =
                                    link.publisher().look(END_ALL, link.role()).number();
                            return Probe.of(seen && left == 0, (seen ? "turned away, " : "not yet, ") + left + " left");
                        });
    }

    @Override
    public void undo() {
        Closing closing = new Closing();
        for (Node publisher : List.copyOf(changed)) {
            closing.attempt(() -> {
                cluster.loginRules(publisher).admit(refused.getOrDefault(publisher, Set.of()));
                changed.remove(publisher);
            });
        }
        closing.finish();
    }

    @Override
    public String awaitHealed() {
        return awaitHealed(links);
    }

    /** @param those the subscriptions that are to come back, as they log in now */
    String awaitHealed(List<Link> those) {
        Set<String> stillRefused = new TreeSet<>();
        refused.forEach((publisher, roles) -> roles.forEach(role -> {
            if (cluster.loginRules(publisher).isRefused(role)) {
                stillRefused.add(role);
            } else if (publisher.isAwake()) {
                awaitLogin(publisher, role, false);
            }
        }));
        List<Link> back = new ArrayList<>();
        List<String> over = new ArrayList<>();
        those.stream().filter(link -> link.whyAway(this).isEmpty()).forEach(link -> {
            Optional<String> why = link.awaitBack(pid -> true);
            why.ifPresentOrElse(over::add, () -> back.add(link));
        });
        return (stillRefused.isEmpty()
                        ? "pg_hba.conf admits the login"
                        : "another fault still has pg_hba.conf refuse " + String.join(", ", stillRefused))
                + (back.isEmpty() ? "" : ", and back are " + back)
                + over.stream().map(why -> "; " + why).collect(Collectors.joining());
    }
}
