package org.pgminicluster.server.container;

import com.github.dockerjava.api.exception.DockerException;

/** Puts one container to sleep and wakes it, whole: what runs in it stands still before the engine is asked to freeze it. */
final class ContainerPause {

    /** What runc says when a process did not stand still in time, on a busy machine or while one waits for its child. */
    private static final String NOT_FROZEN = "unable to freeze";

    private static final int ATTEMPTS = 4;

    private final Backends backends;
    private final PauseNews news;
    private final Runnable freeze;
    private final Runnable thaw;

    /** Freezes and thaws by the engine, whose refusals are {@link DockerException}s. */
    ContainerPause(Backends backends, PauseNews news, Runnable freeze, Runnable thaw) {
        this.backends = backends;
        this.news = news;
        this.freeze = freeze;
        this.thaw = thaw;
    }

    /** A refused one leaves what runs in the container running. */
    void begin() {
        if (!news.isPaused()) {
            backends.stop();
        }
        try {
            freeze(ATTEMPTS);
        } catch (DockerException e) {
            if (!news.isPaused()) {
                backends.goOn();
            }
            throw e;
        }
        news.paused();
    }

    void end() {
        thaw.run();
        news.resumed();
        backends.goOn();
    }

    /** Who could not freeze a container has thawed it again. */
    private void freeze(int attempts) {
        try {
            freeze.run();
        } catch (DockerException e) {
            if (attempts == 1 || !EngineError.messageOf(e).contains(NOT_FROZEN)) {
                throw e;
            }
            freeze(attempts - 1);
        }
    }
}
