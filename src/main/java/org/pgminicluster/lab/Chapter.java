package org.pgminicluster.lab;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.pgminicluster.MiniClusterException;

/** The chapters of the homework, in order. */
enum Chapter {
    CREATE_DATABASE,
    WAL_LEVEL,
    PG_HBA,
    ROLES,
    TABLES,
    FIRST_ROWS,
    GUARDS,
    PUBLICATIONS,
    CROSS,
    CLASH(false),
    OWN_NAMES,
    LATER,
    CHANGE,
    TRUNCATE,
    DIRECT(false),
    THROUGH,
    COMPARE(false),
    DUMP(false),
    BASE_BACKUP(false),
    STANDBY,
    FAILOVER,
    REJOIN;

    private final boolean lasting;

    Chapter() {
        this(true);
    }

    Chapter(boolean lasting) {
        this.lasting = lasting;
    }

    /** Whether those that come later need it. */
    boolean isLasting() {
        return lasting;
    }

    /** As it is typed, and as its texts are named. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static List<String> ids() {
        return Arrays.stream(values()).map(Chapter::id).toList();
    }

    /** @throws MiniClusterException listing the known ones if there is none */
    static Chapter of(String id) {
        return Arrays.stream(values())
                .filter(chapter -> chapter.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new MiniClusterException("expected the chapter to be one of "
                        + String.join(", ", ids()) + ", but was \"" + id + "\"; choose one of them"));
    }
}
