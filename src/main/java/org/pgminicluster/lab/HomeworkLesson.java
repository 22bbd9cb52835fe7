package org.pgminicluster.lab;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Event;
import org.pgminicluster.lab.lesson.Texts;
import org.pgminicluster.script.Step;

/** The homework, chapter by chapter, on servers as they are installed. */
final class HomeworkLesson {

    private final Telling telling;
    private final Texts texts;
    private final Chapter from;
    private final Chapter until;
    private final Map<Chapter, Runnable> acts = new EnumMap<>(Chapter.class);

    private @Nullable Changes changes;

    /**
     * @param from what comes before it is done without telling it
     * @param until the last one
     */
    HomeworkLesson(Telling telling, Chapter from, Chapter until) {
        this.telling = telling;
        this.texts = telling.texts();
        this.from = from;
        this.until = until;
        ServerActs servers = new ServerActs(telling);
        acts.put(Chapter.CREATE_DATABASE, servers::createDatabase);
        acts.put(Chapter.WAL_LEVEL, servers::walLevel);
        acts.put(Chapter.PG_HBA, servers::pgHba);
        acts.put(Chapter.ROLES, () -> telling.carryOut(Step.Phase.ROLE));
        acts.put(Chapter.TABLES, () -> telling.carryOut(Step.Phase.SCHEMA));
        acts.put(Chapter.GUARDS, () -> telling.carryOut(Step.Phase.GUARD));
        CopyActs copies = new CopyActs(telling);
        acts.put(Chapter.FIRST_ROWS, copies::firstRows);
        acts.put(Chapter.PUBLICATIONS, copies::publish);
        acts.put(Chapter.CROSS, copies::subscribeCrosswise);
        acts.put(Chapter.CLASH, copies::clash);
        acts.put(Chapter.OWN_NAMES, copies::subscribeVm3);
        acts.put(Chapter.LATER, copies::writeLater);
        acts.put(Chapter.CHANGE, copies::change);
        acts.put(Chapter.TRUNCATE, copies::truncate);
        acts.put(Chapter.DIRECT, copies::tryToWriteCopies);
        acts.put(Chapter.THROUGH, copies::goThrough);
        acts.put(Chapter.COMPARE, copies::compare);
        BackupActs backups = new BackupActs(telling);
        acts.put(Chapter.DUMP, backups::dump);
        acts.put(Chapter.BASE_BACKUP, backups::baseBackup);
        StandbyActs standby = new StandbyActs(telling);
        acts.put(Chapter.STANDBY, standby::standby);
        acts.put(Chapter.FAILOVER, standby::failOver);
        acts.put(Chapter.REJOIN, standby::rejoin);
    }

    /** Tells it all; false if anything was not as it should be. */
    boolean tell() {
        try {
            for (Chapter chapter : Chapter.values()) {
                boolean told = chapter.compareTo(from) >= 0;
                if (chapter.compareTo(until) <= 0 && (told || chapter.isLasting())) {
                    telling.quietly(!told);
                    tell(chapter);
                }
            }
            return telling.allHeld();
        } finally {
            telling.quietly(false);
            look(null);
        }
    }

    private void tell(Chapter chapter) {
        String key = chapter.id();
        if (chapter.compareTo(from) > 0) {
            telling.stop();
        }
        look(chapter);
        telling.cluster().step(texts.get(key + ".title"), texts.get(key + ".why"));
        telling.cluster()
                .journal()
                .add(null, new Event.Note(Event.Note.Part.QUESTION, texts.get(key + ".question"), null));
        acts(chapter);
        String changed = changes == null ? "" : changes.sinceLast();
        if (!changed.isEmpty()) {
            telling.observe(texts.get("changed"), changed);
        }
        Optional<String> older =
                telling.cluster().version().isAtLeast(11) ? Optional.empty() : texts.find(key + ".answer-before-11");
        telling.observe(texts.get("answer"), older.orElseGet(() -> texts.get(key + ".answer")));
    }

    private void acts(Chapter chapter) {
        Runnable act = acts.get(chapter);
        if (act == null) {
            throw new IllegalStateException("nothing is done in " + chapter.id());
        }
        act.run();
    }

    /** What changes is looked at as long as all three nodes are there, and have the database. */
    private void look(@Nullable Chapter chapter) {
        boolean looked =
                chapter != null && chapter.compareTo(Chapter.ROLES) >= 0 && chapter.compareTo(Chapter.BASE_BACKUP) <= 0;
        if (looked && changes == null) {
            changes = new Changes(telling.three(), texts);
        } else if (!looked && changes != null) {
            changes.close();
            changes = null;
        }
    }
}
