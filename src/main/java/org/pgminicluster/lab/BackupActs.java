package org.pgminicluster.lab;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.pgminicluster.backup.Backups;
import org.pgminicluster.backup.Dump;
import org.pgminicluster.backup.PhysicalBackup;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.server.Recovery;
import org.pgminicluster.server.ServerSettings;

/** Backups of vm3, restored on vm4, which is a spare server until it becomes a standby. */
record BackupActs(Telling telling) {

    private static final String POINT = "before the mistake";

    void dump() {
        if (isLacking("pg_dump") || isLacking("pg_restore")) {
            return;
        }
        Node vm3 = telling.node("vm3");
        Node vm4 = telling.node("vm4");
        Backups backups = telling.cluster().backups();
        telling.stop();
        Dump dump = backups.dump(vm3, Dump.Format.CUSTOM);
        telling.stop();
        // Its roles are not on vm4, and its subscriptions would take the slots of vm3.
        backups.restore(dump, vm4, "--no-subscriptions", "--no-privileges");
        for (String table : List.of("test", "test2")) {
            telling.checkSame(vm4, table, vm3);
        }
    }

    void baseBackup() {
        if (isLacking("pg_basebackup")) {
            return;
        }
        MiniCluster cluster = telling.cluster();
        Node vm1 = telling.node("vm1");
        Node vm3 = telling.node("vm3");
        Node vm4 = telling.node("vm4");
        telling.stop();
        cluster.backups().archive(vm3);
        telling.stop();
        PhysicalBackup backup = cluster.backups().base(vm3);
        String before = vm3.table("test").checksum();
        telling.query(vm3, "SELECT pg_create_restore_point('" + POINT + "')");
        telling.execute(vm1, "UPDATE test SET name = 'oops'");
        cluster.awaitReplicated();
        cluster.backups().awaitArchived(vm3);
        telling.observe(
                telling.texts().get("base-backup.typed"),
                typed(vm4.version().major(), vm3.member().server().files()));
        telling.stop();
        // Into the archive that it is recovered from it has nothing to write.
        vm4.member().server().configure(Map.of("archive_mode", "off"));
        cluster.backups().recover(backup, vm4, POINT);
        telling.check(
                telling.texts().get("base-backup.recovered"),
                before,
                vm4.table("test").checksum());
        telling.check(
                telling.texts().get("base-backup.no-worker"),
                "0",
                String.valueOf(vm4.query("SELECT count(*) FROM pg_stat_subscription WHERE pid IS NOT NULL")
                        .value()));
        String good = vm4.query("SELECT string_agg(format('(%s, %L)', id, name), ', ' ORDER BY id) FROM test")
                .value();
        telling.execute(
                vm1,
                "UPDATE test SET name = good.name FROM (VALUES " + good + ") AS good (id, name)"
                        + " WHERE test.id = good.id");
        cluster.awaitReplicated();
        telling.check(
                telling.texts().get("base-backup.put-right"),
                before,
                vm3.table("test").checksum());
    }

    private static String typed(int major, String files) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("restore_command", "cp " + files + "/archive/%f %p");
        settings.put("recovery_target_name", POINT);
        settings.put("recovery_target_action", "promote");
        String lines = new Recovery(settings)
                .lines()
                .lines()
                .map(line -> "echo \"" + line + "\" >> \"$PGDATA\"/" + Recovery.file(major) + "\n")
                .collect(Collectors.joining());
        return "rm -rf \"$PGDATA\" && cp -r " + files + "/base-* \"$PGDATA\"\n" + lines + "touch \"$PGDATA\"/"
                + Recovery.signal(major) + "\npg_ctl --pgdata=\"$PGDATA\" start";
    }

    /** Without the program the chapter is told and nothing is done. */
    private boolean isLacking(String program) {
        Optional<String> why = MiniCluster.whyLacking(
                ServerSettings.fromSystemProperties(), telling.cluster().servers(), program);
        why.ifPresent(reason -> telling.observe(telling.texts().get("backup.lacking", program), reason));
        return why.isPresent();
    }
}
