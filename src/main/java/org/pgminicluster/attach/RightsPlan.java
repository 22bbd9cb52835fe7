package org.pgminicluster.attach;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pgminicluster.runtime.ClusterRuntime;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.script.Roles;
import org.pgminicluster.script.Sql;
import org.pgminicluster.script.Step;
import org.pgminicluster.server.Credentials;
import org.pgminicluster.session.Session;
import org.pgminicluster.topology.Publication;

/** By which roles subscribers log in to one publisher, and what they may read there. */
final class RightsPlan {

    private static final String TO_GROUP = " TO " + Roles.GROUP;

    private final ClusterRuntime runtime;
    private final ServerSurvey server;
    private final List<DatabaseSurvey> databases;
    private final List<Step> steps;
    private final Set<String> followers = new LinkedHashSet<>();
    private final List<Step> missing = new ArrayList<>();
    private final Set<String> made = new LinkedHashSet<>();

    /** @param steps all that a server of its own would get */
    RightsPlan(
            ClusterRuntime runtime,
            ServerSurvey server,
            List<DatabaseSurvey> databases,
            List<Step> steps,
            List<MissingSubscription> subscriptions) {
        this.runtime = runtime;
        this.server = server;
        this.databases = databases;
        this.steps = steps;
        subscriptions.stream()
                .filter(one -> one.subscription().publisher().equals(server.name()))
                .forEach(one -> followers.add(one.subscriber()));
    }

    List<Step> missing() {
        return missing;
    }

    /** Who follows already has all that this takes. */
    void look(Complaints complaints) {
        if (followers.isEmpty()) {
            return;
        }
        runtime.member(server.name())
                .server()
                .replication()
                .ifPresentOrElse(given -> given(given, complaints), () -> own(complaints));
    }

    private void given(Credentials given, Complaints complaints) {
        String role = given.user();
        String may = server
                .maintenance()
                .look(
                        "SELECT (rolcanlogin AND (rolreplication OR rolsuper))::text FROM pg_roles WHERE rolname = ?",
                        role)
                .texts()
                .stream()
                .findFirst()
                .orElse("");
        if (!may.equals("true")) {
            complaints.add(
                    "the role " + role + " of " + server.name() + " to be one by which others can subscribe",
                    may.isEmpty() ? "there is none" : "it may not log in and replicate",
                    "say " + (may.isEmpty() ? "CREATE" : "ALTER") + " ROLE " + Sql.identifier(role)
                            + " LOGIN REPLICATION there");
        } else {
            grants(role);
        }
    }

    private void own(Complaints complaints) {
        List<String> logins = followers.stream().map(Roles::login).toList();
        if (!server.makesRoles()) {
            server.lacks(
                    complaints,
                    "may make roles that replicate",
                    server.major() < ServerSurvey.SUBSCRIBERS
                            ? "ALTER ROLE " + Sql.identifier(server.role())
                                    + " SUPERUSER, or give a role that is there by"
                                    + " Attached.replication(role, password),"
                            : "ALTER ROLE " + Sql.identifier(server.role())
                                    + " CREATEROLE REPLICATION, or give a role that"
                                    + " is there by Attached.replication(role, password),");
            return;
        }
        logins.stream()
                .filter(server::hasRole)
                .forEach(login -> complaints.add(
                        server.name() + " to have no role " + login
                                + " yet, by which a subscription that is not there will log in",
                        "there is one, and its password is not known here",
                        "give it by Attached.replication(\"" + login + "\", password), or DROP ROLE " + login
                                + " there"));
        if (!server.hasRole(Roles.GROUP)) {
            made.add(Roles.GROUP);
        }
        made.addAll(logins);
        for (Step step : steps) {
            if (step.phase() == Step.Phase.ROLE && made.contains(roleOf(step))) {
                missing.add(step);
            }
        }
        grants(Roles.GROUP);
        databases.stream()
                .filter(DatabaseSurvey::lacksRights)
                .forEach(database -> steps.stream()
                        .filter(step -> step.phase() == Step.Phase.UPKEEP
                                && step.database().equals(database.spec().name())
                                && step.command().toString().contains("grant_published"))
                        .forEach(missing::add));
    }

    private static String roleOf(Step step) {
        if (step.command() instanceof Step.SetPassword set) {
            return set.role();
        }
        String[] words = step.command().toString().split(" ");
        return words.length > 2 ? words[2] : "";
    }

    private void grants(String role) {
        for (DatabaseSurvey database : databases) {
            String name = database.spec().name();
            for (Step step : steps) {
                String sql = step.command().toString();
                if (step.phase() == Step.Phase.PUBLISH
                        && step.database().equals(name)
                        && sql.startsWith("GRANT ")
                        && !has(role, step, database)) {
                    grant(name, sql.replace(TO_GROUP, " TO " + Sql.identifier(role)));
                }
            }
            if (database.isThere()) {
                published(role, database).forEach(sql -> grant(name, sql));
            }
        }
    }

