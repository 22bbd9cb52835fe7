package org.pgminicluster.server.container;

import java.util.List;
import java.util.stream.Stream;

/** Where things are in a container. All of it is outside the image's VOLUME, of which a committed image keeps nothing. */
final class Layout {

    /** Counts the changes of what a template holds; part of its key, so that older templates are not taken. */
    static final int NUMBER = 1;

    static final int PORT = 5432;
    static final String DIRECTORY = "/pg-minicluster";
    static final String DATA = DIRECTORY + "/data";
    /** Outside the data directory, where a base backup would carry it to a standby. */
    static final String HBA = DIRECTORY + "/pg_hba.conf";
    /** Outside too, and 0600: libpq takes no other. */
    static final String PASSFILE = DIRECTORY + "/passfile";

    private static final String LOCAL = "local all all trust";

    private Layout() {}

    /** {@code pg_hba.conf} with these lines for TCP; whoever is inside the container is let in. */
    static List<String> hba(List<String> lines) {
        return Stream.concat(Stream.of(LOCAL), lines.stream()).toList();
    }
}
