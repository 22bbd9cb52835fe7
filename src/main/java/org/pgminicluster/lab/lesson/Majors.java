package org.pgminicluster.lab.lesson;

/**
 * The majors of PostgreSQL that show a problem.
 *
 * @param first the first one
 * @param last the last one
 */
public record Majors(int first, int last) {

    /** Every major that is known. */
    public static final Majors ALL = new Majors(0, Integer.MAX_VALUE);

    public static Majors since(int first) {
        return new Majors(first, Integer.MAX_VALUE);
    }

    public static Majors until(int last) {
        return new Majors(0, last);
    }

    public boolean include(int major) {
        return first <= major && major <= last;
    }

    /** Whether there is any that does not show it. */
    public boolean areLimited() {
        return !equals(ALL);
    }
}