    private void grant(String database, String sql) {
        String reason = "The initial copy needs SELECT; streaming would not.";
        boolean planned = missing.stream()
                .anyMatch(step -> step.database().equals(database)
                        && step.command().toString().equals(sql));
        if (!planned) {
            missing.add(new Step(server.name(), database, Step.Phase.PUBLISH, reason, new Step.Statement(sql)));
        }
    }

    /** What publications that stand publish beyond the tables that the topology lists: partitions, and all of a schema. */
    private List<String> published(String role, DatabaseSurvey database) {
        List<String> names = database.spec().publications().stream()
                .map(publication -> Sql.literal(publication.name()))
                .toList();
        if (names.isEmpty()) {
            return List.of();
        }
        String listed = database.spec().publications().stream()
                .flatMap(publication -> publication.tables().stream())
                .map(table -> Sql.literal(Sql.table(table.name())))
                .collect(Collectors.joining(", "));
        return database
                .database()
                .look(
                        "SELECT DISTINCT format('%I.%I', schemaname, tablename) FROM pg_publication_tables WHERE pubname IN ("
                                + String.join(", ", names) + ")"
                                + (listed.isEmpty()
                                        ? ""
                                        : " AND format('%I.%I', schemaname, tablename) NOT IN (" + listed + ")")
                                + " ORDER BY 1")
                .texts()
                .stream()
                .filter(table -> made.contains(role) || !reads(role, table, database))
                .flatMap(table -> Stream.of(
                        "GRANT USAGE ON SCHEMA " + table.substring(0, table.indexOf('.')) + " TO "
                                + Sql.identifier(role),
                        "GRANT SELECT ON " + table + " TO " + Sql.identifier(role)))
                .toList();
    }

    private static boolean reads(String role, String table, DatabaseSurvey database) {
        return "t"
                .equals(database.database()
                        .look("SELECT has_table_privilege(?, ?, 'SELECT')", role, table)
                        .value());
    }

    /** What somebody granted before is not granted again, so that it is not taken back either. */
    private boolean has(String role, Step grant, DatabaseSurvey database) {
        if (!database.isThere() || made.contains(role)) {
            return false;
        }
        String sql = grant.command().toString();
        return database.spec().publications().stream()
                .flatMap(publication -> publication.tables().stream())
                .map(Publication.Table::name)
                .filter(table -> sql.startsWith("GRANT SELECT") && sql.contains(Sql.table(table))
                        || sql.startsWith("GRANT USAGE ON SCHEMA " + Sql.identifier(table.schema()) + " "))
                .allMatch(table -> database.stands(Sql.table(table))
                        && "t"
                                .equals(database.database()
                                        .look(
                                                "SELECT has_table_privilege(?, ?, 'SELECT') AND has_schema_privilege(?, ?, 'USAGE')",
                                                role,
                                                Sql.table(table),
                                                role,
                                                table.schema())
                                        .value()));
    }

    void takeBack(TakeBack takeBack) {
        made.forEach(role -> takeBack.after("role " + role, server.name(), () -> drop(role)));
        for (Step step : missing) {
            String sql = step.command().toString();
            DatabaseSurvey database = databases.stream()
                    .filter(one -> one.spec().name().equals(step.database()))
                    .findFirst()
                    .orElseThrow();
            if (!database.isThere()) {
                continue;
            }
            InStanding standing = new InStanding(database.database(), takeBack);
            if (step.phase() == Step.Phase.UPKEEP) {
                standing.upkeepOfRights();
            } else if (step.phase() == Step.Phase.PUBLISH
                    && made.stream().noneMatch(role -> sql.endsWith(" TO " + role))) {
                standing.drop(
                        "a right",
                        List.of(sql.replaceFirst("^GRANT", "REVOKE").replaceFirst(" TO (\\S+)$", " FROM $1")));
            }
        }
    }

    private void drop(String role) {
        Member maintenance = server.maintenance();
        if (maintenance.look("SELECT 1 FROM pg_roles WHERE rolname = ?", role).isEmpty()) {
            return;
        }
        List<String> there = maintenance
                .look("SELECT datname FROM pg_database WHERE datallowconn")
                .texts();
        for (DatabaseSurvey database : databases) {
            if (there.contains(database.spec().name())) {
                execute(database.database(), "DROP OWNED BY " + role);
            }
        }
        execute(maintenance, "DROP ROLE IF EXISTS " + role);
    }

    private static void execute(Member where, String sql) {
        try (Session session = where.session()) {
            session.execute(sql);
        }
    }
}
