package org.pgminicluster.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.apiguardian.api.API;

/**
 * One start of servers for all tests of a class and of the classes nested in it, instead of one for each test. They are
 * started when the first test asks for them and closed after the last. The topology stands on the class.
 *
 * <p>As it is, all tests have one cluster: what one leaves behind the next one finds. {@code @BeforeAll} and {@code
 * @AfterAll} methods may ask for it too. With {@link #freshDatabases()} each test has a cluster of its own on the same
 * servers.
 *
 * <p>A nested class that is {@code @Shared} itself has a cluster, or servers, of its own.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@API(status = API.Status.MAINTAINED)
public @interface Shared {

    /**
     * Whether every test gets fresh databases, publications, subscriptions, slots and guards, as the topology says, at the
     * price of about a tenth of a second. All that a test makes in them, further databases, slots, subscriptions, sessions,
     * prepared transactions and roles among it, is gone when the test ends, and faults of links are healed.
     *
     * <p>Not isolated is what belongs to a server as a whole: settings ({@code ALTER SYSTEM}), changes of roles that the
     * topology makes, tablespaces, the databases {@code postgres} and {@code template1}, and files of client programs. A test
     * that breaks a whole server (stop, kill, pause, restart, base backups) is refused, and so is a topology with standbys.
     * Schema and seed scripts run once for the class, and what subscriptions copy is copied once.
     *
     * <p>{@code @BeforeEach} and {@code @AfterEach} methods have the cluster of their test; {@code @BeforeAll} and {@code
     * @AfterAll} methods have none. Tests of the class run one after the other; one that asks for a cluster while another
     * one still has the servers fails.
     */
    boolean freshDatabases() default false;
}
