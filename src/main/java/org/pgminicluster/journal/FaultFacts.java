package org.pgminicluster.journal;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * What was done to a cluster on purpose, and to whom.
 *
 * @param kind what it is
 * @param nodes the node that it was done to; of a link, its publisher and then its subscriber, or its primary and then its
 *     standby
 * @param details what else there is to say of it, as texts and whole numbers
 */
@API(status = API.Status.INTERNAL)
public record FaultFacts(FaultKind kind, List<String> nodes, Map<Detail, Object> details) {

    /** What may be said of a fault beside its kind and its nodes. */
    public enum Detail {
        /** The name of a subscription of the second node; that is a standby if there is none. */
        SUBSCRIPTION,
        /** The name of a slot. */
        SLOT,
        /** What kind of backend it is, in the words of {@code pg_stat_activity}. */
        BACKEND,
        /** The pid of a backend. */
        PID,
        /** How a server was stopped, such as {@code fast}. */
        MODE,
        /** How much WAL is kept for slots. */
        MEGABYTES,
        /** How much later every byte arrives, in ms. */
        LATENCY,
        /** The most that is added to that, in ms. */
        JITTER,
        /** How many bytes arrive in a second. */
        RATE,
        /** The restore point at which a recovery ended. */
        RESTORE_POINT,
        /** Where else it ended, in the words of PostgreSQL's settings. */
        RECOVERY_TARGET
    }

    public FaultFacts {
        nodes = List.copyOf(nodes);
        Map<Detail, Object> ordered = new EnumMap<>(Detail.class);
        details.forEach((detail, value) ->
                ordered.put(detail, value instanceof Number number ? (Object) number.longValue() : value.toString()));
        details = Collections.unmodifiableMap(ordered);
    }

    public static FaultFacts of(FaultKind kind, String... nodes) {
        return new FaultFacts(kind, List.of(nodes), Map.of());
    }

    /** The same with a detail, if there is that. */
    public FaultFacts with(Detail detail, @Nullable Object value) {
        if (value == null) {
            return this;
        }
        Map<Detail, Object> more = new EnumMap<>(Detail.class);
        more.putAll(details);
        more.put(detail, value);
        return new FaultFacts(kind, nodes, more);
    }

    /** A detail that is a text. */
    public Optional<String> text(Detail detail) {
        return Optional.ofNullable(details.get(detail)).map(Object::toString);
    }

    /** A detail that is a number. */
    public Optional<Long> number(Detail detail) {
        return details.get(detail) instanceof Long number ? Optional.of(number) : Optional.empty();
    }

    /**
     * What was done, in words.
     *
     * @param acted whether it has no end of its own: of such an act the node is not named, whose it is
     */
    Words words(boolean acted) {
        return switch (kind) {
            case KILL -> acted ? Words.of("act.kill") : Words.of("fault.kill", node(0));
            case STOP ->
                acted ? Words.of("act.stop", said(Detail.MODE)) : Words.of("fault.stop", node(0), said(Detail.MODE));
            case PAUSE -> acted ? Words.of("act.pause") : Words.of("fault.pause", node(0));
            case START -> Words.of("act.start");
            case RESUME -> Words.of("act.resume");
            case PROMOTE -> Words.of("act.promote");
            case FOLLOW -> Words.of("act.follow", node(0));
            case START_WITHOUT_SIGNAL -> Words.of("act.start-without-signal");
            case RECOVER ->
                details.containsKey(Detail.RECOVERY_TARGET)
                        ? Words.of("act.recover-to", said(Detail.RECOVERY_TARGET))
                        : Words.of("act.recover", said(Detail.RESTORE_POINT));
            case CUT ->
                details.containsKey(Detail.SUBSCRIPTION)
                        ? Words.of("fault.cut", link())
                        : Words.of("fault.cut-link", node(0), node(1));
            case ISOLATE -> Words.of("fault.isolate", node(0));
            case FENCE -> Words.of("fault.fence", node(0));
            case STALL -> Words.of("fault.stall", link());
            case SLOW -> Words.of("fault.slow", link(), slowness());
            case TERMINATE -> Words.of("fault.terminate", backend());
            case DROP_SLOT -> Words.of("fault.drop-slot", said(Detail.SLOT));
            case LOSE_SLOT -> Words.of("fault.lose-slot", said(Detail.SLOT));
            case LIMIT_WAL -> Words.of("fault.limit-wal", said(Detail.MEGABYTES));
        };
    }

    /** The link between its two nodes. */
    private Words link() {
        return text(Detail.SUBSCRIPTION)
                .map(name -> Words.subscription(name, node(1)))
                .orElseGet(() -> Words.standby(node(1), node(0)));
    }

    /** The backend that it is about, with the link that it works for. */
    public Words backend() {
        return nodes.size() < 2
                ? Words.of("backend", said(Detail.BACKEND), said(Detail.PID))
                : Words.of("backend.of", said(Detail.BACKEND), said(Detail.PID), link());
    }

    private Words slowness() {
        Words later = Words.of("slowness", said(Detail.LATENCY));
        Words more = text(Detail.JITTER)
                .map(most -> Words.of("slowness.jitter", later, most))
                .orElse(later);
        return text(Detail.RATE)
                .map(rate -> Words.of("slowness.rate", more, rate))
                .orElse(more);
    }

    private String node(int number) {
        return number < nodes.size() ? nodes.get(number) : "?";
    }

    private String said(Detail detail) {
        return text(detail).orElse("?");
    }
}
