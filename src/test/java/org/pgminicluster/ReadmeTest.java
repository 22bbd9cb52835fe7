package org.pgminicluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.fault.Faults;
import org.pgminicluster.lab.Lab;
import org.pgminicluster.script.NodeSettings;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.Topology;

/** README.md says what is so: its code is compiled, its commands are those of CI, its tables are those of the code. */
class ReadmeTest {

    private static final Path EXAMPLES = Path.of("src/test/java/org/pgminicluster/examples");
    private static final Pattern JAVA = Pattern.compile("(?s)<!-- the text of (\\S+) -->\n```java\n(.*?\n)```\n");
    private static final Pattern EXCERPT = Pattern.compile("(?s)<!-- from (\\S+) -->\n```\\w+\n(.*?\n)```\n");
    private static final Pattern COMMAND = Pattern.compile("(?s)<!-- (ci:\\w+) -->\n```\\w*\n(.*?)\n```\n");
    private static final Pattern LINK = Pattern.compile("\\]\\((?!\\w+:)([^)#]+)\\)");
    private static final Pattern PROBLEM = Pattern.compile("\\{@code minicluster run ([\\w-]+)}");
    private static final Pattern SCRIPT = Pattern.compile("scripts/[\\w-]+");

    private final String readme = read(Path.of("README.md"));
    private final String servers = read(Path.of("docs/servers.md"));

    static List<String> examples() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            return files.map(file -> EXAMPLES + "/" + file.getFileName())
                    .filter(file -> file.endsWith("IT.java"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void what_is_shown_is_what_is_compiled() {
        assertThat(blocks(JAVA))
                .isNotEmpty()
                .allSatisfy(block -> assertThat(block.group(2)).isEqualTo(read(Path.of(block.group(1)))));
    }

    @Test
    void no_other_java_is_shown() {
        assertThat(Pattern.compile("```java").matcher(readme).results())
                .hasSameSizeAs(blocks(JAVA).toList());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void every_example_is_shown_or_listed_with_its_question_and_its_problem(String file) {
        boolean shown = blocks(JAVA).anyMatch(block -> block.group(1).equals(file))
                || Stream.of("cdc", "histories", "schemas", "upgrade")
                        .anyMatch(page -> read(Path.of("docs/" + page + ".md"))
                                .contains("<!-- the text of " + file + " -->\n```java\n"));
        String text = read(Path.of(file));
        Matcher question = Pattern.compile("/\\*\\*\n \\* (.*\\?.*)\n").matcher(text);
        String name = file.substring(file.lastIndexOf('/') + 1).replace(".java", "");

        assertThat(shown || question.find())
                .as("%s is shown, or begins with a question", name)
                .isTrue();
        if (!shown) {
            Matcher problem = PROBLEM.matcher(text);
            assertThat(problem.find()).as("%s names the problem", name).isTrue();
            String id = problem.group(1);
            assertThat(Lab.problem(id)).as(id).isPresent();
            assertThat(readme)
                    .contains("\n| %s | [%s](%s) | [%s](docs/problems.md#%s) |\n"
                            .formatted(question.group(1), name, file, id, id));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"docs/cdc.md", "docs/frameworks.md", "docs/schemas.md", "docs/upgrade.md"})
    void what_a_page_shows_is_what_is_compiled(String file) {
        String page = read(Path.of(file));

        assertThat(JAVA.matcher(page).results())
                .hasSize(1)
                .allSatisfy(block -> assertThat(block.group(2)).isEqualTo(read(Path.of(block.group(1)))));
        assertThat(EXCERPT.matcher(page).results())
                .allSatisfy(block -> assertThat(read(Path.of(block.group(1)))).contains(block.group(2)));
        assertThat(Stream.of(JAVA, EXCERPT).flatMap(shown -> shown.matcher(page).results()))
                .hasSameSizeAs(Pattern.compile("```(java|kotlin)")
                        .matcher(page)
                        .results()
                        .toList());
    }

    @Test
    void the_first_example_is_short() {
        assertThat(blocks(JAVA).findFirst().orElseThrow().group(2).lines()).hasSizeLessThanOrEqualTo(25);
    }

    @Test
    void the_commands_are_those_that_ci_reads() {
        assertThat(blocks(COMMAND).map(block -> block.group(1) + ": " + block.group(2)))
                .containsExactly("ci:run: mvn -q compile exec:java", "ci:test: mvn verify");
    }

    @Test
    void every_property_is_explained() {
        assertThat(ServerSettings.keys()).allSatisfy(key -> assertThat(servers).contains("\n| `" + key + "` |"));
    }

    @Test
    void the_settings_of_a_node_are_those_it_gets() {
        Topology homework = HomeworkTopology.create();

        assertThat(servers)
                .contains(NodeSettings.of(homework, homework.node("vm1"), 13).stream()
                        .map(setting -> "| `%s` | `%s` | %s |\n"
                                .formatted(setting.name(), setting.value().strip(), setting.reason()))
                        .collect(Collectors.joining("", "| setting | value | why |\n|---|---|---|\n", "\n")));
    }

    @Test
    void the_project_shown_is_the_one_that_is_built_with_the_versions_of_this_one() {
        String own = read(Path.of("pom.xml"));
        String built = Pattern.compile("@([\\w.]+)@")
                .matcher(read(Path.of("src/it/readme/pom.xml")))
                // The first version in the file is the project's own.
                .replaceAll(name -> textOf(name.group(1).replace("project.version", "version"), own));

        assertThat(readme).contains("<!-- the text of src/it/readme/pom.xml -->\n```xml\n" + built + "```\n");
    }

    private static String textOf(String element, String pom) {
        Matcher found =
                Pattern.compile("<" + Pattern.quote(element) + ">(.*?)</").matcher(pom);
        assertThat(found.find()).as("%s is in pom.xml", element).isTrue();
        return found.group(1);
    }

    @Test
    void every_fault_is_listed() {
        assertThat(Stream.of(Faults.class.getMethods())
                        .filter(method -> method.getReturnType() == Fault.class)
                        .map(Method::getName)
                        .distinct())
                .isNotEmpty()
                .allSatisfy(fault -> assertThat(readme).contains("`" + fault + "("));
    }

    @Test
    void everything_it_points_to_is_there() {
        assertThat(Stream.concat(
                                blocks(LINK).map(link -> link.group(1)),
                                blocks(SCRIPT).map(MatchResult::group))
                        .map(Path::of))
                .isNotEmpty()
                .allSatisfy(path -> assertThat(path).exists());
    }

    private Stream<MatchResult> blocks(Pattern pattern) {
        return pattern.matcher(readme).results();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(file + " cannot be read", e);
        }
    }
}
