package org.pgminicluster.server.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.pgminicluster.server.PgServer;
import org.pgminicluster.server.ServerGroup;
import org.pgminicluster.server.ServerSettings;

/** Another JVM that starts a server, says so, and ends when its standard input does. */
final class OtherJvm implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;

    private OtherJvm(Process process) {
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static OtherJvm start(Path directory, Path cache) throws IOException {
        return new OtherJvm(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dminicluster.postgres="
                                + ServerSettings.fromSystemProperties().postgres(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherJvm.class.getName(),
                        directory.toString(),
                        cache.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        ProcessServers provider =
                new ProcessServers(Fixture.settings(directory, Map.of("minicluster.cache", arguments[1])));
        try (ServerGroup group = provider.open(
                "other", directory.resolve("log-" + ProcessHandle.current().pid()))) {
            PgServer server = group.start(List.of(Fixture.spec("a"))).get(0);
            System.out.println("DATA " + Fixture.data(server));
            System.in.read();
        }
    }

    /** Waits for the server and returns its data directory. */
    Path data() throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("DATA ")) {
                return Path.of(line.substring("DATA ".length()));
            }
        }
        throw new IllegalStateException("the other JVM ended without a server");
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** As Ctrl-C would. */
    void terminate() throws InterruptedException {
        process.destroy();
        process.waitFor();
    }

    int end() throws IOException, InterruptedException {
        process.getOutputStream().close();
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
