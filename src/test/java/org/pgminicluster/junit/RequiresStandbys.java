package org.pgminicluster.junit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** For tests whose topology has a standby. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@RequiresPostgres(min = 12, because = "before, a standby was described by recovery.conf and promoted by a program")
public @interface RequiresStandbys {}
