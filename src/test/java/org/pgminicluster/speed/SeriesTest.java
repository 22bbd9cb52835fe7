package org.pgminicluster.speed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SeriesTest {

    @Test
    void what_doubles_with_its_size_is_linear() {
        assertThat(series(100, 200, 400).verdict()).isEqualTo("nothing faster than linear");
        assertThat(series(100, 100, 101).verdict()).isEqualTo("nothing faster than linear");
    }

    @Test
    void what_quadruples_is_named_with_its_steepest_step() {
        assertThat(series(100, 250, 1000).verdict())
                .isEqualTo("worse than linear: start ms from 20 to 40 (exponent 2.00)");
    }

    @Test
    void what_takes_next_to_nothing_tells_nothing() {
        assertThat(series(0.1, 0.4, 1.6).verdict()).isEqualTo("nothing faster than linear");
    }

    @Test
    void each_size_is_measured_thrice_after_a_first_time_that_does_not_count() throws Exception {
        List<Integer> asked = new ArrayList<>();
        double[] next = {50, 1, 3, 2, 6, 4, 5};
        Results results = new Results();

        Series series = Series.measure(
                "sums",
                "rows",
                List.of(10, 20),
                size -> {
                    asked.add(size);
                    return Map.of("add ms", next[asked.size() - 1]);
                },
                results);
        series.writeTo(results);

        assertThat(asked).containsExactly(10, 10, 10, 10, 20, 20, 20);
        JsonNode growth = results.root().path("growth").path(0);
        assertThat(growth.toString())
                .isEqualTo("{\"name\":\"sums\",\"by\":\"rows\",\"verdict\":\"nothing faster than linear\","
                        + "\"points\":[{\"size\":10,\"figures\":{\"add ms\":2.0}},{\"size\":20,\"figures\":{\"add"
                        + " ms\":5.0}}],\"exponents\":[{\"figure\":\"add"
                        + " ms\",\"from\":10,\"to\":20,\"exponent\":1.322}]}");
    }

    private static Series series(double... values) {
        List<Series.Point> points = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            points.add(new Series.Point(10 << i, Map.of("start ms", values[i])));
        }
        return new Series("some", "nodes", points);
    }
}
