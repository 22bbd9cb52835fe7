package org.pgminicluster.lab.practice;

import java.time.Duration;
import java.util.List;

/** One step towards the state that a learner finds. */
public sealed interface StartStep {

    /** Statements that a superuser types in the lesson's database. */
    record Sql(String node, List<String> statements) implements StartStep {
        public Sql {
            statements = List.copyOf(statements);
        }
    }

    /** A wait until a query answers true. */
    record Until(String node, String query, Duration atMost) implements StartStep {}

    /** A command of minicluster's, such as {@code fault kill vm3}, word by word. */
    record Command(List<String> words) implements StartStep {
        public Command {
            words = List.copyOf(words);
        }
    }
}
