package org.pgminicluster.runtime;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import org.apiguardian.api.API;

/**
 * The order in which links are awaited: one that brings a node what it passes on comes before those by which it does.
 * In a circle nothing comes first, so there the order stays as it was.
 */
@API(status = API.Status.INTERNAL)
public final class UpstreamFirst {

    private UpstreamFirst() {}

    public static List<Link> order(List<Link> links) {
        return order(
                links,
                (up, down) -> up.subscriber().name().equals(down.publisher().name())
                        // A standby follows, and passes on, all databases of its primary.
                        && (up.physical()
                                || down.physical()
                                || up.subscriber()
                                        .database()
                                        .equals(down.publisher().database())));
    }

    /**
     * @param feeds whether what comes by the first goes on by the second
     */
    public static <T> List<T> order(List<T> links, BiPredicate<T, T> feeds) {
        List<T> left = new ArrayList<>(links);
        List<T> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            T next = left.stream()
                    .filter(link -> upstream(link, left, feeds).stream()
                            .allMatch(other -> upstream(other, left, feeds).contains(link)))
                    .findFirst()
                    .orElseThrow();
            left.remove(next);
            ordered.add(next);
        }
        return List.copyOf(ordered);
    }

    /** All that feeds the link, directly or by others; the link itself too if it is in a circle. */
    private static <T> Set<T> upstream(T link, List<T> links, BiPredicate<T, T> feeds) {
        Set<T> found = new HashSet<>();
        Deque<T> next = new ArrayDeque<>(List.of(link));
        while (!next.isEmpty()) {
            T fed = next.pop();
            links.stream()
                    .filter(other -> feeds.test(other, fed) && found.add(other))
                    .forEach(next::push);
        }
        return found;
    }
}
