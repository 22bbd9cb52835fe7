package org.pgminicluster.topology;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * The options of {@code CREATE SUBSCRIPTION ... WITH (...)} and the major that brought each.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-createsubscription.html">CREATE SUBSCRIPTION</a>
 */
@API(status = API.Status.MAINTAINED)
public enum SubscriptionOption {
    CONNECT(10),
    CREATE_SLOT(10),
    ENABLED(10),
    SLOT_NAME(10),
    COPY_DATA(10),
    SYNCHRONOUS_COMMIT(10),
    BINARY(14),
    STREAMING(14),
    TWO_PHASE(15),
    DISABLE_ON_ERROR(15),
    PASSWORD_REQUIRED(16),
    RUN_AS_OWNER(16),
    ORIGIN(16),
    FAILOVER(17),
    RETAIN_DEAD_TUPLES(19),
    MAX_RETENTION_DURATION(19),
    WAL_RECEIVER_TIMEOUT(19);

    /** Something that a major does not know yet. */
    record Missing(String feature, int since) {}

    private final int since;

    SubscriptionOption(int since) {
        this.since = since;
    }

    /** The first major that knows the option. */
    public int since() {
        return since;
    }

    /** As it is written in SQL. */
    public String sqlName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The option of that SQL name, if there is one. */
    static Optional<SubscriptionOption> named(String sqlName) {
        return Arrays.stream(values())
                .filter(option -> option.sqlName().equals(sqlName))
                .findFirst();
    }
}
