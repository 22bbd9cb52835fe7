package org.pgminicluster.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.pgminicluster.MiniClusterException;

/**
 * Three machines with a PostgreSQL each that initdb and pg_ctl have made, and this library has not. Where the system lets us,
 * each is a network namespace with an address of its own for the test and another one, which the test cannot reach, for the
 * other two; elsewhere each is another address of the loopback device. {@link #kind()} says which it is.
 */
final class Hosts implements AutoCloseable {

    static final String PASSWORD = "of-three-machines";
    static final int PORT = 5432;

    private static final List<String> NAMES = List.of("vm1", "vm2", "vm3");
    /** Where the test is for them. */
    private static final String TEST = "198.51.100.254";

    private static final long PATIENCE_SECONDS = 60;

    private final Path binaries;
    private final Path directory;
    private final String id = Long.toString(ProcessHandle.current().pid(), 36);
    private final List<String> namespaces = new ArrayList<>();
    private final List<String> started = new ArrayList<>();
    private boolean separate;

    private Hosts(Path binaries, Path directory) {
        this.binaries = binaries;
        this.directory = directory;
    }

    /** @param binaries the directory of PostgreSQL's programs */
    static Hosts start(Path binaries, Path directory) {
        Hosts hosts = new Hosts(binaries, directory);
        try {
            hosts.separate = hosts.separated();
            NAMES.forEach(hosts::startServer);
            return hosts;
        } catch (RuntimeException e) {
            hosts.close();
            throw e;
        }
    }

    /** What they are here. */
    String kind() {
        return separate ? "network namespaces" : "addresses of the loopback device";
    }

    boolean areSeparate() {
        return separate;
    }

    /** Where the test reaches one. */
    String outside(String name) {
        return (separate ? "198.51.100." : "127.0.51.") + (NAMES.indexOf(name) + 1);
    }

    /** Where the others reach it. */
    String inside(String name) {
        return (separate ? "203.0.113." : "127.0.51.") + (NAMES.indexOf(name) + 1);
    }

    private String namespace(String name) {
        return "mc" + id + name;
    }

    /**
     * Whether each has a network of its own now; what was begun is taken back if not. Each has a wire to the test and one to
     * each other, since what is forwarded in between may be for a firewall to refuse.
     */
    private boolean separated() {
        boolean done = NAMES.stream().allMatch(this::connected)
                && wired("vm1", "vm2")
                && wired("vm1", "vm3")
                && wired("vm2", "vm3");
        if (!done) {
            disconnect();
        }
        return done;
    }

    private boolean connected(String name) {
        String namespace = namespace(name);
        String outer = namespace + "o";
        String address = "198.51.100." + number(name) + "/32";
        namespaces.add(namespace);
        return tries("ip", "netns", "add", namespace)
                && tries("ip", "-n", namespace, "link", "set", "lo", "up")
                && tries("ip", "-n", namespace, "addr", "add", "203.0.113." + number(name) + "/32", "dev", "lo")
                && tries("ip", "link", "add", outer, "type", "veth", "peer", "name", "eth0", "netns", namespace)
                && tries("ip", "addr", "add", TEST + "/32", "dev", outer)
                && tries("ip", "link", "set", outer, "up")
                && tries("ip", "-n", namespace, "addr", "add", address, "dev", "eth0")
                && tries("ip", "-n", namespace, "link", "set", "eth0", "up")
                && tries("ip", "route", "add", address, "dev", outer, "src", TEST)
                && tries("ip", "-n", namespace, "route", "add", TEST + "/32", "dev", "eth0");
    }

    private boolean wired(String one, String other) {
        return tries(
                        "ip",
                        "-n",
                        namespace(one),
                        "link",
                        "add",
                        other,
                        "type",
                        "veth",
                        "peer",
                        "name",
                        one,
                        "netns",
                        namespace(other))
                && wiredEnd(one, other)
                && wiredEnd(other, one);
    }

    private boolean wiredEnd(String here, String there) {
        return tries("ip", "-n", namespace(here), "link", "set", there, "up")
                && tries(
                        "ip",
                        "-n",
                        namespace(here),
                        "route",
                        "add",
                        "203.0.113." + number(there) + "/32",
                        "dev",
                        there,
                        "src",
                        "203.0.113." + number(here));
    }

    private static int number(String name) {
        return NAMES.indexOf(name) + 1;
    }

    private void disconnect() {
        namespaces.forEach(namespace -> tries("ip", "netns", "del", namespace));
        namespaces.clear();
    }

    private void startServer(String name) {
        try {
            Path home = Files.createDirectories(directory.resolve(name));
            Path data = home.resolve("data");
            Path passwords = Files.writeString(home.resolve("password"), PASSWORD);
            must(on(
                    name,
                    "initdb",
                    "--pgdata=" + data,
                    "--username=postgres",
                    "--pwfile=" + passwords,
                    "--auth=scram-sha-256",
                    "--no-sync",
                    "--locale=C"));
            Files.writeString(
                    data.resolve("postgresql.auto.conf"), """
                    listen_addresses = '%s'
                    port = %d
                    unix_socket_directories = ''
                    wal_level = logical
                    fsync = off
                    shared_buffers = 16MB
                    wal_retrieve_retry_interval = 50ms
                    """.formatted(separate ? "*" : outside(name), PORT));
            // The test comes from outside as the superuser, the others from inside as whoever they are.
            Files.writeString(
                    data.resolve("pg_hba.conf"),
                    separate
                            ? "host all postgres 198.51.100.254/32 scram-sha-256\nhost rep all 203.0.113.0/24 scram-sha-256\n"
                            : "host all all 127.0.0.0/8 scram-sha-256\n");
            started.add(name);
            must(on(name, "pg_ctl", "start", "--wait", "--pgdata=" + data, "--log=" + home.resolve("log")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** PostgreSQL does not run as root, which is who makes namespaces. */
    private List<String> on(String name, String program, String... arguments) {
        List<String> command = new ArrayList<>();
        if (separate) {
            command.addAll(List.of("ip", "netns", "exec", namespace(name)));
        }
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.add(binaries.resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private void must(List<String> command) {
        if (!ends(command)) {
            throw new MiniClusterException(
                    "expected " + String.join(" ", command) + " to succeed, but did not:\n" + said());
        }
    }

    private boolean tries(String... command) {
        return ends(List.of(command));
    }

    private Path output() {
        return directory.resolve("output.txt");
    }

    private String said() {
        try {
            return Files.readString(output());
        } catch (IOException e) {
            return e.toString();
        }
    }

    private boolean ends(List<String> command) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output().toFile())
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
            builder.environment().put("LC_ALL", "C");
            Process process = builder.start();
            if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                return process.exitValue() == 0;
            }
            process.destroyForcibly();
            return false;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MiniClusterException("interrupted while " + command.get(0) + " ran", e);
        }
    }

    @Override
    public void close() {
        for (String name : started) {
            ends(on(
                    name,
                    "pg_ctl",
                    "stop",
                    "--mode=immediate",
                    "--pgdata=" + directory.resolve(name).resolve("data")));
        }
        if (separate) {
            disconnect();
        }
    }
}
