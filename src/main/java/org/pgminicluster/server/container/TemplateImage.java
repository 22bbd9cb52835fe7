package org.pgminicluster.server.container;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.pgminicluster.server.Credentials;
import org.pgminicluster.server.ServerSettings;

/**
 * An image that holds a data directory, so that {@code initdb} is paid for once and not at every start.
 *
 * @param password the superuser's until a server's first session gives it another
 * @param volumes the paths that the image declares as volumes, which no server uses
 */
record TemplateImage(String image, String password, Set<String> volumes) {

    static final String REPOSITORY = "pg-minicluster-template";
    static final String DATABASE = "rep";
    static final String SUPERUSER = "postgres";
    static final String INITDB = "--encoding=UTF8 --locale=C --data-checksums --no-sync --auth-host=scram-sha-256";

    /** The name of the image that a template was made from, by which its successor knows it. */
    static final String BASE_LABEL = "org.pgminicluster.template.base";

    /** The number of its layout: templates of another version of this library are none of our business. */
    static final String LAYOUT_LABEL = "org.pgminicluster.template.layout";

    static final String PASSWORD_LABEL = "org.pgminicluster.template.password";

    private static final int KEY_BYTES = 8;

    /** Small WAL files, of which each server writes one at least; before 11 {@code initdb} made none but those of 16 MB. */
    static String initdb(ServerSettings settings) {
        return settings.major().orElse(0) < 11 ? INITDB : INITDB + " --wal-segsize=1";
    }

    static String key(String baseId, String initdb) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((baseId + "\n" + initdb + "\n" + Layout.NUMBER).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, KEY_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Instead of an anonymous volume that the engine would have to make and remove: a place in memory, which stays empty. */
    Map<String, String> noVolumes() {
        return volumes.stream().collect(Collectors.toMap(path -> path, path -> "size=1m"));
    }

    Credentials superuser() {
        return new Credentials(SUPERUSER, password);
    }
}
