package org.pgminicluster.topology;

import javax.sql.DataSource;
import org.apiguardian.api.API;

/** What makes a schema by code: Flyway, Liquibase, or anything else that takes a {@link DataSource}. */
@API(status = API.Status.MAINTAINED)
@FunctionalInterface
public interface Migration {

    /**
     * Carries it out.
     *
     * @param dataSource opens connections to the node's database as its superuser; whoever takes one closes it
     * @throws Exception with which the cluster's start fails
     */
    void migrate(DataSource dataSource) throws Exception;
}
