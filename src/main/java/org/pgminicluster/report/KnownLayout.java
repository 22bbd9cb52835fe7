package org.pgminicluster.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.pgminicluster.journal.Trace;

/** What a cluster was planned to be, and what it was found to have become when somebody looked. */
final class KnownLayout {

    private final Trace.Layout planned;
    private final Optional<Trace.Layout> found;

    /** @param layouts as they were written down, one after the other */
    KnownLayout(List<Trace.Layout> layouts) {
        this.planned = layouts.isEmpty() ? new Trace.Layout(List.of(), List.of()) : layouts.get(0);
        this.found = Optional.of(layouts).filter(all -> all.size() > 1).map(all -> all.get(all.size() - 1));
    }

    /** The nodes: what was planned for them, and what they publish and guard as it was found. */
    List<Trace.Member> members() {
        Map<String, Trace.Member> members = new LinkedHashMap<>();
        planned.members().forEach(member -> members.put(member.node(), member));
        found.stream()
                .flatMap(it -> it.members().stream())
                .forEach(now -> members.merge(now.node(), now, KnownLayout::with));
        return new ArrayList<>(members.values());
    }

    private static Trace.Member with(Trace.Member plan, Trace.Member now) {
        return new Trace.Member(
                plan.node(), now.version(), now.publishes(), now.readOnly(), plan.settings(), plan.script());
    }

    /** The arrows that were planned; of those that were found again, as they were found. */
    List<Trace.Arrow> planned() {
        return planned.arrows().stream().map(this::described).toList();
    }

    /** An arrow as it was found, if it was. */
    Trace.Arrow described(Trace.Arrow arrow) {
        return found.stream()
                .flatMap(it -> it.arrows().stream())
                .filter(now -> isSame(now, arrow))
                .findFirst()
                .map(now -> orKnown(now, arrow))
                .orElse(arrow);
    }

    /** What could not be found out, since the other end did not answer, is as it was known. */
    private static Trace.Arrow orKnown(Trace.Arrow now, Trace.Arrow known) {
        return new Trace.Arrow(
                now.from(),
                now.to(),
                now.physical(),
                now.name(),
                now.publications().isEmpty() ? known.publications() : now.publications(),
                now.slot(),
                now.tables().isEmpty() ? known.tables() : now.tables());
    }

    private static boolean isSame(Trace.Arrow one, Trace.Arrow other) {
        return one.physical() == other.physical()
                && one.to().equals(other.to())
                && one.from().equals(other.from())
                && one.name().equals(other.name());
    }

    /** Those that were there when somebody looked, of nodes that were down as they are known; empty if nobody looked. */
    Optional<List<Trace.Arrow>> atEnd(List<Trace.Arrow> known) {
        return found.map(now -> Stream.concat(
                        now.arrows().stream()
                                .map(arrow -> known.stream()
                                        .filter(it -> isSame(it, arrow))
                                        .findFirst()
                                        .map(it -> orKnown(arrow, it))
                                        .orElse(arrow)),
                        known.stream()
                                .filter(arrow -> now.members().stream()
                                        .noneMatch(member -> member.node().equals(arrow.to()))))
                .toList());
    }
}
