package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A locale that cannot name the directory: with the launcher, which gives the JVM another one, and without. */
class LocaleIT {

    @TempDir
    Path directory;

    /** By a script, since this JVM may be in a locale of ASCII itself. */
    private Path script(String command) throws IOException {
        String jar = "$(ls \"$there\"/target/*-cli.jar)";
        return Files.writeString(
                directory.resolve("in.sh"),
                "there=$PWD; mkdir -p '" + directory + "/tëst' && cd '" + directory
                        + "/tëst' && export LC_ALL=C MINICLUSTER_JAVA_OPTS= && "
                        + command.replace("JAVA", "java -cp " + jar + " org.pgminicluster.cli.Main"),
                StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"up", "status", "report", "demo", "doctor", "sql vm1 -c x"})
    void a_directory_that_cannot_be_named_is_told_in_a_sentence(String command) throws IOException {
        Cli.Result result = new Launcher(directory).script(script("exec JAVA " + command));

        assertThat(result.exit()).as("%s", result).isEqualTo(64);
        assertThat(result.err())
                .matches("minicluster: expected the directory that this is run in to be text in this locale's encoding,"
                        + " \\S+, but was \".*/t\\?+st\" where each \\? could not be read; take another one, or set"
                        + " LC_ALL=C\\.UTF-8 if it is UTF-8\n");
        try (Stream<Path> made = Files.list(directory)) {
            assertThat(made.map(path -> path.getFileName().toString())).doesNotContain("t??st", "t?st");
        }
    }

    @Test
    void with_the_launcher_it_is_a_directory_like_any_other() throws IOException {
        Cli.Result report =
                new Launcher(directory).script(script("exec \"$there\"/minicluster report --list 2>&1; echo $?"));

        assertThat(report.exit()).as("%s", report).isZero();
        assertThat(report.out() + report.err()).doesNotContain("Exception", "locale");
    }
}
