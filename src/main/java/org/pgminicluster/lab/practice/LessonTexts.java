package org.pgminicluster.lab.practice;

import java.util.HashMap;
import java.util.Map;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.lab.lesson.Texts;

/** What a check has to say of a lesson: the check's own words, and the lesson's in their places. */
public final class LessonTexts {

    private LessonTexts() {}

    /**
     * All of it in one language.
     *
     * @param places values by their names, such as {@code vm1.port}, which stand in braces in the lesson's texts
     */
    public static Texts of(PracticeLesson lesson, Language language, Map<String, String> places) {
        Texts common = Texts.ofLessons(language);
        Map<String, String> said = new HashMap<>();
        common.keys().forEach(key -> common.find(key).ifPresent(text -> said.put(key, text)));
        for (LessonPoint point : lesson.points()) {
            String prefix = "point." + point.id();
            said.put(prefix, point.title().in(language));
            said.put(prefix + ".why", point.why().in(language));
            said.put(done(point), point.done().in(language));
            String open = open(point);
            said.put(open, point.notYet().map(text -> text.in(language)).orElseGet(() -> common.get("same-differs")));
            said.put(open + ".hint", point.hint().in(language));
            said.put(open + ".answer", point.answer().in(language));
            said.put(
                    waitsFor(point.id()),
                    common.get("point-waits", point.title().in(language)));
            said.put(down(point), common.get("node-down"));
            said.put(down(point) + ".hint", point.hint().in(language));
            said.put(down(point) + ".answer", point.answer().in(language));
            said.put(failed(point), common.get("point-failed"));
            said.put(failed(point) + ".hint", point.hint().in(language));
            said.put(failed(point) + ".answer", point.answer().in(language));
            for (WrongWay wrong : point.wrong()) {
                said.put(wrong.id(), wrong.says().in(language));
                said.put(wrong.id() + ".hint", wrong.hint().orElse(point.hint()).in(language));
                said.put(
                        wrong.id() + ".answer",
                        wrong.answer().orElse(point.answer()).in(language));
            }
        }
        said.put("report.title", common.get("report.title", lesson.title().in(language)));
        said.replaceAll((key, text) -> filled(text, places));
        return Texts.ofCheck(language).with(said);
    }

    /** A text with the places filled that have a value. */
    public static String filled(String text, Map<String, String> places) {
        String filled = text;
        for (Map.Entry<String, String> place : places.entrySet()) {
            filled = filled.replace("{" + place.getKey() + "}", place.getValue());
        }
        return filled;
    }

    /** The finding of a point that is done. */
    public static String done(LessonPoint point) {
        return point.id() + "-done";
    }

    /** The finding of one that is not. */
    public static String open(LessonPoint point) {
        return point.id() + "-open";
    }

    /** The finding of one before which another comes. */
    public static String waitsFor(String before) {
        return "first-" + before;
    }

    /** The finding of one whose node does not answer. */
    public static String down(LessonPoint point) {
        return point.id() + "-down";
    }

    /** The finding of one whose query refers to what is not there yet. */
    public static String failed(LessonPoint point) {
        return point.id() + "-failed";
    }
}
