package org.pgminicluster.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A subscription: which publications of which node this one copies.
 *
 * @param name the subscription's name
 * @param publisher the node that publishes
 * @param publisherDatabase the database there
 * @param publications the publications' names
 * @param options the options that are set, in order; all others have PostgreSQL's default
 * @param bypassesRowSecurity whether the role by which its node logs in at the publisher reads past row security
 * @see <a href="https://www.postgresql.org/docs/13/sql-createsubscription.html">CREATE SUBSCRIPTION</a>
 */
@API(status = API.Status.MAINTAINED)
public record Subscription(
        String name,
        String publisher,
        String publisherDatabase,
        List<String> publications,
        Map<SubscriptionOption, String> options,
        boolean bypassesRowSecurity) {

    private static final Set<String> OFF = Set.of("false", "off", "0");

    private static final int PARALLEL = 16;

    public Subscription {
        publications = List.copyOf(publications);
        options = options.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(options));
    }

    /** The option's value as it was set, or the given default. */
    public String option(SubscriptionOption option, String defaultValue) {
        return options.getOrDefault(option, defaultValue);
    }

    /**
     * The slot on the publisher: the one that was named, else the subscription's name. Slots allow only
     * lower-case letters, digits and underscores, so a subscription of another name gets a slot of a tamed one.
     *
     * @see <a href="https://www.postgresql.org/docs/13/warm-standby.html#STREAMING-REPLICATION-SLOTS-MANIPULATION">Slot
     *     names</a>
     */
    public String slotName() {
        String named = options.get(SubscriptionOption.SLOT_NAME);
        return named != null ? named : tame(name);
    }

    /** Whether it is to work without any slot: {@code slot_name = none} was said. */
    public boolean hasNoSlot() {
        return "none".equals(options.get(SubscriptionOption.SLOT_NAME));
    }

    /** Whether a transaction that is prepared on the publisher is prepared on the subscriber, too. */
    public boolean isTwoPhase() {
        return !OFF.contains(option(SubscriptionOption.TWO_PHASE, "false").toLowerCase(Locale.ROOT));
    }

    /** Whether {@code CREATE SUBSCRIPTION} makes its slot on the publisher. */
    boolean makesSlot() {
        return !hasNoSlot() && isOn(SubscriptionOption.CONNECT) && isOn(SubscriptionOption.CREATE_SLOT);
    }

    /**
     * The same for a subscriber that has all rows already: it copies none, and waits to be enabled. Empty if this one is not
     * enabled when it is made, and so copies nothing either.
     */
    public Optional<Subscription> withRowsThere() {
        if (hasNoSlot() || !isOn(SubscriptionOption.CONNECT) || !isOn(SubscriptionOption.ENABLED)) {
            return Optional.empty();
        }
        Map<SubscriptionOption, String> changed = new EnumMap<>(SubscriptionOption.class);
        changed.putAll(options);
        changed.put(SubscriptionOption.COPY_DATA, "false");
        changed.put(SubscriptionOption.ENABLED, "false");
        return Optional.of(
                new Subscription(name, publisher, publisherDatabase, publications, changed, bypassesRowSecurity));
    }

    /** What of this subscription the given major does not know, with the first major that does. */
    Optional<SubscriptionOption.Missing> missingIn(int major) {
        return options.keySet().stream()
                .filter(option -> option.since() > major)
                .map(option -> new SubscriptionOption.Missing("option " + option.sqlName(), option.since()))
                .findFirst()
                .or(() -> parallelBefore(major));
    }

    /**
     * What of this subscription its publisher has to do, and does not know how to in the given major. It would be refused
     * there, or, which is worse, not done without a word.
     */
    Optional<SubscriptionOption.Missing> missingAtPublisher(int major) {
        return Stream.of(
                        SubscriptionOption.BINARY,
                        SubscriptionOption.STREAMING,
                        SubscriptionOption.TWO_PHASE,
                        SubscriptionOption.ORIGIN,
                        SubscriptionOption.FAILOVER,
                        SubscriptionOption.RETAIN_DEAD_TUPLES)
                .filter(option -> option.since() > major && asksPublisher(option))
                .map(option -> new SubscriptionOption.Missing(
                        "option " + option.sqlName() + " = " + options.get(option), option.since()))
                .findFirst()
                .or(() -> parallelBefore(major));
    }

    /** What is switched off asks for nothing. */
    private boolean asksPublisher(SubscriptionOption option) {
        String value = option(option, "off").toLowerCase(Locale.ROOT);
        return !OFF.contains(value) && !(option == SubscriptionOption.ORIGIN && value.equals("any"));
    }

    private Optional<SubscriptionOption.Missing> parallelBefore(int major) {
        return isParallel() && major < PARALLEL
                ? Optional.of(new SubscriptionOption.Missing("streaming = parallel", PARALLEL))
                : Optional.empty();
    }

    private boolean isParallel() {
        return option(SubscriptionOption.STREAMING, "off").equalsIgnoreCase("parallel");
    }

    private boolean isOn(SubscriptionOption onByDefault) {
        return !OFF.contains(option(onByDefault, "true").toLowerCase(Locale.ROOT));
    }

    private static String tame(String name) {
        String tamed = name.replaceAll("[^a-z0-9_]", "_");
        if (tamed.equals(name)) {
            return name;
        }
        // Two names must not become one: a hash of the whole keeps "A b" and "a-b" apart.
        String hash = String.format("%08x", name.hashCode());
        return tamed.substring(0, Math.min(tamed.length(), 54)) + "_" + hash;
    }

    /** Says whom to follow; everything else has PostgreSQL's default. */
    public static final class Builder {
        private final String name;
        private @Nullable String publisher;
        private @Nullable String publisherDatabase;
        private final List<String> publications = new ArrayList<>();
        private final Map<SubscriptionOption, String> options = new EnumMap<>(SubscriptionOption.class);
        private boolean bypassesRowSecurity;

        Builder(String name) {
            this.name = name;
        }

        /** The node to follow and the publications there. */
        public Builder to(String publisherNode, String... publicationNames) {
            publisher = publisherNode;
            publications.addAll(Arrays.asList(publicationNames));
            return this;
        }

        /** The publisher's database, if it is not this subscription's own. */
        public Builder database(String nameOnPublisher) {
            publisherDatabase = nameOnPublisher;
            return this;
        }

        /** Whether rows that exist already are copied first; PostgreSQL's default is true. */
        public Builder copyData(boolean copy) {
            return with("copy_data", Boolean.toString(copy));
        }

        /** The slot's name, if it is not the subscription's. */
        public Builder slotName(String slot) {
            return with("slot_name", slot);
        }

        /** The apply worker's {@code synchronous_commit}; PostgreSQL's default is {@code off}. */
        public Builder synchronousCommit(String level) {
            return with("synchronous_commit", level);
        }

        /**
         * Lets it copy all rows of tables with row security: the role by which its node logs in at the publisher is made
         * with {@code BYPASSRLS}. Without it only those are copied that a policy shows to that role, and nothing fails;
         * what is streamed afterwards comes all the same. All subscriptions of one node to another share that role.
         *
         * @see <a href="https://www.postgresql.org/docs/13/logical-replication-security.html">Security</a>
         */
        public Builder bypassRowSecurity() {
            bypassesRowSecurity = true;
            return this;
        }

        /**
         * Sets any option of {@code CREATE SUBSCRIPTION} by its SQL name.
         *
         * @throws InvalidTopologyException if no major has such an option
         */
        public Builder with(String option, String value) {
            SubscriptionOption known = SubscriptionOption.named(option)
                    .orElseThrow(() -> InvalidTopologyException.expected(
                            "an option of subscription \"" + name + "\"",
                            "be one that PostgreSQL has",
                            "was \"" + option + "\"",
                            "known are "
                                    + Arrays.stream(SubscriptionOption.values())
                                            .map(SubscriptionOption::sqlName)
                                            .collect(Collectors.joining(", "))));
            options.put(known, value);
            return this;
        }

        Subscription build(String ownDatabase) {
            if (publisher == null || publications.isEmpty()) {
                throw InvalidTopologyException.expected(
                        "subscription \"" + name + "\"",
                        "follow a publication",
                        "follows none",
                        "say .to(\"node\", \"publication\")");
            }
            return new Subscription(
                    name,
                    publisher,
                    publisherDatabase == null ? ownDatabase : publisherDatabase,
                    publications,
                    options,
                    bypassesRowSecurity);
        }
    }
}
