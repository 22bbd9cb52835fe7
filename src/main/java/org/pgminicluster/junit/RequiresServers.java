package org.pgminicluster.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.apiguardian.api.API;
import org.junit.jupiter.api.extension.ExtendWith;
import org.pgminicluster.server.ServerKind;

/**
 * Skips a test, or all of a class, where servers run in something else than it needs; the reason is in JUnit's result.
 * No server is started to find that out.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@ExtendWith(ServersCondition.class)
@API(status = API.Status.MAINTAINED)
public @interface RequiresServers {

    /** What servers must run in. */
    ServerKind value();

    /** Why, as the rest of a sentence that begins with "because". */
    String because();
}
