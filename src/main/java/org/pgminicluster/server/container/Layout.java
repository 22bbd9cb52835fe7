package org.pgminicluster.server.container;

import java.util.List;
import java.util.stream.Stream;

/** Where things are in a container. All of it is outside the image's VOLUME, of which a committed image keeps nothing. */
final class Layout {

    /** Counts the changes of what a template holds; part of its key, so that older templates are not taken. */
    static final int NUMBER = 2;

    static final int PORT = 5432;
    static final String DIRECTORY = "/pg-minicluster";
    static final String DATA = DIRECTORY + "/data";
    /** Outside the data directory, where a base backup would carry it to a standby. */
    static final String HBA = DIRECTORY + "/pg_hba.conf";
    /** Outside too, and 0600: libpq takes no other. */
    static final String PASSFILE = DIRECTORY + "/passfile";

    /** For what client programs read and write. */
    static final String FILES = DIRECTORY + "/files";
    /** While it is there, the container runs without the server, so that its data can be replaced. */
    static final String HOLD = DIRECTORY + "/hold";
    /** Settings that came later than the container, one a line. */
    static final String SETTINGS = DIRECTORY + "/settings";

    /**
     * Process number 1 of a container: waits while it is held, and then becomes the server, which gets later settings
     * after the earlier ones.
     */
    static final List<String> ENTRYPOINT = List.of(
            "sh",
            "-c",
            "while [ -e " + HOLD + " ]; do sleep 0.02; done;"
                    + " if [ -s " + SETTINGS + " ]; then"
                    + " while IFS= read -r setting; do set -- \"$@\" -c \"$setting\"; done < " + SETTINGS + "; fi;"
                    + " exec postgres \"$@\"",
            "postgres");

    private static final List<String> LOCAL = List.of("local all all trust", "local replication all trust");

    private Layout() {}

    /** {@code pg_hba.conf} with these lines for TCP; whoever is inside the container is let in. */
    static List<String> hba(List<String> lines) {
        return Stream.concat(LOCAL.stream(), lines.stream()).toList();
    }
}
