package org.pgminicluster.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.apiguardian.api.API;

/** The behaviours of PostgreSQL that a scenario pins down, by their ids in the catalogue. */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.METHOD, ElementType.TYPE})
@API(status = API.Status.MAINTAINED)
public @interface Behaviour {

    /** Such as {@code trg-ordinary-trigger-silent-in-apply}. */
    String[] value();
}
