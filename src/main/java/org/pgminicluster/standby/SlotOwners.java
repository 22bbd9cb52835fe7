package org.pgminicluster.standby;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.pgminicluster.runtime.LoginRules;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.script.Roles;
import org.pgminicluster.script.Slots;
import org.pgminicluster.state.SlotState;

/**
 * Whose the slots of publishers are, now that a primary cannot be asked. A slot does not say who made it, so what nobody
 * else claims may be the primary's.
 */
final class SlotOwners {

    private record Claim(String publisher, String slot) {
        static Claim of(StandbySubscription subscription) {
            return new Claim(subscription.publisher().name(), subscription.slot());
        }
    }

    private final Member from;
    private final List<String> pair;
    private final Set<Claim> claims = new HashSet<>();

    /** @param replayed what its standby has of it */
    SlotOwners(Member from, List<StandbySubscription> replayed) {
        this.from = from;
        this.pair = LoginRules.pair(from.runtime().topology(), from.name());
        replayed.stream().map(Claim::of).forEach(claims::add);
        from.runtime().topology().nodes().stream()
                .filter(node -> !pair.contains(node.name()))
                .flatMap(node -> node.databases().stream())
                .flatMap(database -> database.subscriptions().stream())
                .map(declared -> new Claim(declared.publisher(), declared.slotName()))
                .forEach(claims::add);
    }

    /** The nodes that it could subscribe to and that can be asked. */
    List<Member> others() {
        return from.runtime().members().stream()
                .filter(node -> !pair.contains(node.name()) && node.isAwake())
                .toList();
    }

    /** The names of those that nobody claims. */
    List<String> unclaimed(Member publisher, Collection<SlotState> slots) {
        List<String> left = unclaimed(publisher, slots.stream()).toList();
        if (left.isEmpty()) {
            return left;
        }
        // What was made by hand is in no topology; only now are all of them asked.
        others().stream()
                .flatMap(node -> StandbySubscription.on(node).stream())
                .map(Claim::of)
                .forEach(claims::add);
        return unclaimed(publisher, slots.stream()).toList();
    }

    private Stream<String> unclaimed(Member publisher, Stream<SlotState> slots) {
        return slots.filter(slot -> "pgoutput".equals(slot.plugin()))
                .filter(slot -> slot.holder().isEmpty() || slot.holder().equals(Roles.login(from.name())))
                .filter(slot -> !slot.copiesATable())
                .map(SlotState::name)
                .filter(name ->
                        from.runtime().members().stream().noneMatch(node -> Slots.isFailover(node.name(), name)))
                .filter(name -> !claims.contains(new Claim(publisher.name(), name)));
    }
}
