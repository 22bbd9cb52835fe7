package org.pgminicluster.script;

import org.apiguardian.api.API;

/** A setting that differs from PostgreSQL's default, and the reason. */
@API(status = API.Status.INTERNAL)
public record Setting(String name, String value, String reason) {}
