package org.pgminicluster.server;

import java.security.SecureRandom;
import java.util.Base64;
import org.postgresql.util.PasswordUtil;

/** Random passwords, and what is sent to a server in their place. */
public final class Passwords {

    private static final SecureRandom RANDOM = new SecureRandom();

    private Passwords() {}

    /** 144 random bits in letters, digits, {@code -} and {@code _}: safe in a conninfo, a passfile and a URL. */
    public static String random() {
        byte[] bytes = new byte[18];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /**
     * The SCRAM-SHA-256 verifier for {@code CREATE ROLE ... PASSWORD}, so that the password itself is never part of a
     * statement that a server could log.
     *
     * @see <a href="https://www.postgresql.org/docs/13/sql-createrole.html">CREATE ROLE</a>
     */
    public static String scramVerifier(String password) {
        return PasswordUtil.encodeScramSha256(password.toCharArray());
    }
}
