package org.pgminicluster.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.server.ServerSettings;

/** Data directories that are used again are whole, whoever takes, returns and deletes others at the same time. */
@NeedsProcesses
class DataStockIT {

    private static final int ROUNDS = 15;
    private static final int USERS = 4;

    private Path directory;
    private DataStock stock;

    @BeforeEach
    void stock(@TempDir Path onDisk) throws IOException {
        ServerSettings settings = ServerSettings.fromSystemProperties();
        Directories.make(settings.temporary(), "the temporary directory", "minicluster.tmp");
        directory = Files.createTempDirectory(settings.temporary(), "stock");
        RunAs runAs = RunAs.onThisMachine(Platform.current());
        Path cache = onDisk.resolve("cache");
        Binaries binaries = new BinaryCache(settings.cache(), Platform.current(), runAs)
                .find(settings.postgres(), Wish.OF_ALL, getClass().getClassLoader());
        stock = new DataStock(new Template(binaries, cache, Duration.ofMinutes(1)), directory);
    }

    @AfterEach
    void delete() throws IOException {
        stock.close();
        Directories.delete(directory);
    }

    @Test
    void what_comes_back_is_given_out_again() throws Exception {
        Path first = directory.resolve("first");
        Path second = directory.resolve("second");
        TreeRestore.Moment since = provide(first);
        Files.writeString(first.resolve("PG_VERSION"), "damaged");
        Object inode = Files.getAttribute(first, "unix:ino");

        stock.giveBack(first, since);
        assertThat(first).doesNotExist();
        provide(second);

        assertThat(Files.getAttribute(second, "unix:ino")).isEqualTo(inode);
        assertThat(TreeCopy.look(second)).isEqualTo(stock.template().tree());
    }

    @Test
    void it_can_be_emptied_while_others_take_and_return() throws Exception {
        Path first = directory.resolve("first");
        provide(first);
        long whole = files(first);
        ExecutorService pool = Executors.newFixedThreadPool(USERS);
        try {
            List<Future<?>> users = new ArrayList<>();
            for (int user = 0; user < USERS; user++) {
                Path data = directory.resolve("user" + user);
                users.add(pool.submit(() -> takeAndReturn(data, whole)));
            }
            while (!users.stream().allMatch(Future::isDone)) {
                // Now and then, since an empty stock has nothing that could be taken.
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
                stock.empty();
            }
            for (Future<?> user : users) {
                user.get();
            }
        } finally {
            pool.shutdownNow();
        }
        stock.close();
        assertThat(GroupDirectory.all(directory)).isEmpty();
    }

    private int takeAndReturn(Path user, long files) throws IOException {
        Path a = user.resolveSibling(user.getFileName() + "a");
        Path b = user.resolveSibling(user.getFileName() + "b");
        for (int round = 0; round < ROUNDS; round++) {
            TreeRestore.Moment since = provide(a);
            assertThat(files(a)).isEqualTo(files);
            provide(b);
            assertThat(files(b)).isEqualTo(files);
            stock.giveBack(a, since);
            stock.giveBack(b, since);
            Directories.delete(a);
            Directories.delete(b);
        }
        return ROUNDS;
    }

    private static long files(Path data) throws IOException {
        try (Stream<Path> all = Files.walk(data)) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    private TreeRestore.Moment provide(Path data) throws IOException {
        stock.provide(data);
        return TreeRestore.now(directory);
    }
}
