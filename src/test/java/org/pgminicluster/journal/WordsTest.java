package org.pgminicluster.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgminicluster.journal.Event.Fault.Phase;
import org.pgminicluster.journal.FaultFacts.Detail;

/** What a journal says, in the language of its reader. */
class WordsTest {

    private static final Locale RUSSIAN = Locale.forLanguageTag("ru");
    private static final Words LINK = Words.subscription("a_b", "vm3");

    private static Words said(FaultFacts facts, Phase phase) {
        return new Event.Fault(facts, phase, Words.verbatim("")).what();
    }

    private static FaultFacts onLink(FaultKind kind) {
        return FaultFacts.of(kind, "vm1", "vm3").with(Detail.SUBSCRIPTION, "a_b");
    }

    static Stream<Arguments> faults() {
        FaultFacts kill = FaultFacts.of(FaultKind.KILL, "vm3");
        FaultFacts stop = FaultFacts.of(FaultKind.STOP, "vm3").with(Detail.MODE, "fast");
        FaultFacts slow = onLink(FaultKind.SLOW).with(Detail.LATENCY, 200);
        FaultFacts worker =
                onLink(FaultKind.TERMINATE).with(Detail.BACKEND, "apply worker").with(Detail.PID, 71);
        FaultFacts backend = FaultFacts.of(FaultKind.TERMINATE, "vm3")
                .with(Detail.BACKEND, "client backend")
                .with(Detail.PID, 71);
        return Stream.of(
                arguments(said(kill, Phase.DONE), "kill", "убит (SIGKILL)"),
                arguments(said(kill, Phase.OPENED), "vm3 killed", "vm3 убит (SIGKILL)"),
                arguments(said(kill, Phase.HEALED), "vm3 killed", "vm3 убит (SIGKILL)"),
                arguments(said(stop, Phase.DONE), "stop, fast", "остановлен (режим fast)"),
                arguments(said(stop, Phase.OPENED), "vm3 stopped, fast", "vm3 остановлен (режим fast)"),
                arguments(
                        said(FaultFacts.of(FaultKind.CUT, "vm1", "vm3"), Phase.OPENED),
                        "link vm1 -> vm3 cut",
                        "связь vm1 -> vm3 разорвана"),
                arguments(
                        said(onLink(FaultKind.CUT), Phase.OPENED),
                        "subscription a_b on vm3 cut",
                        "разорвана связь (подписка a_b на vm3)"),
                arguments(
                        said(FaultFacts.of(FaultKind.STALL, "vm3", "vm4"), Phase.OPENED),
                        "standby vm4 of vm3 stalled",
                        "замерла связь (резервный сервер vm4 для vm3)"),
                arguments(
                        said(slow.with(Detail.JITTER, 50).with(Detail.RATE, 1000), Phase.OPENED),
                        "subscription a_b on vm3 slow: 200 ms later, up to 50 ms more, 1000 bytes/s",
                        "замедлена связь (подписка a_b на vm3): на 200\u00A0мс позже, случайно ещё до 50\u00A0мс,"
                                + " 1000\u00A0байт/с"),
                arguments(
                        said(slow.with(Detail.RATE, 1000), Phase.OPENED),
                        "subscription a_b on vm3 slow: 200 ms later, 1000 bytes/s",
                        "замедлена связь (подписка a_b на vm3): на 200\u00A0мс позже, 1000\u00A0байт/с"),
                arguments(
                        said(worker, Phase.OPENED),
                        "apply worker 71 of subscription a_b on vm3 terminated",
                        "завершён процесс apply worker 71 (подписка a_b на vm3)"),
                arguments(
                        said(backend, Phase.OPENED),
                        "client backend 71 terminated",
                        "завершён процесс client backend 71"));
    }

