package org.pgminicluster.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.apiguardian.api.API;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Skips a test, or all of a class, where PostgreSQL is older or newer than it needs; the reason is in JUnit's result.
 *
 * <p>No server is started to find that out: {@code minicluster.postgres} says it. If that is an image whose name does
 * not tell the major, a test with a cluster is aborted with the same reason once its servers have told.
 *
 * <pre>{@code
 * @Test
 * @RequiresPostgres(min = 16, because = "origin=none came with 16")
 * void ...
 * }</pre>
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(PostgresCondition.class)
@API(status = API.Status.MAINTAINED)
public @interface RequiresPostgres {

    /** The first major that will do; without it there is no lower bound. */
    int min() default 0;

    /** The last major that will do; without it there is no upper bound. */
    int max() default Integer.MAX_VALUE;

    /** Why, as the rest of a sentence that begins with "because". */
    String because();
}
