package org.pgminicluster.attach;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.session.Session;

/** Takes back what was made in a database that goes on. */
final class InStanding {

    private static final Pattern TRIGGER =
            Pattern.compile("CREATE TRIGGER (\\S+) BEFORE [A-Z ]+ ON (.+)\\n.*", Pattern.DOTALL);
    private static final Pattern PUBLICATION =
            Pattern.compile("CREATE PUBLICATION (\"(?:[^\"]|\"\")+\"|\\w+).*", Pattern.DOTALL);

    private final Member database;
    private final TakeBack takeBack;

    InStanding(Member database, TakeBack takeBack) {
        this.database = database;
        this.takeBack = takeBack;
    }

    void drop(String what, List<String> statements) {
        takeBack.after(what, database.name(), () -> {
            try (Session session = database.session()) {
                statements.forEach(session::execute);
            }
        });
    }

    /** With a function that was made go the triggers that call it, those of partitions too. */
    void guard(String sql, Optional<String> function) {
        if (function.isPresent()) {
            drop("guards", List.of("DROP FUNCTION IF EXISTS " + function.get() + " CASCADE"));
            return;
        }
        Matcher trigger = TRIGGER.matcher(sql);
        if (trigger.matches()) {
            drop("a guard", List.of("DROP TRIGGER IF EXISTS " + trigger.group(1) + " ON " + trigger.group(2)));
        }
    }

    void upkeepOfGuards() {
        upkeep(List.of(
                "DROP EVENT TRIGGER IF EXISTS minicluster_guarded",
                "DROP FUNCTION IF EXISTS minicluster.guard_new_parts()",
                "DROP FUNCTION IF EXISTS minicluster.guard_parts()"));
    }

    void upkeepOfRights() {
        upkeep(List.of(
                "DROP EVENT TRIGGER IF EXISTS minicluster_published_before",
                "DROP EVENT TRIGGER IF EXISTS minicluster_published",
                "DROP FUNCTION IF EXISTS minicluster.grant_published()"));
    }

    /** The schema goes with the last that is in it. */
    private void upkeep(List<String> statements) {
        takeBack.after("an event trigger", database.name(), () -> {
            try (Session session = database.session()) {
                statements.forEach(session::execute);
                boolean empty = session.query("SELECT 1 FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
                                + " WHERE n.nspname = 'minicluster'")
                        .isEmpty();
                if (empty) {
                    session.execute("DROP SCHEMA IF EXISTS minicluster");
                }
            }
        });
    }

    void publication(String sql) {
        Matcher publication = PUBLICATION.matcher(sql);
        if (publication.matches()) {
            drop("publication " + publication.group(1), List.of("DROP PUBLICATION IF EXISTS " + publication.group(1)));
        }
    }
}
