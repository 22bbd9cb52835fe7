package org.pgminicluster.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.topology.StandbySpec;
import org.pgminicluster.topology.Topology;

/** No page of docs/problems.md leaves out what has to be typed. {@link ProblemsByHandIT} types them. */
class ProblemsPageTest {

    private static final Pattern FENCE = Pattern.compile("(?ms)^```sql\n(.*?)^```$");
    private static final Pattern ANY_FENCE = Pattern.compile("(?ms)^```\\w+\n(.*?)^```$");
    private static final Pattern REMARK = Pattern.compile("(?m)^(.*-- .*)$");
    private static final Pattern TABLE = Pattern.compile(
            "(CREATE (?:TEMP )?TABLE|INSERT INTO|UPDATE|DELETE FROM|TRUNCATE|VACUUM|ALTER TABLE|FROM public\\.)\\s*(?:public\\.)?(\\w+)");

    static List<String> ids() {
        return ProblemsIT.ids();
    }

    /** The text of one problem. */
    static String section(String id) throws IOException {
        String page = Files.readString(Path.of("docs", "problems.md"));
        String begin = "<a id=\"" + id + "\"></a>";
        assertThat(page).contains(begin);
        return page.substring(page.indexOf(begin) + begin.length()).split("<a id=\"|\n## What is not covered")[0];
    }

    @ParameterizedTest
    @MethodSource("ids")
    void it_begins_with_bare_servers_and_has_every_step(String id) throws IOException {
        String section = section(id);
        Topology topology = Lab.problem(id).map(Problem::topology).orElseThrow();

        assertThat(section).contains("**What happens**", "**Why.**", "**What helps.**", "**The proof**");
        assertThat(topology.nodes())
                .allSatisfy(node -> assertThat(section).contains("\n" + node.name() + " $ createdb rep\n"));
        assertThat(topology.standbys())
                .extracting(StandbySpec::name)
                .allSatisfy(name -> assertThat(section).contains("\n" + name + " $ pg_basebackup "));
        assertThat(FENCE.matcher(section).results())
                .isNotEmpty()
                .allSatisfy(block -> assertThat(block.group(1)).isNotBlank());
        assertThat(REMARK.matcher(section).results().map(MatchResult::group))
                .as("remarks where something is to be typed")
                .allMatch(line -> line.startsWith(PageStory.WAIT) || line.equals(PageStory.HANGS));
        assertThat(section).doesNotContain("host=publisher", "127.0.0.1 port=5432");
    }

    @ParameterizedTest
    @MethodSource("ids")
    void no_table_is_used_that_no_step_made(String id) throws IOException {
        Set<String> made = new HashSet<>();
        String typed = ANY_FENCE
                .matcher(section(id))
                .results()
                .map(block -> block.group(1))
                .collect(Collectors.joining());
        TABLE.matcher(typed).results().forEach(use -> {
            if (use.group(1).startsWith("CREATE")) {
                made.add(use.group(2));
            } else if (!use.group(2).equals("ON") && !use.group(2).equals("OR")) {
                assertThat(made).as("made before %s", use.group()).contains(use.group(2));
            }
        });
    }
}
