package org.pgminicluster.trace;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.script.Sql;
import org.pgminicluster.session.Session;
import org.pgminicluster.topology.TableName;

/** What small tables hold on one node, read when something has come to them. */
final class TableRows {

    private static final int MOST_ROWS = 8;
    private static final int MOST_COLUMNS = 6;
    private static final int MOST_LETTERS = 40;
    private static final int MOST_BYTES = 200_000;

    /** In one run, of one node. */
    private static final int MOST_LOOKS = 300;

    private final Set<String> changed = new LinkedHashSet<>();
    private final Map<String, Trace.Contents> known = new HashMap<>();
    private int looks;

    /** Something was written there. */
    synchronized void changed(List<String> tables) {
        if (looks < MOST_LOOKS) {
            changed.addAll(tables);
        }
    }

    private synchronized List<String> take() {
        List<String> taken = List.copyOf(changed);
        changed.clear();
        looks += taken.size();
        return taken;
    }

    /** What is other than it was; a table that is locked, or has gone, is left out. */
    List<Trace.Contents> read(Session session) {
        List<Trace.Contents> news = new ArrayList<>();
        for (String table : take()) {
            look(table, session)
                    .filter(now -> !now.equals(known.put(table, now)))
                    .ifPresent(news::add);
        }
        return news;
    }

    private static Optional<Trace.Contents> look(String table, Session session) {
        String name = Sql.table(TableName.of(table));
        @Nullable
        String size =
                session.query("SELECT pg_table_size(to_regclass(?))", name).value();
        if (size == null || Long.parseLong(size) > MOST_BYTES) {
            return Optional.empty();
        }
        Rows all = session.query("SELECT * FROM " + name + " ORDER BY 1");
        return Optional.of(new Trace.Contents(table, shortened(all), all.size()));
    }

    private static Rows shortened(Rows all) {
        int columns = Math.min(MOST_COLUMNS, all.columns().size());
        return new Rows(
                all.columns().subList(0, columns),
                all.values().stream()
                        .limit(MOST_ROWS)
                        .map(row -> new Row(row.values().subList(0, columns).stream()
                                .map(TableRows::shortened)
                                .toList()))
                        .toList());
    }

    private static @Nullable String shortened(@Nullable String value) {
        return value == null || value.length() <= MOST_LETTERS ? value : value.substring(0, MOST_LETTERS) + "…";
    }
}
