package org.pgminicluster.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.FileSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.pgminicluster.junit.ScenarioSamples.Behaviours;
import org.pgminicluster.junit.ScenarioSamples.Ordinary;

/** The listener is told of all tests of a project, of other engines too. */
class ScenarioTest {

    @Test
    void a_method_of_a_class_with_clusters_is_one_with_its_behaviours() {
        assertThat(Scenario.of(MethodSource.from(Behaviours.class.getName(), "of_both")))
                .contains(new Scenario(Behaviours.class.getName() + "#of_both", List.of("method", "another", "class")));
    }

    @Test
    void a_class_with_clusters_is_one() {
        assertThat(Scenario.of(ClassSource.from(Behaviours.class)))
                .contains(new Scenario(Behaviours.class.getName(), List.of("class")));
    }

    @Test
    void no_other_test_is_one_even_if_it_is_no_class_or_method_of_java() {
        assertThat(List.of(
                        ClassSource.from(Ordinary.class),
                        ClassSource.from("Feature: a cucumber's"),
                        MethodSource.from(Ordinary.class.getName(), "a method that Java cannot name"),
                        MethodSource.from("Feature: a cucumber's", "step"),
                        FileSource.from(new File("a.feature"))))
                .allSatisfy(source -> assertThat(Scenario.of(source)).isEmpty());
    }
}
