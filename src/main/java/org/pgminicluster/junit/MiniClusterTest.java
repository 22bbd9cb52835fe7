package org.pgminicluster.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.concurrent.TimeUnit;
import org.apiguardian.api.API;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives each test method a cluster of its own, for parameters of type {@link org.pgminicluster.cluster.MiniCluster} and
 * {@link org.pgminicluster.cluster.Node}; a node's parameter is named like the node, or says it by {@link On}. {@code
 * @BeforeEach} and {@code @AfterEach} methods get the same cluster as their test. A test that asks for none starts none.
 *
 * <p>Which cluster: {@link TopologyFrom}, or an annotation that has it, such as {@link Homework}, on the method, one of
 * its parameters, or a class around it; the nearest counts. {@link Shared} makes one cluster serve a whole class.
 *
 * <p>A test begins when all that its subscriptions copy is copied; {@link Unsynced} lets it begin earlier.
 *
 * <p>A test may take two minutes, not counting the start of its cluster, which has a timeout of its own; JUnit's {@link
 * Timeout} on the class or the method says otherwise. A test that fails, by its time too, says what the cluster looked
 * like. It is shown by its method's name with spaces for underscores.
 *
 * <p>Servers run as {@code minicluster.servers} and the other properties of that name say: as system properties or as
 * JUnit's configuration parameters, in {@code junit-platform.properties} for instance.
 *
 * <pre>{@code
 * @MiniClusterTest
 * @Homework
 * class ReadOnlyCopyTest {
 *
 *     @Test
 *     void a_row_arrives(MiniCluster cluster, Node vm1) {
 *         vm1.execute("INSERT INTO test VALUES (1, 'one')");
 *         assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
 *     }
 * }
 * }</pre>
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@ExtendWith(MiniClusterExtension.class)
@DisplayNameGeneration(ClaimNames.class)
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@API(status = API.Status.MAINTAINED)
public @interface MiniClusterTest {}
