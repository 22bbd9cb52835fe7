package org.pgminicluster.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.apiguardian.api.API;

/**
 * Gives a test, or all of a class, its cluster while what subscriptions copy may still be on its way. Without it a
 * cluster is handed over when every table of every enabled subscription is copied, so that what a test writes is
 * streamed. For tests of the copy itself, and for those whose copy is not to succeed; {@link
 * org.pgminicluster.cluster.MiniCluster#awaitSynced()} waits for it later.
 *
 * <p>Of a cluster that is {@link Shared} it is said on the class that shares it.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@API(status = API.Status.MAINTAINED)
public @interface Unsynced {}
