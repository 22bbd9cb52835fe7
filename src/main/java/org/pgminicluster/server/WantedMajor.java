package org.pgminicluster.server;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/** The major version that {@code -Dminicluster.postgres} asks for: a major itself or the tag of an image. */
@API(status = API.Status.INTERNAL)
public final class WantedMajor {

    /** Tags of images with extensions carry the major after "pg": {@code latest-pg16}. */
    private static final Pattern AFTER_PG = Pattern.compile("(?:^|[-_.])pg(\\d{1,2})(?!\\d)");

    /** A longer number is a date or something else, not a major. */
    private static final Pattern LEADING = Pattern.compile("^v?(\\d{1,2})(?!\\d)");

    private WantedMajor() {}

    /** Empty if the image's name does not tell. */
    public static OptionalInt of(String postgres) {
        String tag = isTag(postgres) ? postgres : tagOf(postgres);
        Matcher afterPg = AFTER_PG.matcher(tag);
        if (afterPg.find()) {
            return OptionalInt.of(Integer.parseInt(afterPg.group(1)));
        }
        Matcher leading = LEADING.matcher(tag);
        return leading.find() ? OptionalInt.of(Integer.parseInt(leading.group(1))) : OptionalInt.empty();
    }

    /** Whether it is a version, such as {@code 16.4} or {@code 13-alpine}: a tag of {@code postgres}, and no image's name. */
    public static boolean isTag(String postgres) {
        return postgres.matches("\\d{1,3}(\\.\\d{1,3})*((beta|rc)\\d+)?(-[\\w.-]+)?");
    }

    /** What follows the colon of the last path element; a colon before that belongs to the registry's port. */
    private static String tagOf(String image) {
        String name = image.substring(image.lastIndexOf('/') + 1);
        int digest = name.indexOf('@');
        String undigested = digest < 0 ? name : name.substring(0, digest);
        int colon = undigested.indexOf(':');
        return colon < 0 ? "" : undigested.substring(colon + 1);
    }
}
