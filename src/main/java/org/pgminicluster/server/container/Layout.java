package org.pgminicluster.server.container;

import java.util.List;
import java.util.stream.Stream;

/** Where things are in a container. All of it is outside the image's VOLUME, of which a committed image keeps nothing. */
final class Layout {

    /** Counts the changes of what a template holds; part of its key, so that older templates are not taken. */
    static final int NUMBER = 4;

    static final int PORT = 5432;
    static final String DIRECTORY = "/pg-minicluster";
    static final String DATA = DIRECTORY + "/data";
    /** Outside the data directory, where a base backup would carry it to a standby. */
    static final String HBA = DIRECTORY + "/pg_hba.conf";
    /** Outside too, and 0600: libpq takes no other. */
    static final String PASSFILE = DIRECTORY + "/passfile";

    /** The template's own, by which a server with TLS can begin; its first session replaces them. Outside, too. */
    static final String CERTIFICATE = DIRECTORY + "/server.crt";
    /** 0600: the server takes no other. */
    static final String KEY = DIRECTORY + "/server.key";
    /** By which the server knows others. */
    static final String ROOT_CERTIFICATE = DIRECTORY + "/root.crt";

    /** For what client programs read and write. */
    static final String FILES = DIRECTORY + "/files";
    /** While it is there, the container runs without the server, so that its data can be replaced. */
    static final String HOLD = DIRECTORY + "/hold";
    /** Settings that came later than the container, one a line. */
    static final String SETTINGS = DIRECTORY + "/settings";

    /** What data directory, {@code pg_hba.conf} and certificate are in the template. */
    static final String PRISTINE = DIRECTORY + "/pristine";
    /** Printed when the last process of a server that begins again is gone. */
    static final String GONE = "pg-minicluster: the server is gone";

    /**
     * Process number 1 of a container: waits while it is held, and then runs the server, which gets later settings after
     * the earlier ones, and ends with it. Told by SIGUSR1 it kills all other processes and begins again with the files
     * of the template: what changed since the first start is known by its change time, of which two seconds more do no
     * harm, and what came through the engine may be written by nobody else, and is replaced.
     */
    private static final String SUPERVISOR = """
            server=
            again=
            for signal in HUP INT QUIT TERM; do
                trap "[ -z \\"\\$server\\" ] || kill -s $signal \\"\\$server\\"" $signal
            done
            trap 'again=yes; kill -KILL -1' USR1
            exec 3>&2 2>/dev/null
            cd %1$s || exit
            while :; do
                while [ -e hold ]; do sleep 0.02; done
                rm -f data/postmaster.pid
                [ -e started ] || touch -d '2 seconds ago' started
                (
                    if [ -s settings ]; then
                        while IFS= read -r setting; do set -- "$@" -c "$setting"; done < settings
                    fi
                    exec postgres "$@" 2>&3 3>&-
                ) &
                server=$!
                while :; do
                    wait "$server"
                    status=$?
                    kill -0 "$server" || break
                done
                server=
                [ -n "$again" ] || exit "$status"
                while kill -KILL -1; do sleep 0.005; done
                echo '%2$s'
                find data files -mindepth 1 -cnewer started -delete
                find /tmp /var/tmp /dev/shm /run/lock /var/run/postgresql /var/lib/postgresql -mindepth 1 -delete
                rm -f settings hold started pg_hba.conf server.crt server.key
                cp -an pristine/data pristine/pg_hba.conf pristine/server.crt pristine/server.key . || exit 1
                : > passfile && : > root.crt || exit 1
                again=
            done
            """;

    static final List<String> ENTRYPOINT = List.of("sh", "-c", String.format(SUPERVISOR, DIRECTORY, GONE), "postgres");

    private static final List<String> LOCAL = List.of("local all all trust", "local replication all trust");

    private Layout() {}

    /** {@code pg_hba.conf} with these lines for TCP; whoever is inside the container is let in. */
    static List<String> hba(List<String> lines) {
        return Stream.concat(LOCAL.stream(), lines.stream()).toList();
    }
}
