package org.pgminicluster.speed;

import java.util.List;

/** A part of the page, to be written as HTML and as Markdown. Texts may hold Markdown's code, bold and links. */
sealed interface Block {

    record Heading(int level, String text) implements Block {}

    record Text(String text) implements Block {}

    record Items(List<String> items) implements Block {
        public Items {
            items = List.copyOf(items);
        }
    }

    /** Cells from the second column on are figures if they begin with a digit. */
    record Table(List<String> head, List<List<String>> rows) implements Block {
        public Table {
            head = List.copyOf(head);
            rows = List.copyOf(rows);
        }
    }

    /** What runs in a shell. */
    record Code(String text) implements Block {}

    /** Figures of one unit side by side. */
    record Bars(String title, String unit, List<Bar> bars) implements Block {
        public Bars {
            bars = List.copyOf(bars);
        }

        double greatest() {
            return bars.stream().mapToDouble(Bar::value).max().orElse(1);
        }
    }

    /** A figure; {@code ours} stands out. */
    record Bar(String name, double value, boolean ours) {}

    /** Figures by size, both on logarithmic scales, so that a straight line of slope 1 is linear growth. */
    record Curves(String title, String by, List<Curve> curves) implements Block {
        public Curves {
            curves = List.copyOf(curves);
        }
    }

    record Curve(String name, List<Double> sizes, List<Double> values) {
        public Curve {
            sizes = List.copyOf(sizes);
            values = List.copyOf(values);
        }
    }
}
