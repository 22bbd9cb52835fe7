package org.pgminicluster.speed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** What this machine is and what its processors do. What only Linux tells is 0 or missing elsewhere. */
final class Machine {

    /** Of the kernel's clock by which processes are charged: 100 on every Linux of today. */
    private static final double TICKS = 100;

    private static final Duration LOOKS = Duration.ofMillis(100);
    private static final int WINDOW = 5;

    private Machine() {}

    /**
     * Seconds since some moment, summed over all processors.
     *
     * @param busySeconds of the whole machine
     * @param idleSeconds of the whole machine
     * @param ownSeconds of this JVM and of those of its descendants that have ended and were waited for
     */
    record Cpu(double busySeconds, double idleSeconds, double ownSeconds) {

        Cpu minus(Cpu earlier) {
            return new Cpu(
                    busySeconds - earlier.busySeconds,
                    idleSeconds - earlier.idleSeconds,
                    ownSeconds - earlier.ownSeconds);
        }

        /** From 0 to 1. */
        double busyShare() {
            double all = busySeconds + idleSeconds;
            return all == 0 ? 0 : busySeconds / all;
        }
    }

    static Cpu cpu() {
        try {
            return parse(Files.readString(Path.of("/proc/stat")), Files.readString(Path.of("/proc/self/stat")));
        } catch (IOException e) {
            return new Cpu(0, 0, 0);
        }
    }

    static Cpu parse(String stat, String self) {
        double[] all = Arrays.stream(stat.lines().findFirst().orElse("").split("\\s+"))
                .skip(1)
                .mapToDouble(Double::parseDouble)
                .toArray();
        // user, nice, system, idle, iowait, irq, softirq, steal; what guests take is in user already.
        double idle = all[3] + all[4];
        double busy = all[0] + all[1] + all[2] + all[5] + all[6] + all[7];
        // The name in parentheses may hold anything, so what follows is counted from its end.
        String[] fields = self.substring(self.lastIndexOf(')') + 2).split(" ");
        double own = Stream.of(fields)
                .skip(11)
                .limit(4)
                .mapToDouble(Double::parseDouble)
                .sum();
        return new Cpu(busy / TICKS, idle / TICKS, own / TICKS);
    }

    /**
     * Waits until the processors have been nearly idle for half a second, so that what somebody does in the background
     * has ended and nobody else pays for it.
     *
     * @return what share of them was busy in the end: more than {@code share} if they did not come to rest in time
     */
    static double awaitQuiet(double share, Duration atMost) {
        Deque<Cpu> seen = new ArrayDeque<>(List.of(cpu()));
        double[] busy = {1};
        try {
            Awaitility.await()
                    .pollInSameThread()
                    .pollInterval(LOOKS)
                    .atMost(atMost)
                    .until(() -> {
                        seen.addLast(cpu());
                        if (seen.size() <= WINDOW) {
                            return false;
                        }
                        busy[0] = seen.getLast().minus(seen.removeFirst()).busyShare();
                        return busy[0] <= share;
                    });
        } catch (ConditionTimeoutException e) {
            // Told by what is returned.
        }
        return busy[0];
    }

    /** What a reader must know to compare, each by its name. */
    static Map<String, String> description() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("processor", cpuModel());
        facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put("memory", memory());
        facts.put("system", output("uname", "-srm"));
        facts.put(
                "distribution",
                fromFile(Path.of("/etc/os-release"), "PRETTY_NAME=").replace("\"", ""));
        facts.put("JDK", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        facts.put("Docker engine", output("docker", "version", "--format", "{{.Server.Version}}"));
        facts.put("Docker storage", output("docker", "info", "--format", "{{.Driver}}"));
        facts.values().removeIf(String::isBlank);
        return facts;
    }

    private static String cpuModel() {
        return fromFile(Path.of("/proc/cpuinfo"), "model name").replaceFirst("^\\s*:\\s*", "");
    }

    private static String memory() {
        String kib = fromFile(Path.of("/proc/meminfo"), "MemTotal:").replaceAll("\\D", "");
        return kib.isEmpty() ? "" : Figures.shown(Double.parseDouble(kib) / 1024 / 1024) + " GiB";
    }

    /** Its type alone: where it is, is nobody's business. */
    static String fileSystem(Path directory) {
        try {
            return Files.getFileStore(directory).type();
        } catch (IOException e) {
            return "";
        }
    }

    private static String fromFile(Path file, String key) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.substring(key.length()).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    private static String output(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return "";
            }
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.exitValue() == 0 ? text.strip() : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + command[0] + " was asked", e);
        }
    }
}
