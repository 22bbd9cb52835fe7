package org.pgminicluster.server.container;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.PullResponseItem;
import java.io.Closeable;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.ServerSettings;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.ImageNameSubstitutor;

/**
 * The image of PostgreSQL that was asked for, present at the engine.
 *
 * @param id changes when the name comes to mean another image
 */
record BaseImage(String name, String id) {

    private static final Duration PULL = Duration.ofSeconds(20);

    /** One attempt for each name in a JVM: every test that asks would wait as long again. */
    private static final Map<String, Pull> PULLS = new ConcurrentHashMap<>();

    /** {@code postgres:13} for 13, {@code postgres:16-alpine} for 16-alpine, otherwise what was asked for. */
    static String nameOf(ServerSettings settings) {
        return settings.isVersion() ? "postgres:" + settings.postgres() : settings.postgres();
    }

    /**
     * @throws Unavailable if the image is neither present nor pulled in time; the pull goes on in the background
     */
    static BaseImage require(Engine engine, ServerSettings settings) throws Unavailable {
        DockerImageName name = substituted(settings);
        Optional<BaseImage> present = find(engine, name.asCanonicalNameString());
        if (present.isPresent()) {
            return present.get();
        }
        Duration patience = settings.scaled(PULL);
        String failure = pull(engine, name, patience);
        return find(engine, name.asCanonicalNameString())
                .orElseThrow(() -> new Unavailable(
                        "expected the image " + name + " to be present or pulled within " + patience.toSeconds()
                                + " s, but was not (" + failure + ")",
                        "run docker pull " + name + " or scripts/build-postgres-image",
                        null));
    }

    static boolean isPresent(Engine engine, ServerSettings settings) {
        return find(engine, substituted(settings).asCanonicalNameString()).isPresent();
    }

    /** As Testcontainers would have it, from a mirror for instance. */
    private static DockerImageName substituted(ServerSettings settings) {
        return ImageNameSubstitutor.instance().apply(DockerImageName.parse(nameOf(settings)));
    }

    private static Optional<BaseImage> find(Engine engine, String name) {
        try {
            String id = engine.client().inspectImageCmd(name).exec().getId();
            return Optional.of(new BaseImage(name, String.valueOf(id)));
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    /** What came of it, as far as is known in time. */
    private static String pull(Engine engine, DockerImageName name, Duration patience) {
        Pull pull = PULLS.computeIfAbsent(name.asCanonicalNameString(), any -> Pull.start(engine, name));
        long left = patience.toNanos() - (System.nanoTime() - pull.since);
        try {
            return pull.outcome.get(Math.max(0, left), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return "still being pulled";
        } catch (ExecutionException e) {
            return EngineError.messageOf(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MiniClusterException("interrupted while " + name + " was pulled", e);
        }
    }

    /** Unlike docker-java's own it keeps a failure to itself, which is told in one sentence and not logged at length. */
    private static final class Pull implements ResultCallback<PullResponseItem> {
        private final long since = System.nanoTime();
        private final CompletableFuture<String> outcome = new CompletableFuture<>();
        private volatile @Nullable String refusal;

        static Pull start(Engine engine, DockerImageName name) {
            Pull pull = new Pull();
            engine.client()
                    .pullImageCmd(name.getUnversionedPart())
                    .withTag(name.getVersionPart())
                    .exec(pull);
            return pull;
        }

        @Override
        public void onStart(Closeable stream) {}

        @Override
        public void onNext(PullResponseItem item) {
            if (item.isErrorIndicated() && item.getErrorDetail() != null) {
                refusal = item.getErrorDetail().getMessage();
            }
        }

        @Override
        public void onError(Throwable failure) {
            outcome.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            String message = refusal;
            outcome.complete(message == null ? "pulled, but not there" : message);
        }

        @Override
        public void close() {}
    }
}
