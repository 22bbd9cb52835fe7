package org.pgminicluster.backup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apiguardian.api.API;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.FaultFacts;
import org.pgminicluster.journal.FaultFacts.Detail;
import org.pgminicluster.journal.FaultKind;
import org.pgminicluster.journal.Words;
import org.pgminicluster.runtime.ClientProgram;
import org.pgminicluster.runtime.ClusterNode;
import org.pgminicluster.runtime.ClusterRuntime;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.script.NodeSettings;
import org.pgminicluster.server.Recovery;

/**
 * Backups of a cluster's nodes, logical and physical, by PostgreSQL's own programs, and what is restored from them on
 * other nodes. Needs the programs: in containers the image has them, for processes they must be installed.
 *
 * <pre>{@code
 * Dump dump = cluster.backups().dump(vm3, Dump.Format.CUSTOM);
 * cluster.backups().restore(dump, fresh);
 * }</pre>
 *
 * @see <a href="https://www.postgresql.org/docs/13/backup.html">Backup and Restore</a>
 */
@API(status = API.Status.MAINTAINED)
public final class Backups {

    private static final String ARCHIVE = "archive";

    private static final String ROOM = "SELECT name, setting FROM pg_settings WHERE name IN ('max_connections',"
            + " 'max_worker_processes', 'max_wal_senders', 'max_prepared_transactions', 'max_locks_per_transaction')";

    private final ClusterRuntime runtime;
    private final AtomicInteger count = new AtomicInteger();

