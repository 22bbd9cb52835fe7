package org.pgminicluster.lab;

import java.util.List;
import java.util.stream.Collectors;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Texts;

/** What is done on servers as they are installed, before there is any table. */
record ServerActs(Telling telling) {

    private static final String EVERY = "postgres";
    private static final String DATABASES = "SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY datname";

    /** Whoever logs in to the database, and whoever copies the whole server; by their passwords. */
    private static final List<String> LINES =
            List.of("host rep all all scram-sha-256", "host replication all all scram-sha-256");

    private Texts texts() {
        return telling.texts();
    }

    void createDatabase() {
        Node vm1 = telling.node("vm1").in(EVERY);
        telling.query(vm1, DATABASES);
        for (Node node : telling.cluster().nodes()) {
            if (node.name().equals("vm1")) {
                telling.stop();
            }
            node.in(EVERY).execute("CREATE DATABASE rep");
        }
        telling.check(
                texts().get("create-database.made"),
                "postgres, rep",
                String.join(", ", vm1.query(DATABASES).texts()));
    }

    void walLevel() {
        Node vm1 = telling.node("vm1");
        telling.stop();
        telling.check(
                texts().get("wal-level.refused"),
                "logical decoding requires wal_level >= logical",
                // Later majors quote the setting.
                Lesson.answer(vm1, "SELECT pg_create_logical_replication_slot('too_early', 'pgoutput')")
                        .replace("\"", ""));
        for (String name : List.of("vm1", "vm2")) {
            telling.execute(telling.node(name), "ALTER SYSTEM SET wal_level = logical");
        }
        telling.execute(telling.node("vm3"), "ALTER SYSTEM SET archive_mode = on");
        for (Node node : telling.three()) {
            node.execute("ALTER SYSTEM SET wal_retrieve_retry_interval = '100ms'");
        }
        telling.check(
                texts().get("wal-level.not-yet"),
                "replica",
                String.valueOf(telling.query(vm1, "SHOW wal_level").value()));
        telling.stop();
        telling.observe(texts().get("wal-level.typed"), "pg_ctl --pgdata=\"$PGDATA\" --mode=fast restart");
        telling.three().forEach(Node::restart);
        telling.check(
                texts().get("wal-level.now"),
                "logical",
                String.valueOf(vm1.query("SHOW wal_level").value()));
        telling.cluster().trace();
    }

    void pgHba() {
        String rules = "SELECT type, database, user_name, auth_method FROM pg_hba_file_rules"
                + " WHERE type = 'host' AND ('rep' = ANY (database) OR 'replication' = ANY (database))";
        for (Node node : telling.three()) {
            String file = String.valueOf(node.query("SHOW hba_file").value());
            if (node.name().equals("vm1")) {
                telling.stop();
            }
            for (String line : LINES) {
                node.execute("COPY (SELECT '" + line + "') TO PROGRAM 'cat >> " + file + "'");
            }
            node.execute("SELECT pg_reload_conf()");
        }
        telling.check(
                texts().get("pg-hba.read"),
                "(host, {rep}, {all}, scram-sha-256) (host, {replication}, {all}, scram-sha-256)",
                telling.query(telling.node("vm1"), rules).values().stream()
                        .filter(row -> row.text(2).equals("{all}"))
                        .map(Object::toString)
                        .collect(Collectors.joining(" ")));
    }
}
