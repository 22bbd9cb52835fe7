package org.pgminicluster.script;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apiguardian.api.API;
import org.pgminicluster.topology.Topology;

/** The names of slots that no subscription names. */
@API(status = API.Status.INTERNAL)
public final class Slots {

    private static final int LENGTH = 63;
    private static final int HEX = 16;
    /** A standby's part of a name, with room behind it for a hash and more. */
    private static final int STANDBY = 30;

    /** What can stand in a name as it is, and is not taken for what a hash was put before. */
    private static final Pattern PLAIN = Pattern.compile("(?!x[0-9a-f]{16}_)[a-z0-9][a-z0-9_]*");

    private Slots() {}

    /** The physical slot of a standby on its primary. */
    public static String ofStandby(String standby) {
        return standby.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
    }

    /** The slot on a publisher that keeps for a standby what it has not replayed of a subscription. */
    public static String failover(String standby, String subscription) {
        String name = prefix(standby) + subscription;
        return PLAIN.matcher(subscription).matches() && name.length() <= LENGTH
                ? name
                : hashed(standby, subscription, subscription);
    }

    /**
     * The same for a subscription of any database, of which several may have one of the same name. No two subscriptions of
     * a topology's nodes get the same name for it.
     */
    public static String failover(Topology topology, String standby, String database, String subscription) {
        return database.equals(topology.database())
                ? failover(standby, subscription)
                : hashed(standby, subscription, database + "\0" + subscription);
    }

    /** Whether it is such a slot of this standby, for any subscription. */
    public static boolean isFailover(String standby, String slot) {
        String prefix = prefix(standby);
        return slot.startsWith(prefix) && slot.length() > prefix.length() && slot.charAt(prefix.length()) != '_';
    }

    private static String hashed(String standby, String subscription, String whole) {
        String name = prefix(standby) + "x" + hash(whole, HEX) + "_"
                + subscription.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "_");
        return name.substring(0, Math.min(name.length(), LENGTH));
    }

    /** What comes behind begins with no underscore, so this one ends where a single underscore does. */
    private static String prefix(String standby) {
        String marked = standby.replace("-", "__");
        String letters = standby.replace("-", "");
        String fits = marked.length() <= STANDBY
                ? marked
                : letters.substring(0, Math.min(letters.length(), STANDBY - HEX - 1)) + "x" + hash(standby, HEX);
        return "failover_" + fits + "_";
    }

    private static String hash(String text, int digits) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, digits);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
