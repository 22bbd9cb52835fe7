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
import org.jspecify.annotations.Nullable;

/**
 * A subscription: which publications of which node this one copies.
 *
 * @param name the subscription's name
 * @param publisher the node that publishes
 * @param publisherDatabase the database there
 * @param publications the publications' names
 * @param options the options that are set, in order; all others have PostgreSQL's default
 * @see <a href="https://www.postgresql.org/docs/13/sql-createsubscription.html">CREATE SUBSCRIPTION</a>
 */
public record Subscription(
        String name,
        String publisher,
        String publisherDatabase,
        List<String> publications,
        Map<SubscriptionOption, String> options) {

    private static final Set<String> OFF = Set.of("false", "off", "0");

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
        return Optional.of(new Subscription(name, publisher, publisherDatabase, publications, changed));
    }

    /** What of this subscription the given major does not know, with the first major that does. */
    Optional<SubscriptionOption.Missing> missingIn(int major) {
        return options.keySet().stream()
                .filter(option -> option.since() > major)
                .map(option -> new SubscriptionOption.Missing("option " + option.sqlName(), option.since()))
                .findFirst()
                .or(() -> isParallel() && major < 16
                        ? Optional.of(new SubscriptionOption.Missing("streaming = parallel", 16))
                        : Optional.empty());
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
                    options);
        }
    }
}
