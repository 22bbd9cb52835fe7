package org.pgminicluster.attach;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.script.Sql;
import org.pgminicluster.script.Step;
import org.pgminicluster.topology.DatabaseSpec;
import org.pgminicluster.topology.Publication;

/** What of a database stands, but for its subscriptions, and what is to be made. */
final class DatabaseSurvey {

    private final ServerSurvey server;
    private final Member database;
    private final DatabaseSpec spec;
    private final List<Step> steps;
    private final boolean there;
    private final Set<String> objects = new LinkedHashSet<>();
    private final Set<String> eventTriggers = new LinkedHashSet<>();
    private final Map<String, String> tables = new LinkedHashMap<>();
    private final Set<String> publications = new LinkedHashSet<>();
    private final Set<String> guards = new LinkedHashSet<>();
    private List<Step> schema = List.of();
    private List<Step> missing = List.of();

    /** @param steps all that a server of its own would get in this database */
    private DatabaseSurvey(ServerSurvey server, Member database, DatabaseSpec spec, List<Step> steps) {
        this.server = server;
        this.database = database;
        this.spec = spec;
        this.steps = steps;
        this.there = server.hasDatabase(spec.name());
    }

    /** @param carryOut carries a step out, in the scratch database beside one that stands */
    static DatabaseSurvey of(
            ServerSurvey server,
            Member database,
            DatabaseSpec spec,
            List<Step> steps,
            Consumer<Step> carryOut,
            Complaints complaints) {
        DatabaseSurvey survey = new DatabaseSurvey(server, database, spec, steps);
        if (survey.there) {
            server.requireLinks(database, complaints);
        } else {
            server.requireLinks(database.in("template1"), complaints);
            // Nobody may be in there when a database is made of it.
            database.in("template1").disconnect();
        }
        if (!server.may("createdb")) {
            server.lacks(
                    complaints,
                    survey.there
                            ? "may make a database for a moment, to compare " + spec.name() + " with"
                            : "may make database " + spec.name(),
                    "ALTER ROLE " + Sql.identifier(server.role()) + " CREATEDB");
        } else if (survey.there) {
            survey.compare(carryOut, complaints);
        } else {
            survey.schema = survey.steps(Step.Phase.SCHEMA, Step.Phase.SEED);
        }
        survey.missing = survey.findMissing();
        return survey;
    }

    private List<Step> steps(Step.Phase... phases) {
        List<Step.Phase> wanted = List.of(phases);
        return steps.stream().filter(step -> wanted.contains(step.phase())).toList();
    }

    private void compare(Consumer<Step> carryOut, Complaints complaints) {
        List<Step> making = new ArrayList<>(steps(Step.Phase.SCHEMA));
        steps(Step.Phase.PUBLISH).stream().filter(DatabaseSurvey::publishes).forEach(making::add);
        Set<String> wanted;
        Map<String, String> wantedTables;
        Map<String, String> wantedPublications;
        try (ScratchDatabase scratch = ScratchDatabase.make(server.maintenance())) {
            scratch.carryOut(making, carryOut);
            wanted = scratch.objects();
            wantedTables = scratch.tables();
            wantedPublications = scratch.publications();
        }
        tables.putAll(CatalogObjects.tables(database));
        eventTriggers.addAll(
                database.look("SELECT evtname FROM pg_event_trigger").texts());
        Set<String> standing = CatalogObjects.in(database);
        objects.addAll(wanted);
        objects.removeAll(standing);
        schema(wanted, complaints);
        wantedTables.forEach((table, what) -> same("table " + table, what, tables.get(table), complaints));
        Map<String, String> published = CatalogObjects.publications(database);
        publications.addAll(published.keySet());
        wantedPublications.forEach((name, what) -> same("publication " + name, what, published.get(name), complaints));
        guards.addAll(GuardSurvey.missing(database, spec.readOnly(), tables.keySet(), complaints));
    }

    private void same(String what, String wanted, @Nullable String found, Complaints complaints) {
        if (found != null && !found.equals(wanted)) {
            complaints.add(
                    what + " in " + place() + " to be " + wanted + ", as the topology makes it",
                    "was " + found,
                    "change or drop it there, or say in the topology what it is");
        }
    }

