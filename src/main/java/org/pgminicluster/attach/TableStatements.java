package org.pgminicluster.attach;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgminicluster.script.ScriptPiece;
import org.pgminicluster.script.ScriptReader;
import org.pgminicluster.script.Sql;
import org.pgminicluster.script.Statements;
import org.pgminicluster.script.Step;
import org.pgminicluster.topology.TableName;

/** A schema that makes tables and nothing else, so that each can be made by itself. */
final class TableStatements {

    private static final Pattern CREATE = Pattern.compile(
            "CREATE\\s+TABLE\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?((?:\"[^\"]+\"|\\w+)(?:\\.(?:\"[^\"]+\"|\\w+))?)\\s*\\(.*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private TableStatements() {}

    /**
     * The steps that make only some of the tables.
     *
     * @param missing by what their catalogs call them, such as {@code table public.item}
     * @return empty if what is missing cannot be made by itself
     */
    static Optional<List<Step>> making(List<Step> schema, Set<String> missing) {
        List<Step> steps = new ArrayList<>();
        for (Step step : schema) {
            if (!(step.command() instanceof Step.Load load)) {
                return Optional.empty();
            }
            ScriptReader reader = new ScriptReader(step, load);
            for (ScriptPiece piece = reader.next(); piece != null; piece = reader.next()) {
                Optional<String> table =
                        piece instanceof ScriptPiece.Statement statement ? table(statement.sql()) : Optional.empty();
                if (table.isEmpty()) {
                    return Optional.empty();
                }
                if (missing.contains("table " + table.get())) {
                    String sql = ((ScriptPiece.Statement) piece).sql();
                    steps.add(new Step(
                            step.node(), step.database(), step.phase(), step.reason(), new Step.Statement(sql)));
                }
            }
        }
        return steps.size() == missing.size() ? Optional.of(List.copyOf(steps)) : Optional.empty();
    }

    private static Optional<String> table(String sql) {
        Matcher matcher = CREATE.matcher(Statements.withoutCommentBefore(sql));
        return matcher.matches() ? Optional.of(Sql.table(TableName.of(matcher.group(1)))) : Optional.empty();
    }
}