    static Stream<Arguments> others() {
        return Stream.of(
                arguments(
                        WaitFor.applied(LINK, "vm1", "0/16B3748").words(),
                        "subscription a_b on vm3 to apply everything of vm1 up to 0/16B3748",
                        "подписка a_b на vm3 применила всё, что записал vm1 до 0/16B3748"),
                arguments(
                        WaitFor.logged("a $1 \\ b {1}", "vm1").words(),
                        "\"a $1 \\ b {1}\" in the log of vm1",
                        "«a $1 \\ b {1}» есть в журнале сервера vm1"),
                arguments(
                        WaitFor.value("SELECT 1", "vm1", "2").words(),
                        "\"SELECT 1\" on vm1 to return 2",
                        "«SELECT 1» на vm1 возвращает 2"),
                arguments(
                        WaitFor.equalRows("test", List.of("vm1", "vm2")).words(),
                        "table test to be equal on vm1, vm2",
                        "таблица test одинакова на vm1, vm2"),
                arguments(WaitFor.own("the tide to turn").words(), "the tide to turn", "the tide to turn"),
                arguments(
                        WaitFor.claim(LINK, Words.of("rule.table-state", "test", "ready (r)"))
                                .words(),
                        "subscription a_b on vm3 to have table test in state ready (r)",
                        "подписка a_b на vm3: таблица test в состоянии ready (r)"),
                arguments(
                        Words.of(
                                "and-then",
                                Words.of("proof.back", Words.of("proof.admitted"), List.of(LINK, LINK)),
                                Words.of("proof.stays-stopped", Words.of("slot.gone", "s"), LINK)),
                        "pg_hba.conf admits the login, and back are [subscription a_b on vm3, subscription a_b on vm3];"
                                + " slot s is gone, so subscription a_b on vm3 stays stopped until it is seeded again",
                        "pg_hba.conf пускает; соединение восстановлено: подписка a_b на vm3, подписка a_b на vm3; слота s нет,"
                                + " поэтому подписка a_b на vm3 стоит, пока её таблицы не скопируют заново"));
    }

    @ParameterizedTest
    @MethodSource({"faults", "others"})
    void the_same_is_told_in_both_languages(Words words, String english, String russian) {
        assertThat(words.in(Locale.ENGLISH)).isEqualTo(english);
        assertThat(words.in(Locale.FRENCH)).isEqualTo(english);
        assertThat(words).hasToString(english);
        assertThat(words.in(RUSSIAN)).isEqualTo(russian);
    }

    @ParameterizedTest
    @MethodSource({"faults", "others"})
    void what_is_read_from_json_are_the_same_words(Words words) throws Exception {
        ObjectMapper json = new ObjectMapper();

        assertThat(json.readValue(json.writeValueAsString(words), Words.class)).isEqualTo(words);
    }

    @Test
    void in_json_a_text_is_a_text_and_words_are_a_key_with_what_stands_in_its_places() throws Exception {
        ObjectMapper json = new ObjectMapper();

        assertThat(json.writeValueAsString(Words.verbatim("rain"))).isEqualTo("\"rain\"");
        assertThat(json.writeValueAsString(Words.of("proof.back", Words.of("proof.admitted"), List.of(LINK, 1))))
                .isEqualTo("{\"key\":\"proof.back\",\"args\":[{\"key\":\"proof.admitted\",\"args\":[]},"
                        + "[{\"key\":\"subscription\",\"args\":[\"a_b\",\"vm3\"]},\"1\"]]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "{}", "{\"key\":\"list\"}", "{\"args\":[]}", "[]"})
    void other_json_is_no_words(String json) {
        assertThatThrownBy(() -> new ObjectMapper().readValue(json, Words.class))
                .isInstanceOf(JsonMappingException.class)
                .hasMessageContaining("expected words to be a text, or a key and args, but was ");
    }

    @Test
    void of_a_key_that_only_a_later_version_knows_all_is_shown_that_there_is() {
        assertThat(Words.of("proof.of-tomorrow", "vm1", LINK).in(RUSSIAN))
                .isEqualTo("proof.of-tomorrow [vm1, подписка a_b на vm3]");
    }

    @Test
    void facts_that_lack_something_are_told_all_the_same() {
        assertThat(said(FaultFacts.of(FaultKind.STALL), Phase.OPENED)).hasToString("standby ? of ? stalled");
        assertThat(said(FaultFacts.of(FaultKind.STOP, "vm1"), Phase.DONE)).hasToString("stop, ?");
    }
}