    private void schema(Set<String> wanted, Complaints complaints) {
        if (objects.isEmpty()) {
            return;
        }
        if (objects.size() == wanted.size()) {
            schema = steps(Step.Phase.SCHEMA, Step.Phase.SEED);
            return;
        }
        TableStatements.making(steps(Step.Phase.SCHEMA), objects)
                .ifPresentOrElse(
                        parts -> schema = parts,
                        () -> complaints.add(
                                "the schema of " + place() + " to stand whole or not at all",
                                objects.stream().limit(5).collect(Collectors.joining(", "))
                                        + (objects.size() > 5 ? " and " + (objects.size() - 5) + " more" : "")
                                        + " are missing and the rest is there",
                                "make what is missing there, or drop what stands"));
    }

    private String place() {
        return "database " + spec.name() + " of " + server.name();
    }

    boolean isSuperuser() {
        return server.superuser();
    }

    boolean isThere() {
        return there;
    }

    DatabaseSpec spec() {
        return spec;
    }

    Member database() {
        return database;
    }

    /** Whether a table was there before, and goes on when all that was made is taken back. */
    boolean stands(String table) {
        return tables.containsKey(table);
    }

    Set<String> standingTables() {
        return tables.keySet();
    }

    private static boolean publishes(Step step) {
        return step.command().toString().startsWith("CREATE PUBLICATION ");
    }

    /** What is to be made, but for rights, roles and subscriptions. */
    List<Step> missing() {
        return missing;
    }

    private List<Step> findMissing() {
        List<Step> missing = new ArrayList<>(schema);
        for (Step step : steps) {
            String sql = step.command().toString();
            boolean wanted = switch (step.phase()) {
                case GUARD -> !there || guards.contains(sql) && !standsAlready(step);
                case UPKEEP -> server.superuser() && sql.contains("guard_parts") && guarded();
                case PUBLISH -> publishes(step) && isMissing(sql);
                default -> false;
            };
            if (wanted) {
                missing.add(step);
            }
        }
        return missing;
    }

    /** A function may be there though the triggers are not. */
    private boolean standsAlready(Step step) {
        return functionOf(step).filter(this::hasFunction).isPresent();
    }

    private boolean hasFunction(String function) {
        return database.look("SELECT to_regprocedure(?)", function).value() != null;
    }

    private static Optional<String> functionOf(Step step) {
        String sql = step.command().toString();
        String begin = "CREATE FUNCTION ";
        return sql.startsWith(begin)
                ? Optional.of(sql.substring(begin.length(), sql.indexOf(')') + 1))
                : Optional.empty();
    }

    private boolean guarded() {
        return !eventTriggers.contains("minicluster_guarded") && (there ? !guards.isEmpty() : true);
    }

    /** Whether what is published later must be made readable by an event trigger that is not there. */
    boolean lacksRights() {
        return server.superuser() && !eventTriggers.contains("minicluster_published");
    }

    private boolean isMissing(String sql) {
        return spec.publications().stream()
                .map(Publication::name)
                .filter(name -> !publications.contains(name))
                .map(name -> "CREATE PUBLICATION " + Sql.identifier(name))
                .anyMatch(begin -> sql.equals(begin) || sql.startsWith(begin + " "));
    }

    /** How what {@link #missing()} makes in a database that stands is taken back; where it is new, it goes with that. */
    void takeBack(TakeBack takeBack) {
        if (!there) {
            return;
        }
        InStanding standing = new InStanding(database, takeBack);
        if (!schema.isEmpty()) {
            standing.drop(
                    "the schema of " + place(),
                    objects.stream()
                            .map(object -> "DROP "
                                    + object.replaceFirst(
                                            "^(table|view|materialized view|foreign table|sequence|"
                                                    + "function|procedure|aggregate|type|extension|schema) ",
                                            "$1 IF EXISTS ")
                                    + " CASCADE")
                            .toList());
        }
        for (Step step : missing) {
            String sql = step.command().toString();
            switch (step.phase()) {
                case GUARD -> standing.guard(sql, functionOf(step));
                case UPKEEP -> standing.upkeepOfGuards();
                case PUBLISH -> standing.publication(sql);
                default -> {
                    // The schema, as a whole.
                }
            }
        }
    }
}
