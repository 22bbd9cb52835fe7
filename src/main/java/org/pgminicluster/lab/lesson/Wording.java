package org.pgminicluster.lab.lesson;

import java.util.NavigableMap;
import java.util.TreeMap;

/** A piece of what PostgreSQL says, which it may say otherwise from some major on. */
public final class Wording {

    private final NavigableMap<Integer, String> bySince;

    private Wording(NavigableMap<Integer, String> bySince) {
        this.bySince = bySince;
    }

    /** The words of the first majors. */
    public static Wording of(String words) {
        return new Wording(new TreeMap<>()).since(0, words);
    }

    /** This with other words from a major on. */
    public Wording since(int major, String words) {
        NavigableMap<Integer, String> more = new TreeMap<>(bySince);
        more.put(major, words);
        return new Wording(more);
    }

    /** The words of one major. */
    public String in(int major) {
        return bySince.floorEntry(major).getValue();
    }

    @Override
    public String toString() {
        return bySince.toString();
    }
}
