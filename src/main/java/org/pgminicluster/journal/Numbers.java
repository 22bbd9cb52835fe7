package org.pgminicluster.journal;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/** Numbers with what they count, the way a language writes them: {@code 5 rows} and {@code 0.8 ms}, in Russian {@code 0,8 мс}. */
@API(status = API.Status.INTERNAL)
public enum Numbers {
    /** One form for 1, one for all others; a point before decimals. */
    ENGLISH,
    /** A form for 1, 21, 31, one for 2 to 4, 22 to 24, one for all others; a comma, and no line ends at the space. */
    RUSSIAN;

    private static final Pattern NUMBER = Pattern.compile("-?\\d+(?:\\.\\d+)?");
    private static final char NO_BREAK = '\u00A0';
    /** Below this a number is read at a glance. */
    private static final int GROUPED = 10_000;

    /** In Russian for {@code ru}, else in English. */
    public static Numbers in(Locale language) {
        return language.getLanguage().equals("ru") ? RUSSIAN : ENGLISH;
    }

    /**
     * A number and its word or unit.
     *
     * @param number as {@link String#valueOf} writes it; anything else stays as it is, with the last form
     * @param forms of the word, as many as the language has; a unit has one
     */
    public String counted(String number, List<String> forms) {
        boolean isNumber = NUMBER.matcher(number).matches();
        String word = forms.get(Math.min(isNumber ? form(number) : Integer.MAX_VALUE, forms.size() - 1));
        return (isNumber ? written(number) : number) + (this == RUSSIAN ? NO_BREAK : ' ') + word;
    }

    private String written(String number) {
        if (this == ENGLISH) {
            return number;
        }
        String[] parts = number.replace('-', '\u2212').split("\\.");
        String whole = Math.abs(Double.parseDouble(number)) < GROUPED
                ? parts[0]
                : parts[0].replaceAll("(?<=\\d)(?=(?:\\d{3})+$)", String.valueOf(NO_BREAK));
        return parts.length == 1 ? whole : whole + "," + parts[1];
    }

    private int form(String number) {
        if (this == ENGLISH) {
            return number.equals("1") ? 0 : 1;
        }
        if (number.contains(".")) {
            return 1;
        }
        int tens = Integer.parseInt(
                number.substring(Math.max(0, number.length() - 2)).replace("-", ""));
        int ones = tens % 10;
        if (tens / 10 == 1 || ones == 0 || ones > 4) {
            return 2;
        }
        return ones == 1 ? 0 : 1;
    }
}
