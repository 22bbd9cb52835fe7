package shop;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A project that uses the library gets the library, and nothing that only the command line needs. */
class LibraryTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "org.pgminicluster.cli.Main",
        "org.pgminicluster.lab.Demo",
        "picocli.CommandLine",
        "ch.qos.logback.classic.Logger"
    })
    void what_the_command_line_needs_stays_with_it(String type) {
        assertThatThrownBy(() -> Class.forName(type)).isInstanceOf(ClassNotFoundException.class);
    }
}
