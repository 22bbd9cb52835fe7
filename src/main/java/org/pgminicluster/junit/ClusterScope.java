package org.pgminicluster.junit;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.platform.commons.support.AnnotationSupport;

/** What has one cluster: a test, or a class that shares one. JUnit closes the cluster when the scope ends. */
final class ClusterScope {

    private static final Namespace NAMESPACE = Namespace.create(ClusterScope.class);

    private final ExtensionContext owner;
    private final @Nullable Class<?> sharedBy;
    private final @Nullable ExtensionContext lender;

    /**
     * @param owner the test or the class that has the cluster
     * @param sharedBy the class that is {@link Shared}
     * @param lender its context, if it shares servers and no cluster
     */
    private ClusterScope(ExtensionContext owner, @Nullable Class<?> sharedBy, @Nullable ExtensionContext lender) {
        this.owner = owner;
        this.sharedBy = sharedBy;
        this.lender = lender;
    }

    /**
     * Of the nearest class that is {@link Shared}, unless its tests have fresh databases, else of the test; empty outside of
     * a test.
     */
    static Optional<ClusterScope> of(ExtensionContext context) {
        for (Optional<ExtensionContext> c = context.getParent().isEmpty() ? Optional.empty() : Optional.of(context);
                c.isPresent();
                c = c.get().getParent()) {
            ExtensionContext candidate = c.get();
            if (candidate.getElement().orElse(null) instanceof Class<?> type) {
                Optional<Shared> shared = AnnotationSupport.findAnnotation(type, Shared.class);
                if (shared.isPresent()) {
                    return shared.get().freshDatabases()
                            ? context.getTestMethod().map(test -> new ClusterScope(context, type, candidate))
                            : Optional.of(new ClusterScope(candidate, type, null));
                }
            }
        }
        return context.getTestMethod().map(test -> new ClusterScope(context, null, null));
    }

    /**
     * @throws ParameterResolutionException if there is no test yet and no class that shares a cluster
     */
    static ClusterScope of(ClusterParameter asking, ExtensionContext context) {
        return of(context)
                .orElseThrow(() -> new ParameterResolutionException("expected " + asking
                        + (givesFreshDatabases(context)
                                ? " to belong to a test, which alone has fresh databases, but "
                                : " to belong to a test or to a class that is @Shared, but ")
                        + asking.method().getName()
                        + " runs outside of every test; use @BeforeEach or @AfterEach, or "
                        + (givesFreshDatabases(context) ? "take freshDatabases away from " : "put @Shared on ")
                        + context.getRequiredTestClass().getSimpleName()));
    }

    private static boolean givesFreshDatabases(ExtensionContext context) {
        return TestClasses.insideOut(context).stream()
                .flatMap(type -> AnnotationSupport.findAnnotation(type, Shared.class).stream())
                .findFirst()
                .filter(Shared::freshDatabases)
                .isPresent();
    }

    Optional<Class<?>> sharedBy() {
        return Optional.ofNullable(sharedBy);
    }

    /**
     * Whether its cluster is to be had before the copies are there.
     *
     * @throws ParameterResolutionException if that is said where it says nothing about this cluster
     */
    boolean unsynced(ClusterParameter asking, ExtensionContext context) {
        AnnotatedElement has = owner.getElement().orElseThrow();
        Stream.concat(Stream.of(asking.method()), outwards(context).takeWhile(element -> !element.equals(has)))
                .filter(element -> !element.equals(has) && AnnotationSupport.isAnnotated(element, Unsynced.class))
                .findFirst()
                .ifPresent(element -> {
                    throw new ParameterResolutionException("expected @Unsynced to be on " + shown(has)
                            + ", which has the cluster, but was on " + shown(element) + "; move it there");
                });
        return outwards(owner).anyMatch(element -> AnnotationSupport.isAnnotated(element, Unsynced.class));
    }

    /** The elements of a context and of those around it, from the inside out. */
    private static Stream<AnnotatedElement> outwards(ExtensionContext context) {
        return Stream.iterate(Optional.of(context), Optional::isPresent, c -> c.flatMap(ExtensionContext::getParent))
                .flatMap(c -> c.orElseThrow().getElement().stream());
    }

    private static String shown(AnnotatedElement element) {
        return element instanceof Method method
                ? TestNames.plain(method.getDeclaringClass(), method)
                : ((Class<?>) element).getSimpleName();
    }

    /** Where a cluster of this scope keeps its logs, below the directory of all. */
    String name() {
        return TestNames.of(owner);
    }

    /** Made when it is first asked for. */
    ClusterHolder holder() {
        return Stored.in(store(), key(), ClusterHolder::new, ClusterHolder.class);
    }

    /** The one that is there already. */
    Optional<ClusterHolder> existing() {
        return Optional.ofNullable(store().get(key(), ClusterHolder.class));
    }

    /** By the class too: a store shows what is in those around it, and a class may share inside of one that shares. */
    private String key() {
        return sharedBy == null || lender != null ? "cluster" : "cluster of " + sharedBy.getName();
    }

    private Store store() {
        return owner.getStore(NAMESPACE);
    }

    /** The servers that are lent to its cluster; empty if that has servers of its own. */
    Optional<ServersHolder> servers() {
        return Optional.ofNullable(lender)
                .map(context -> Stored.in(
                        context.getStore(NAMESPACE),
                        "servers of " + Objects.requireNonNull(sharedBy).getName(),
                        () -> new ServersHolder(TestNames.of(context)),
                        ServersHolder.class));
    }
}
