package org.pgminicluster.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Links are written {@code from>to} here. */
class UpstreamFirstTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "a chain                  | c>d b>c a>b     | a>b b>c c>d",
                "a chain in order         | a>b b>c         | a>b b>c",
                "links that are apart     | c>d a>b         | c>d a>b",
                "what meets in one node   | c>d a>c b>c     | a>c b>c c>d",
                "a ring stays as it was   | b>c c>a a>b     | b>c c>a a>b",
                "what hangs on a ring     | b>x a>b b>a     | a>b b>x b>a",
                "both ways between two    | a>b b>a         | a>b b>a",
            })
    void comes_before_what_it_feeds(String what, String links, String ordered) {
        assertThat(UpstreamFirst.order(
                        List.of(links.split(" ")), (up, down) -> up.substring(2).equals(down.substring(0, 1))))
                .as(what)
                .containsExactly(ordered.split(" "));
    }
}
