package org.pgminicluster.journal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PhrasesTest {

    private final Phrases russian = Phrases.of(Locale.forLanguageTag("ru"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            kill | убит (SIGKILL)
            stop, fast | остановлен (режим fast)
            vm3 killed | vm3 убит (SIGKILL)
            link vm1 -> vm3 cut | связь vm1 -> vm3 разорвана
            subscription a_b on vm3 cut | разорвана: подписка a_b на vm3
            apply worker 71 of subscription s on vm2 terminated | завершён: apply worker 71 (подписка s на vm2)
            subscription s on vm2 to apply everything of vm1 up to 0/16B3748 | подписка s на vm2: применено всё, что vm1 записал до 0/16B3748
            "a $1 \\ b" in the log of vm1 | «a $1 \\ b» в журнале vm1
            the relay is gone, and its walsender is back | посредника нет, и его walsender вернулся
            pg_hba.conf admits the login, and back are [subscription a on vm2]; slot s is gone, so subscription b on vm2 stays stopped until it is seeded again | pg_hba.conf впускает, и вернулись: подписка a на vm2; слота s нет, поэтому остановлена, пока не наполнена заново: подписка b на vm2
            the relay is gone; slot s is lost, so subscription s on vm2 stays stopped until it is seeded again | посредника нет; слот s утрачен (lost), поэтому остановлена, пока не наполнена заново: подписка s на vm2
            """)
    void a_phrase_is_told_in_russian_and_so_is_what_stands_in_its_places(String english, String expected) {
        assertThat(russian.in(english)).isEqualTo(expected);
    }

    @Test
    void what_has_no_phrase_stays_as_it_is() {
        assertThat(russian.in("the tide to turn")).isEqualTo("the tide to turn");
        assertThat(russian.find("the tide to turn")).isEmpty();
        assertThat(Phrases.of(Locale.ENGLISH).in("kill")).isEqualTo("kill");
    }

    @Test
    void an_entry_keeps_its_number_its_time_and_its_node() {
        Entry entry = new Entry(7, 1.5, "vm1", new Event.Fault("vm1 paused", Event.Fault.Phase.OPENED, "answers"));

        assertThat(russian.in(entry))
                .isEqualTo(new Entry(
                        7, 1.5, "vm1", new Event.Fault("vm1 приостановлен", Event.Fault.Phase.OPENED, "отвечает")));
    }

    @Test
    void what_a_server_says_is_not_translated() {
        Entry entry =
                new Entry(1, 0, "vm1", new Event.Sql("rep", "start", new Event.Failed("42601", "kill", null, null), 1));

        assertThat(russian.in(entry)).isSameAs(entry);
    }
}
