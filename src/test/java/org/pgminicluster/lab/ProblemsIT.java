package org.pgminicluster.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event.Note;
import org.pgminicluster.journal.Event.Note.Part;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Texts;
import org.pgminicluster.server.ServerSettings;

/** Every problem happens, is cured, and the cure is proved: by the code that the lab runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Order(1)
@Execution(ExecutionMode.CONCURRENT)
class ProblemsIT {

    private static final Path PAGE = Path.of("docs", "problems.md");
    private static final int DEFAULT_MAJOR = 13;

    /** What was recorded, by the problem's id. */
    private final Map<String, ProblemsPage.Run> runs = new ConcurrentHashMap<>();

    static List<String> ids() {
        return Lab.problems().stream().map(Problem::id).toList();
    }

    /** All, or those that are asked for, separated by commas. */
    static List<String> wanted() {
        String wanted = System.getProperty("minicluster.problems", "");
        return wanted.isEmpty() ? ids() : List.of(wanted.split(","));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wanted")
    void a_problem_is_shown_cured_and_the_cure_proved(String id) {
        var problem = Lab.problem(id).orElseThrow();
        OptionalInt major = ServerSettings.fromSystemProperties().major();
        Optional<String> whyNot =
                major.isPresent() ? problem.whyNot(major.getAsInt(), Texts.ofProblems(Language.EN)) : Optional.empty();
        assumeTrue(whyNot.isEmpty(), () -> "PostgreSQL " + major.getAsInt() + " cannot show it: " + whyNot.get());
        Journal journal = new Journal();
        ByteArrayOutputStream told = new ByteArrayOutputStream();

        Map<String, String> names = new ConcurrentHashMap<>();

        int status = Lab.run(
                namingNodes(problem, names),
                LabOptions.defaults().named("problem-" + id).into(journal),
                new PrintStream(told, true, StandardCharsets.UTF_8),
                InputStream.nullInputStream());

        assertThat(status).as(() -> told.toString(StandardCharsets.UTF_8)).isEqualTo(Lab.AS_EXPECTED);
        assertThat(journal.entries().stream()
                        .map(Entry::event)
                        .filter(Note.class::isInstance)
                        .map(note -> ((Note) note).part()))
                .contains(Part.PROBLEM, Part.QUESTION, Part.SYMPTOM, Part.CAUSE, Part.CURE)
                .endsWith(Part.PROOF);
        assertThat(Untranslated.in(journal, Language.EN)).isEmpty();
        runs.put(id, new ProblemsPage.Run(journal.entries(), names));
    }

    /** The same problem, noting how its nodes reach each other, and how they would by their names. */
    private static Problem namingNodes(Problem problem, Map<String, String> names) {
        return new Problem(problem.id(), problem.page(), problem.majors(), problem.topology(), lesson -> {
            List<Node> nodes = lesson.cluster().nodes();
            for (Node node : nodes) {
                String conninfo = nodes.get(0).conninfoTo(node, "any");
                Matcher address = Pattern.compile("host=\\S+ port=\\d+ ").matcher(conninfo);
                if (address.find()) {
                    names.put(address.group(), "host=" + node.name() + " port=5432 ");
                }
            }
            problem.story().accept(lesson);
        });
    }

    /** After all of them, in whatever order they ran. */
    @AfterAll
    void the_page_of_problems_says_what_the_runs_have_shown() throws IOException {
        assumeTrue(runs.keySet().containsAll(ids()), "only some of the problems have run");
        int major = ServerSettings.fromSystemProperties().major().orElse(0);
        assumeTrue(major == DEFAULT_MAJOR, "the page is about PostgreSQL " + DEFAULT_MAJOR);
        String text = new ProblemsPage(runs, major).text();

        if (Boolean.getBoolean("minicluster.docs.write")) {
            Files.createDirectories(PAGE.getParent());
            Files.writeString(PAGE, text);
        }

        assertThat(PAGE).exists();
        assertThat(Files.readString(PAGE))
                .as("%s; write it anew with -Dminicluster.docs.write=true, see CONTRIBUTING.md", PAGE)
                .isEqualTo(text);
    }
}
