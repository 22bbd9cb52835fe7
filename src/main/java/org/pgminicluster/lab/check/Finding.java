package org.pgminicluster.lab.check;

import java.util.List;
import java.util.Optional;
import org.pgminicluster.lab.lesson.Texts;

/**
 * One thing that was seen. Its texts are those of its id; a mistake that people often make has the id of the problem that
 * explains it, if there is one.
 *
 * @param values what its texts have places for
 */
public record Finding(Judgement verdict, String id, List<String> values) {

    public Finding {
        values = List.copyOf(values);
    }

    static Finding done(String id, String... values) {
        return new Finding(Judgement.DONE, id, List.of(values));
    }

    static Finding remark(String id, String... values) {
        return new Finding(Judgement.REMARK, id, List.of(values));
    }

    static Finding untold(String id, String... values) {
        return new Finding(Judgement.UNTOLD, id, List.of(values));
    }

    static Finding notYet(String id, String... values) {
        return new Finding(Judgement.NOT_YET, id, List.of(values));
    }

    static Finding wrong(String id, String... values) {
        return new Finding(Judgement.WRONG, id, List.of(values));
    }

    /** What was seen. */
    public String seen(Texts texts) {
        return texts.get(id, values.toArray());
    }

    /** Where to look, without the answer. */
    public Optional<String> hint(Texts texts) {
        return part("hint", texts);
    }

    /** What to type. */
    public Optional<String> answer(Texts texts) {
        return part("answer", texts);
    }

    private Optional<String> part(String part, Texts texts) {
        String key = id + "." + part;
        return texts.find(key).map(found -> texts.get(key, values.toArray()));
    }
}
