package org.pgminicluster.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileNamesTest {

    @ParameterizedTest
    @CsvSource({
        "vm1,        vm1",
        "node-a_2.b, node-a_2.b",
        "..,         '%2E.'",
        ".hidden,    '%2Ehidden'",
        "a/b,        'a%2Fb'",
        "a%2Fb,      'a%252Fb'",
        "tab'le x,   'tab%27le%20x'",
        "C:\\x,      'C%3A%5Cx'",
        "узел,       '%D1%83%D0%B7%D0%B5%D0%BB'",
        "'',         '%'",
    })
    void are_plain_distinct_and_inside_their_directory(String text, String name) {
        assertThat(FileNames.of(text)).isEqualTo(name);
    }
}
