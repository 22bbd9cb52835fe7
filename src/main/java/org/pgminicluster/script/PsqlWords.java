package org.pgminicluster.script;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of one of psql's own commands. */
final class PsqlWords {

    private static final Pattern WORD = Pattern.compile("\"((?:[^\"]|\"\")*)\"|'((?:[^']|'')*)'|(\\\\\\w+|\\S+)");

    private PsqlWords() {}

    /** The command's name with its backslash, and what follows it without quotes. */
    static List<String> of(String command) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(command);
        while (word.find()) {
            if (word.group(1) != null) {
                words.add(word.group(1).replace("\"\"", "\""));
            } else if (word.group(2) != null) {
                words.add(word.group(2).replace("''", "'"));
            } else {
                words.add(word.group(3));
            }
        }
        return words;
    }

    /** To which database {@code \connect} with these words goes, as the same user on the same server; empty if it does not. */
    static String database(List<String> words, String current) {
        List<String> places = words.subList(1, words.size()).stream()
                .filter(word -> !word.startsWith("-reuse-previous="))
                .map(word -> word.replaceFirst(";+$", ""))
                .toList();
        if (places.stream().skip(1).anyMatch(place -> !place.equals("-"))) {
            return "";
        }
        String database = places.isEmpty() || places.get(0).isEmpty() ? "-" : places.get(0);
        if (database.contains("=")) {
            try {
                return Conninfo.parse(database).get("dbname").orElse(current);
            } catch (IllegalArgumentException e) {
                return "";
            }
        }
        return database.equals("-") ? current : database;
    }
}
