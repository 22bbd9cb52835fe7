package org.pgminicluster.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.apiguardian.api.API;

/**
 * Names the static field, or the static method without parameters, that has the {@link
 * org.pgminicluster.topology.Topology}. The annotation may stand on the test method or one of its parameters, or on
 * the class or one around it; the nearest counts. On an annotation of your own it gives a topology a name, as {@link
 * Homework} does.
 *
 * <pre>{@code
 * @MiniClusterTest
 * @TopologyFrom("SHOP")
 * class ShopIT {
 *
 *     static final Topology SHOP = Topology.named("shop")
 *             .schema("CREATE TABLE item (id integer PRIMARY KEY, name text)")
 *             .node("till", n -> n.publishes("items", "item"))
 *             .node("copy", n -> n.subscribes("items", "till", "items"))
 *             .build();
 *
 *     @Test
 *     void an_item_arrives(MiniCluster cluster, Node till, Node copy) {
 *         till.execute("INSERT INTO item VALUES (1, 'tea')");
 *         assertThat(cluster).table("item").convergesOn("till", "copy");
 *     }
 * }
 * }</pre>
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.PARAMETER, ElementType.ANNOTATION_TYPE})
@API(status = API.Status.MAINTAINED)
public @interface TopologyFrom {

    /** {@code NAME} of the test class or a class around it, or {@code fully.qualified.Class#NAME}. */
    String value();
}
