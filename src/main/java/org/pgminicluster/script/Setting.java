package org.pgminicluster.script;

/** A setting that differs from PostgreSQL's default, and the reason. */
public record Setting(String name, String value, String reason) {}
