package org.pgminicluster.journal;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Something to wait for.
 *
 * @param kind what is to become of the subject
 * @param subject what is looked at
 * @param target what it is to come to, or where; null if the kind says it all
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@API(status = API.Status.INTERNAL)
public record WaitFor(
        WaitKind kind, Words subject, @Nullable Words target) {

    private static WaitFor of(WaitKind kind, Words subject) {
        return new WaitFor(kind, subject, null);
    }

    private static WaitFor of(WaitKind kind, String subject, String target) {
        return new WaitFor(kind, Words.verbatim(subject), Words.verbatim(target));
    }

    /** What somebody says in words of their own, as the end of the sentence "waited for ...". */
    public static WaitFor own(String what) {
        return of(WaitKind.OWN, Words.verbatim(what));
    }

    /** @param rule what is claimed of the subject */
    public static WaitFor claim(Words subject, Words rule) {
        return new WaitFor(WaitKind.CLAIM, subject, rule);
    }

    public static WaitFor everyTableSynced(Words link) {
        return of(WaitKind.SYNCED, link);
    }

    /** @param lsn the publisher's position */
    public static WaitFor applied(Words link, String publisher, String lsn) {
        return new WaitFor(WaitKind.APPLIED, link, Words.of("up-to", publisher, lsn));
    }

    /** @param lsn the primary's position */
    public static WaitFor replayed(Words link, String primary, String lsn) {
        return new WaitFor(WaitKind.REPLAYED, link, Words.of("up-to", primary, lsn));
    }

    public static WaitFor receivedReplayed(String standby) {
        return of(WaitKind.REPLAYED_RECEIVED, Words.verbatim(standby));
    }

    public static WaitFor positionOf(String node) {
        return of(WaitKind.POSITION, Words.verbatim(node));
    }

    public static WaitFor subscriptionsOf(String node) {
        return of(WaitKind.SUBSCRIPTIONS, Words.verbatim(node));
    }

    public static WaitFor answerOf(String node) {
        return of(WaitKind.ANSWER, Words.verbatim(node));
    }

    public static WaitFor equalRows(String table, Collection<String> nodes) {
        return new WaitFor(WaitKind.EQUAL, Words.verbatim(table), Words.list(nodes));
    }

    public static WaitFor value(String query, String node, String value) {
        return new WaitFor(WaitKind.VALUE, Words.of("query", query, node), Words.verbatim(value));
    }

    public static WaitFor logged(String text, String node) {
        return of(WaitKind.LOGGED, text, node);
    }

    public static WaitFor setting(String name, String node, String value) {
        return new WaitFor(WaitKind.SETTING, Words.of("setting", name, node), Words.verbatim(value));
    }

    public static WaitFor refused(String node, String role) {
        return of(WaitKind.REFUSED, node, role);
    }

    public static WaitFor admitted(String node, String role) {
        return of(WaitKind.ADMITTED, node, role);
    }

    public static WaitFor noConnection(String role, String node) {
        return of(WaitKind.NO_CONNECTION, role, node);
    }

    public static WaitFor turnedAway(Words link, String publisher) {
        return new WaitFor(WaitKind.TURNED_AWAY, link, Words.verbatim(publisher));
    }

    public static WaitFor connectedAgain(Words link) {
        return of(WaitKind.CONNECTED_AGAIN, link);
    }

    public static WaitFor connectedThroughRelay(Words link) {
        return of(WaitKind.CONNECTED_THROUGH_RELAY, link);
    }

    public static WaitFor walsender(Words link) {
        return of(WaitKind.WALSENDER, link);
    }

    public static WaitFor noWalsender(Words link) {
        return of(WaitKind.NO_WALSENDER, link);
    }

    public static WaitFor walsenderStopped(int pid) {
        return of(WaitKind.WALSENDER_STOPPED, Words.verbatim(Integer.toString(pid)));
    }

    public static WaitFor applyWorker(Words link) {
        return of(WaitKind.APPLY_WORKER, link);
    }

    public static WaitFor backendGone(Words backend) {
        return of(WaitKind.BACKEND_GONE, backend);
    }

    public static WaitFor slotIdle(String slot, String node) {
        return of(WaitKind.SLOT_IDLE, slot, node);
    }

    public static WaitFor slotDropped(String slot, String node) {
        return of(WaitKind.SLOT_DROPPED, slot, node);
    }

    public static WaitFor slotLost(String slot, String node) {
        return of(WaitKind.SLOT_LOST, slot, node);
    }

    public static WaitFor subscribed(String node) {
        return of(WaitKind.SUBSCRIBED, Words.verbatim(node));
    }

    /** The end of the sentence "waited for ...". */
    public Words words() {
        String key = key(kind);
        return new Words(key, target == null ? List.of(subject) : List.of(subject, target));
    }

    static String key(WaitKind kind) {
        return "wait." + kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** In English. */
    @Override
    public String toString() {
        return words().toString();
    }
}