    public Backups(ClusterRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * Dumps the database that this is a view of, as it is at one moment, while others write.
     *
     * @param options further ones of {@code pg_dump}
     * @throws MiniClusterException if {@code pg_dump} is not there or fails, with what it says
     * @see <a href="https://www.postgresql.org/docs/13/app-pgdump.html">pg_dump</a>
     */
    public Dump dump(ClusterNode of, Dump.Format format, String... options) {
        Member node = of.member();
        Dump dump = new Dump(
                node.name(),
                node.database(),
                format,
                "dump-" + count.incrementAndGet() + (format == Dump.Format.PLAIN ? ".sql" : ".dump"));
        List<String> arguments = new ArrayList<>(List.of(
                "--dbname=" + node.database(),
                "--format=" + format.name().toLowerCase(Locale.ROOT),
                "--file=" + file(node, dump.file())));
        arguments.addAll(Arrays.asList(options));
        new ClientProgram(node, "pg_dump", arguments).mustSucceed();
        return dump;
    }

    /**
     * Restores a dump into the database that the target is a view of, and ends at the first error.
     *
     * @param options further ones of {@code psql} or {@code pg_restore}, as the dump's format has it
     * @throws MiniClusterException if the program is not there or fails, with what it says
     * @see <a href="https://www.postgresql.org/docs/13/app-pgrestore.html">pg_restore</a>
     */
    public void restore(Dump dump, ClusterNode on, String... options) {
        Member target = on.member();
        if (!dump.node().equals(target.name())) {
            target.server().copyFile(runtime.member(dump.node()).server(), dump.file());
        }
        String file = file(target, dump.file());
        List<String> arguments = new ArrayList<>(List.of("--dbname=" + target.database()));
        arguments.addAll(Arrays.asList(options));
        if (dump.format() == Dump.Format.PLAIN) {
            arguments.addAll(List.of("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=" + file));
            new ClientProgram(target, "psql", arguments).mustSucceed();
        } else {
            arguments.addAll(List.of("--exit-on-error", file));
            new ClientProgram(target, "pg_restore", arguments).mustSucceed();
        }
    }

    /**
     * Copies a dump to this machine, where nothing is yet; only its owner may read it there.
     *
     * @throws MiniClusterException if it cannot be read or written
     */
    public void save(Dump dump, Path file) {
        runtime.member(dump.node()).server().fetchFile(dump.file(), file);
    }

    /**
     * The same with a base backup, which becomes a directory.
     *
     * @throws MiniClusterException if it cannot be read or written
     */
    public void save(PhysicalBackup backup, Path directory) {
        runtime.member(backup.node()).server().fetchFile(backup.directory(), directory);
    }

    /** Deletes a dump where it was made. */
    public void discard(Dump dump) {
        runtime.member(dump.node()).server().deleteFile(dump.file());
    }

    /** The same with a base backup. */
    public void discard(PhysicalBackup backup) {
        runtime.member(backup.node()).server().deleteFile(backup.directory());
    }

    /**
     * Brings a dump from this machine to a node, to be {@linkplain #restore restored} there.
     *
     * @throws MiniClusterException if it cannot be read or written
     */
    public Dump load(Path file, Dump.Format format, ClusterNode on) {
        Member target = on.member();
        String name = "loaded-" + count.incrementAndGet() + (format == Dump.Format.PLAIN ? ".sql" : ".dump");
        target.server().giveFile(file, name);
        return new Dump(target.name(), target.database(), format, name);
    }

    /**
     * Brings a base backup from this machine to a node, to be {@linkplain #recover recovered} there.
     *
     * @param room a node, perhaps of another cluster, with settings as that one had them of which the backup is: whatever
     *     recovers must not have less room
     * @throws MiniClusterException if it cannot be read or written
     */
    public PhysicalBackup load(Path directory, ClusterNode on, ClusterNode room) {
        Member target = on.member();
        String name = "loaded-" + count.incrementAndGet();
        target.server().giveFile(directory, name);
        return new PhysicalBackup(target.name(), name, room(room.member()));
    }

    /**
     * Copies what a node, perhaps of another cluster, has {@linkplain #archive archived} to another one, to be recovered
     * from there.
     *
     * @throws MiniClusterException if nothing has been archived
     */
    public void copyArchive(ClusterNode of, ClusterNode to) {
        to.member().server().copyFile(of.member().server(), ARCHIVE);
    }

    private static Map<String, String> room(Member of) {
        return of.look(ROOM).values().stream()
                .collect(Collectors.toMap(setting -> setting.text(0), setting -> setting.text(1)));
    }

    /**
     * Takes a base backup of a node, primary or standby, while it runs.
     *
     * @throws MiniClusterException if {@code pg_basebackup} is not there or fails, with what it says
     * @see <a href="https://www.postgresql.org/docs/13/app-pgbasebackup.html">pg_basebackup</a>
     */
    public PhysicalBackup base(ClusterNode of) {
        Member node = of.member();
        PhysicalBackup backup = new PhysicalBackup(node.name(), "base-" + count.incrementAndGet(), room(node));
        new ClientProgram(
                        node,
                        "pg_basebackup",
                        List.of(
                                "--pgdata=" + file(node, backup.directory()),
                                "--wal-method=stream",
                                "--checkpoint=fast",
                                "--no-sync"))
                .mustSucceed();
        return backup;
    }

    /**
     * Keeps the WAL that a node writes from now on, for {@link #recover}.
     *
     * @throws MiniClusterException if the node was started without {@code archive_mode}
     * @see <a href="https://www.postgresql.org/docs/13/continuous-archiving.html">Continuous Archiving</a>
     */
    public void archive(ClusterNode of) {
        Member node = of.member();
        node.server().requireOwn("it archives WAL");
        String mode = String.valueOf(node.look("SHOW archive_mode").value());
        if (mode.equals("off")) {
            throw new MiniClusterException("expected archive_mode of " + node.name()
                    + " to be on, but was off; give it .setting(\"archive_mode\", \"on\") in the topology");
        }
        String archive = file(node, ARCHIVE);
        node.execute("ALTER SYSTEM SET archive_command = 'mkdir -p " + archive + " && cp %p " + archive + "/%f'");
        node.execute("SELECT pg_reload_conf()");
    }

    /**
     * Waits until all WAL that a node has written by now is in its archive.
     *
     * @throws org.pgminicluster.wait.WaitFailedException if it does not come there
     */
    public void awaitArchived(ClusterNode of) {
        Member node = of.member();
        String last = String.valueOf(
                node.query("SELECT pg_walfile_name(pg_switch_wal())").value());
        node.awaitValue("SELECT last_archived_wal >= '" + last + "' FROM pg_stat_archiver", "t");
    }

    /**
     * The same up to a restore point.
     *
     * @param restorePoint as it was given to {@code pg_create_restore_point}
     * @throws MiniClusterException if the server does not come up, such as because the archive ends before that point
     */
    public void recover(PhysicalBackup backup, ClusterNode on, String restorePoint) {
        recover(backup, on, RecoveryTarget.restorePoint(restorePoint));
    }

    /**
     * Makes a server of its own of the target, from a base backup and the WAL archived since then, as it all was at some
     * point. What the target had is gone. Subscriptions that were in the backup do not run there: the slots that
     * they name are their first owner's. The node that the backup is of may be down.
     *
     * @param upTo that point
     * @throws MiniClusterException if the server does not come up, such as because the archive ends before that point
     * @see <a href="https://www.postgresql.org/docs/13/continuous-archiving.html#BACKUP-PITR-RECOVERY">Recovering Using a
     *     Continuous Archive Backup</a>
     */
    public void recover(PhysicalBackup backup, ClusterNode on, RecoveryTarget upTo) {
        Member target = on.member();
        target.server().requireOwn("it recovers from a base backup");
        if (target.isRunning()) {
            target.kill();
        }
        if (!backup.node().equals(target.name())) {
            target.server().copyFile(runtime.member(backup.node()).server(), backup.directory());
            target.server().copyFile(runtime.member(backup.node()).server(), ARCHIVE);
        }
        Map<String, String> settings = new LinkedHashMap<>(backup.room());
        settings.put(NodeSettings.WORKERS, "0");
        target.server().configure(settings);
        Map<String, String> recovery = new LinkedHashMap<>();
        recovery.put("restore_command", "cp " + file(target, ARCHIVE) + "/%f %p");
        recovery.putAll(upTo.settings());
        target.server().restore(backup.directory(), new Recovery(recovery));
        target.awaitValue("SELECT pg_is_in_recovery()", "f");
        target.acted(
                FaultFacts.of(FaultKind.RECOVER, target.name())
                        .with(
                                upTo.isRestorePoint() ? Detail.RESTORE_POINT : Detail.RECOVERY_TARGET,
                                upTo.isRestorePoint() ? upTo.value() : upTo),
                Words.of("proof.recovered", backup.node()));
    }

    private static String file(Member node, String name) {
        return node.server().files() + "/" + name;
    }
}
