package org.pgminicluster.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * The order in which links are awaited: one that brings a node what it passes on comes before those by which it does.
 * In a circle nothing comes first, so there the order stays as it was.
 */
final class UpstreamFirst {

    private UpstreamFirst() {}

    static List<Link> order(List<Link> links) {
        return order(
                links,
                (up, down) -> up.subscriber().name().equals(down.publisher().name())
                        && up.subscriber().database().equals(down.publisher().database()));
    }

    /**
     * @param feeds whether what comes by the first goes on by the second
     */
    static <T> List<T> order(List<T> links, BiPredicate<T, T> feeds) {
        List<T> left = new ArrayList<>(links);
        List<T> ordered = new ArrayList<>();
        while (!left.isEmpty()) {
            T next = left.stream()
                    .filter(link -> left.stream().noneMatch(other -> feeds.test(other, link)))
                    .findFirst()
                    .orElse(left.get(0));
            left.remove(next);
            ordered.add(next);
        }
        return List.copyOf(ordered);
    }
}
