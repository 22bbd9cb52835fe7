package org.pgminicluster.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.apiguardian.api.API;

/** The reference topology: vm1 and vm2 each write one table and copy the other's, vm3 copies both. */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.PARAMETER})
@TopologyFrom("org.pgminicluster.topology.HomeworkTopology#create")
@API(status = API.Status.MAINTAINED)
public @interface Homework {}
