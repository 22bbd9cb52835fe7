package org.pgminicluster.server.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.ShutdownHook;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Data directories that servers begin with. Most of what a start and an end cost is copying the template's 1,200 files
 * and deleting them again, of which a server changes a hundred: so what a closed server leaves is put back into the
 * template's state, file by file as the file system says that they were changed, and given to another one.
 */
final class DataStock implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DataStock.class);

    /** As many as a few clusters have at once; each takes 40 MB. */
    private static final int MOST = 12;

    private final Template template;
    private final Path temporary;
    private final Deque<Path> idle = new ArrayDeque<>();
    private @Nullable GroupDirectory directory;
    private int count;
    private boolean closed;

    DataStock(Template template, Path temporary) {
        this.template = template;
        this.temporary = temporary;
    }

    Template template() {
        return template;
    }

    /** Makes a data directory that is not there yet. */
    void provide(Path data) {
        if (!take(data)) {
            template.copyTo(data);
        }
    }

    /** Taken and away before the stock can be emptied, which would delete it half. */
    private synchronized boolean take(Path data) {
        Path ready = idle.pollLast();
        if (ready == null) {
            return false;
        }
        try {
            Files.move(ready.resolve("data"), data);
            Files.delete(ready);
            return true;
        } catch (IOException e) {
            LOG.warn("could not take {} out of stock", ready, e);
            return Files.exists(data);
        }
    }

    /**
     * Takes a data directory, whose server is gone for good, for another one, unless it is one too many or cannot be put
     * in order; then it stays where it is.
     *
     * @param since when the server was given it
     */
    void giveBack(Path data, TreeRestore.Moment since) {
        TreeCopy.Tree tree = template.tree();
        Path place = tree == null ? null : place();
        if (tree == null || place == null) {
            return;
        }
        try {
            if (TreeRestore.restore(template.data(), tree, data, since)) {
                put(data, place);
            }
        } catch (IOException | UnsupportedOperationException e) {
            LOG.debug("{} is not used again", data, e);
        }
    }

    private synchronized @Nullable Path place() {
        if (closed || ShutdownHook.isClosing() || idle.size() >= MOST) {
            return null;
        }
        GroupDirectory known = directory;
        if (known == null) {
            known = GroupDirectory.make(temporary, "stock");
            directory = known;
        }
        return known.server(Integer.toString(++count));
    }

    /** Not if the stock was emptied since it gave the place: then the directory stays where it is. */
    private synchronized void put(Path data, Path place) throws IOException {
        if (!closed && directory != null && place.startsWith(directory.path())) {
            Files.createDirectory(place, Directories.only("rwx------"));
            Files.move(data, place.resolve("data"));
            idle.addLast(place);
        }
    }

    /** Deletes all that is in it now. */
    void empty() {
        GroupDirectory last;
        synchronized (this) {
            idle.clear();
            last = directory;
            directory = null;
        }
        if (last != null) {
            last.delete();
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        try {
            empty();
        } catch (MiniClusterException e) {
            LOG.warn("could not delete the data directories in stock; a later run will", e);
        }
    }

    @Override
    public String toString() {
        return "the stock of data directories in " + temporary;
    }
}
