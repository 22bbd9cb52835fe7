package org.pgminicluster.script;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apiguardian.api.API;
import org.pgminicluster.topology.Subscription;
import org.pgminicluster.topology.SubscriptionOption;

/** Renders {@code CREATE SUBSCRIPTION}. */
@API(status = API.Status.INTERNAL)
public final class SubscriptionSql {

    private static final Set<String> WORDS = Set.of("true", "false", "on", "off");

    private SubscriptionSql() {}

    /** The statement that makes it, connecting as {@code conninfo} says. */
    public static String create(Subscription subscription, Conninfo conninfo) {
        Map<SubscriptionOption, String> options = new EnumMap<>(SubscriptionOption.class);
        options.putAll(subscription.options());
        if (!subscription.slotName().equals(subscription.name())) {
            options.put(SubscriptionOption.SLOT_NAME, subscription.slotName());
        }
        String with = options.isEmpty()
                ? ""
                : options.entrySet().stream()
                        .map(option -> option.getKey().sqlName() + " = " + value(option.getValue()))
                        .collect(Collectors.joining(", ", "\n    WITH (", ")"));
        return "CREATE SUBSCRIPTION " + Sql.identifier(subscription.name()) + "\n    CONNECTION "
                + Sql.literal(conninfo.toString()) + "\n    PUBLICATION "
                + Sql.identifiers(subscription.publications()) + with;
    }

    private static String value(String value) {
        return WORDS.contains(value) ? value : Sql.literal(value);
    }
}
