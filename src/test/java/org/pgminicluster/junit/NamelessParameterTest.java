package org.pgminicluster.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A test that is compiled as compilers do by themselves, without the names of parameters. */
class NamelessParameterTest {

    private static final String SOURCE = """
            import org.junit.jupiter.api.Test;
            import org.pgminicluster.cluster.Node;
            import org.pgminicluster.junit.*;

            @MiniClusterTest
            @Homework
            class Nameless {
                @Test
                void test(Node vm1) {}
            }
            """;

    @Test
    void what_to_do_about_it_is_said(@TempDir Path classes) throws Exception {
        compile(classes);

        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
            assertThat(Runs.failures(Runs.withoutServers(loader.loadClass("Nameless"))))
                    .containsExactly("expected parameter arg0 (Node) of Nameless.test to name one of the nodes vm1,"
                            + " vm2, vm3, but its name is not in the class file; compile with -parameters (in Maven the"
                            + " property maven.compiler.parameters is true) or say @On(\"vm1\")");
        }
    }

    private static void compile(Path classes) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        JavaFileObject source =
                new SimpleJavaFileObject(URI.create("string:///Nameless.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return SOURCE;
                    }
                };
        List<String> options =
                List.of("-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));

        assertThat(compiler.getTask(null, null, null, options, null, List.of(source))
                        .call())
                .isTrue();
    }
}
