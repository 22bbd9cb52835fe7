package org.pgminicluster.server;

import java.security.SecureRandom;
import java.util.Base64;
import org.apiguardian.api.API;
import org.postgresql.util.PasswordUtil;

/** Random passwords, and what is sent to a server in their place. */
@API(status = API.Status.INTERNAL)
public final class Passwords {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 18;
    private static final int SALT_BYTES = 16;

    /**
     * PostgreSQL's own 4096 make guessing a person's password dear, and each login with it, by some milliseconds of a
     * processor. Nobody guesses 144 random bits, however cheap a guess is.
     */
    private static final int ITERATIONS = 1;

    private Passwords() {}

    /** 144 random bits in letters, digits, {@code -} and {@code _}: safe in a conninfo, a passfile and a URL. */
    public static String random() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(randomBytes(BYTES));
    }

    /**
     * The SCRAM-SHA-256 verifier of a random password for {@code CREATE ROLE ... PASSWORD}, so that the password itself
     * is never part of a statement that a server could log.
     *
     * @see <a href="https://www.postgresql.org/docs/13/sql-createrole.html">CREATE ROLE</a>
     */
    public static String scramVerifier(String password) {
        return PasswordUtil.encodeScramSha256(password.toCharArray(), ITERATIONS, randomBytes(SALT_BYTES));
    }

    private static byte[] randomBytes(int count) {
        byte[] bytes = new byte[count];
        RANDOM.nextBytes(bytes);
        return bytes;
    }
}
