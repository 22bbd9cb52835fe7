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
 * Skips a test, or all of a class, where a client program that it needs is not installed; the reason is in JUnit's
 * result. No server is started to find that out. In containers nothing is skipped: the image has the programs.
 *
 * <pre>{@code
 * @Test
 * @RequiresProgram({"pg_dump", "pg_restore"})
 * void ...
 * }</pre>
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(ProgramCondition.class)
@API(status = API.Status.MAINTAINED)
public @interface RequiresProgram {

    /** The programs' names, such as {@code pg_dump}. */
    String[] value();
}
