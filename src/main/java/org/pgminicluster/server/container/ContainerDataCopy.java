package org.pgminicluster.server.container;

import java.util.Optional;
import org.pgminicluster.server.BaseBackup;
import org.pgminicluster.server.Recovery;
import org.testcontainers.containers.Container.ExecResult;

/** Replaces the data directory of a container that is held, with the programs of its image. */
final class ContainerDataCopy {

    /** Debian's wrappers, which come first on the path, look for clusters of their own. */
    static final String PATH = "PATH=\"$(dirname \"$(command -v postgres)\"):$PATH\"; ";

    private static final String REWIND = PATH + "rm -f " + Layout.DATA + "/postmaster.pid;"
            + " pg_rewind --target-pgdata=" + Layout.DATA + " --source-server=\"$1\" --write-recovery-conf --no-sync"
            + " && printf \"primary_slot_name = '%s'\\n\" \"$2\" >> " + Layout.DATA + "/postgresql.auto.conf"
            // Of no use without the WAL since the two parted, which the source may have removed.
            + " && test -e " + Layout.DATA + "/pg_wal/\"$(sed -n 's/^START WAL LOCATION: .*(file \\(.*\\))$/\\1/p' "
            + Layout.DATA + "/backup_label)\"";

    private static final String COPY = PATH + "rm -rf " + Layout.DATA + " && mkdir -m 0700 " + Layout.DATA
            + " && pg_basebackup --pgdata=" + Layout.DATA + " --dbname=\"$1\" --wal-method=stream --checkpoint=fast"
            + " --no-sync --no-password";

    private static final String FOLLOW = COPY + " --write-recovery-conf --slot=\"$2\"";

    private static final String RESTORE = "rm -rf " + Layout.DATA + " && cp -a " + Layout.FILES + "/\"$1\" "
            + Layout.DATA + " && chmod 0700 " + Layout.DATA + " && touch " + Layout.DATA + "/\"$3\""
            + " && printf %s \"$2\" >> " + Layout.DATA + "/\"$4\"";

    private final ContainerServer server;

    ContainerDataCopy(ContainerServer server) {
        this.server = server;
    }

    /** Returns the program that did it. */
    String make(BaseBackup backup) {
        Optional<String> slot = backup.slot();
        if (backup.rewind() && slot.isPresent() && server.version().major() >= 13) {
            if (server.execute(REWIND, backup.conninfo(), slot.get()).getExitCode() == 0) {
                return "pg_rewind";
            }
        }
        ExecResult copied = slot.isPresent()
                ? server.execute(FOLLOW, backup.conninfo(), slot.get())
                : server.execute(COPY, backup.conninfo());
        if (copied.getExitCode() != 0) {
            throw server.failed(
                    "could not get a base backup: " + copied.getStderr().strip(), null);
        }
        return "pg_basebackup";
    }

    /** Returns what did it. */
    String restore(String backup, Recovery recovery) {
        int major = server.version().major();
        ExecResult restored =
                server.execute(RESTORE, backup, recovery.lines(), Recovery.signal(major), Recovery.file(major));
        if (restored.getExitCode() != 0) {
            throw server.failed(
                    "could not be restored from " + backup + ": "
                            + restored.getStderr().strip(),
                    null);
        }
        return "cp";
    }
}
