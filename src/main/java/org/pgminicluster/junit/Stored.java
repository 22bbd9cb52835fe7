package org.pgminicluster.junit;

import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext.Store;

/** What is made once and kept in a store of JUnit's. */
final class Stored {

    private Stored() {}

    @SuppressWarnings("deprecation") // its successor, computeIfAbsent, came with JUnit 6
    static <T> T in(Store store, String key, Supplier<T> make, Class<T> type) {
        return Objects.requireNonNull(store.getOrComputeIfAbsent(key, unused -> make.get(), type));
    }
}
